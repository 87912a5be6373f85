"""The mail server's words, fit to be kept and shown to the clerk.

Servers repeat the address they refuse, and our own logs and tables hold none.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

LONGEST: Final = 300
#: This many last digits identify a phone number, with or without its country code.
_TAIL: Final = 8
# Whatever has an @ in it, with the brackets and quotes around it.
_ADDRESS: Final = re.compile(r"[<\"'(\[]*\S*@\S*")
_GAP: Final = re.compile(r"\s+")
#: `550` or `550 5.1.1`, before the words (RFC 5321, 4.2; RFC 3463).
_CODES: Final = re.compile(r"\s*[245]\d\d(?:[ -][245]\.\d{1,3}\.\d{1,3})?(?![\w.@+-])")


def without_addresses(answer: str, *, to: str = "", also: Iterable[str] = ()) -> str:
    """The answer on one line without any address, at most 300 characters.

    `to` is the recipient: a server may name the mailbox alone ("no such user
    an.peeters"), so its local part goes as well; of a phone number, the number.
    `also` are other addresses that it may mean: one that mail was sent on to. The
    codes in front stay, also when a mailbox is called like one.
    """
    kept = answer
    if to.startswith("+"):
        # Match any signs between the digits; a gateway may leave out the country code.
        digits = r"[\s./()-]*".join(re.sub(r"\D", "", to)[-_TAIL:])
        kept = re.sub(rf"\+?[\d\s./()-]*{digits}", " ", _ADDRESS.sub(" ", kept))
    else:
        codes = _CODES.match(kept)
        head = codes[0] if codes else ""
        kept = head + _without_mailboxes(kept[len(head) :], [to, *also])
    kept = "".join(
        " " if unicodedata.category(character)[0] == "C" else character
        for character in kept
    )
    return _GAP.sub(" ", kept).strip()[:LONGEST]


def _without_mailboxes(words: str, addresses: Iterable[str]) -> str:
    kept = _ADDRESS.sub(" ", words)
    for address in addresses:
        local_part = address.rpartition("@")[0].strip('"')
        if local_part:
            named = rf"(?<!\w){re.escape(local_part)}(?!\w)"
            kept = re.sub(named, " ", kept, flags=re.IGNORECASE)
    return kept


def in_words(code: int, reply: bytes | str) -> str:
    """An SMTP reply as text: `550 5.1.1 Mailbox unknown`."""
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"{code} {text}"

"""Clean a server's answer, so that it can be stored and shown to the clerk.

Servers repeat the address that they refuse; our logs and tables must not contain it.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

LONGEST: Final = 300
#: So many of its last digits identify a phone number, with or without country code.
_TAIL: Final = 8
#: As many characters may stand before these digits: `+32 (0) 4`, `0032 / `.
_LONGEST_COUNTRY: Final = 12
#: A word, which is removed when it contains an @. A pattern with the @ in it would try
#: a long word without one from each of its characters on: a server that answers with
#: some thousand brackets would keep the sender busy for minutes.
_WORD: Final = re.compile(r"\S+")
_GAP: Final = re.compile(r"\s+")
#: The codes before the words: `550` or `550 5.1.1` (RFC 5321, 4.2; RFC 3463).
_CODES: Final = re.compile(r"\s*[245]\d\d(?:[ -][245]\.\d{1,3}\.\d{1,3})?(?![\w.@+-])")


def without_addresses(answer: str, *, to: str = "", also: Iterable[str] = ()) -> str:
    """Return the answer on one line, without any address, at most 300 characters.

    `to` is the recipient. Of a mail address its local part is removed too, because a
    server may name the mailbox alone ("no such user an.peeters"); a phone number is
    removed with or without its country code. `also` are other addresses that the answer
    may name, such as one that the mail was forwarded to. The status codes at the
    beginning stay, even if a mailbox has the same name.
    """
    kept = answer
    if to.startswith("+"):
        # Match any signs between the digits; a gateway may leave out the country code.
        digits = r"[\s./()-]*".join(re.sub(r"\D", "", to)[-_TAIL:])
        country = rf"\+?[\d\s./()-]{{0,{_LONGEST_COUNTRY}}}"
        kept = re.sub(country + digits, " ", _without_mail_addresses(kept))
    else:
        codes = _CODES.match(kept)
        head = codes[0] if codes else ""
        kept = head + _without_mailboxes(kept[len(head) :], [to, *also])
    kept = "".join(
        " " if unicodedata.category(character)[0] == "C" else character
        for character in kept
    )
    return _GAP.sub(" ", kept).strip()[:LONGEST]


def _without_mail_addresses(words: str) -> str:
    return _WORD.sub(lambda word: " " if "@" in word[0] else word[0], words)


def _without_mailboxes(words: str, addresses: Iterable[str]) -> str:
    kept = _without_mail_addresses(words)
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

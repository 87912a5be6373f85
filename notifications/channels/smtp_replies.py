"""What a mail server's reply says, and what it means for a mail.

A reply is one line or more, `250-` before each but the last. Servers that are broken or
hostile never end one: it is cut off by its length here, and by time where it is read.
"""

from typing import Final

import structlog
from django.utils.translation import gettext_noop

from notifications.channels.answers import in_words
from notifications.exceptions import PutOffError, RefusedError, UnknownError

log = structlog.get_logger("sleutelloket.delivery")

#: Bytes of one reply. That to EHLO, the longest, has less than a tenth of it.
LONGEST: Final = 32 * 1024
#: It hangs up, whatever it was told.
CLOSING: Final = 421
#: The code of a reply that has none.
NO_CODE: Final = -1

NEITHER: Final = gettext_noop(
    "The mail server was given the mail and said neither yes nor no."
)

Reply = tuple[int, bytes]


def first_reply(received: bytes) -> tuple[Reply, bytes] | None:
    """Code and words of the first reply, and what came after it; None while it has not
    come whole. What has no three digits in front has `NO_CODE`, and ends with its line.
    """
    words: list[bytes] = []
    rest = received
    while True:
        line, end, rest = rest.partition(b"\n")
        if not end:
            return None
        words.append(line[4:].strip())
        code = int(line[:3]) if line[:3].isdigit() else NO_CODE
        if code == NO_CODE or line[3:4] != b"-":
            return (code, b"\n".join(words)), rest


def judge(code: int, reply: bytes | str) -> None:
    """Raise the error for a server that refuses the recipient, or any text at all.

    Nothing was sent yet, so whatever is no refusal can be tried again.
    """
    if 500 <= code < 600:
        raise RefusedError(in_words(code, reply)) from None
    is_closing = code == CLOSING
    raise PutOffError(in_words(code, reply), is_of_server=is_closing) from None


def judge_text(code: int, reply: bytes | str) -> None:
    """Raise what the answer to a whole text means, unless it is a yes.

    A reply that is neither yes, nor no, nor later leaves it unknown: the person may
    have the mail.
    """
    if 200 <= code < 300:
        return
    if 400 <= code < 600:
        judge(code, reply)
    log.warning("mail_server_said_neither", code=code)
    raise UnknownError(NEITHER) from None

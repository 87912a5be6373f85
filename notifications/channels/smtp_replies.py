"""Parse a mail server's reply, and decide what it means for a mail.

A reply has one line or more; each line but the last begins like `250-`. A broken or
hostile server may never end a reply, so its reader (smtp) limits its length and time.
"""

from typing import Final

import structlog
from django.utils.translation import gettext_noop

from notifications.channels.answers import in_words
from notifications.exceptions import PutOffError, RefusedError, UnknownError

log = structlog.get_logger("sleutelloket.delivery")

#: The size in bytes of the longest reply that is read. The reply to EHLO is the longest
#: that is usual, and has less than a tenth of it.
LONGEST: Final = 32 * 1024
#: The server closes the connection, whatever the command was.
CLOSING: Final = 421
#: Stands for the code of a reply that begins with no code.
NO_CODE: Final = -1

NEITHER: Final = gettext_noop(
    "The mail server was given the mail and said neither yes nor no."
)

Reply = tuple[int, bytes]


def first_reply(received: bytes) -> tuple[Reply, bytes] | None:
    """Parse the first reply: its code and words, and the bytes that came after it.

    Returns None while the reply is not complete. A line that does not begin with three
    digits ends the reply, and its code is `NO_CODE`.
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
    """Raise RefusedError for a reply of 5xx, and PutOffError for any other code.

    It is called when the server has not taken the mail: whatever is no refusal can be
    tried again.
    """
    if 500 <= code < 600:
        raise RefusedError(in_words(code, reply)) from None
    is_closing = code == CLOSING
    raise PutOffError(in_words(code, reply), is_of_server=is_closing) from None


def judge_text(code: int, reply: bytes | str) -> None:
    """Return if the answer to a whole text is a success (2xx); raise its error
    otherwise.

    A reply that is not 2xx, 4xx or 5xx raises UnknownError: the person may have the
    mail.
    """
    if 200 <= code < 300:
        return
    if 400 <= code < 600:
        judge(code, reply)
    log.warning("mail_server_said_neither", code=code)
    raise UnknownError(NEITHER) from None

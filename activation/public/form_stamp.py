"""The stamp of a form that anybody may send: when it was shown, and which one it is.

Keeps robots off without a third party and without a cookie that follows anybody. The
stamp is `<submission>:<seconds>`, signed with the secret key, in a hidden field: a
robot has to fetch the form for each message and wait like a person, and sending one
form twice is one message (`submission`, a UUID, is unique in counter.models.Enquiry).
A person who goes back and writes another one gets a new stamp with it.
"""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Final

from django.core.signing import BadSignature, Signer

#: Nobody reads, writes and sends faster.
AT_LEAST: Final = timedelta(seconds=3)
#: A page may stay open overnight.
AT_MOST: Final = timedelta(days=1)
_SIGNER: Final = Signer(salt="activation.public.form_stamp")


class StampError(Exception):
    """Unreadable, made elsewhere, or too old: the form needs a new one."""


class TooFastError(StampError):
    """Sent within three seconds of being shown; the same stamp works a moment later."""


def make(*, at: datetime) -> str:
    """A stamp for a form shown at this instant."""
    return _SIGNER.sign(f"{uuid.uuid4().hex}:{int(at.timestamp())}")


def read(stamp: str, *, at: datetime) -> uuid.UUID:
    """The submission of a form sent at this instant; raises StampError."""
    try:
        submission, _, seconds = _SIGNER.unsign(stamp).partition(":")
        shown = datetime.fromtimestamp(int(seconds), tz=UTC)
        read_submission = uuid.UUID(hex=submission)
    except (BadSignature, ValueError):
        raise StampError from None
    if at - shown > AT_MOST:
        raise StampError
    if at - shown < AT_LEAST:
        raise TooFastError
    return read_submission

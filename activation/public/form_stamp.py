"""The stamp in a form that anybody may send, against robots.

It needs no third party and no tracking cookie. The stamp is `<submission>:<seconds>`,
signed with the secret key, in a hidden field; the seconds say when the form was shown.
So a robot has to load the form for each message and wait like a person. Sending one
form twice gives one message, because `submission`, a UUID, is unique in
counter.models.Enquiry. When a person goes back and sends another message with the same
stamp, it is refused, and the form gets a new stamp.
"""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Final

from django.core.signing import BadSignature, Signer

#: No person can read, fill in and send the form faster.
AT_LEAST: Final = timedelta(seconds=3)
#: A page may stay open overnight.
AT_MOST: Final = timedelta(days=1)
_SIGNER: Final = Signer(salt="activation.public.form_stamp")


class StampError(Exception):
    """The stamp is unreadable, not signed by us, or too old: make a new one."""


class TooFastError(StampError):
    """The form was sent within three seconds; the same stamp works a moment later."""


def make(*, at: datetime) -> str:
    """A stamp for a form shown at this instant."""
    return _SIGNER.sign(f"{uuid.uuid4().hex}:{int(at.timestamp())}")


def read(stamp: str, *, at: datetime) -> uuid.UUID:
    """The `submission` of a form that was sent at this instant.

    Raises StampError, or TooFastError when it was shown less than AT_LEAST before.
    """
    try:
        submission, _, seconds = _SIGNER.unsign(stamp).partition(":")
        shown_at = datetime.fromtimestamp(int(seconds), tz=UTC)
        read_submission = uuid.UUID(hex=submission)
    except (BadSignature, ValueError):
        raise StampError from None
    if at - shown_at > AT_MOST:
        raise StampError
    if at - shown_at < AT_LEAST:
        raise TooFastError
    return read_submission

"""The challenges that passkeys sign: random bytes, valid once and for one session.

The session has the bytes, the table their digest. The table is needed because a
session is saved as a whole: a request running at the same time could write a used
challenge back into it. A deleted row stays deleted.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from django.db.models import QuerySet
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from counter.models import Clerk, PasskeyChallenge

LIVES: Final = timedelta(minutes=5)
_BYTES: Final = 32


class Purpose(Enum):
    """What the answer is for. The value is the challenge's key in the session."""

    ADD = "passkey_to_add"
    SIGN_IN = "passkey_to_sign_in"


@sensitive_variables()
def ask(request: HttpRequest, clerk: Clerk, purpose: Purpose, *, at: datetime) -> bytes:
    """Make a new challenge; the session's former one for this purpose ends."""
    _delete(request.session.pop(purpose.value, ""), clerk, at=at)
    challenge = secrets.token_bytes(_BYTES)
    PasskeyChallenge.objects.create(mark=_mark(challenge), clerk=clerk, asked_at=at)
    request.session[purpose.value] = challenge.hex()
    return challenge


@sensitive_variables()
def take(
    request: HttpRequest, clerk: Clerk, purpose: Purpose, *, at: datetime
) -> bytes | None:
    """Use up and return the session's challenge for this clerk.

    None when there is none, when it is older than five minutes, or was used before.
    """
    kept = request.session.pop(purpose.value, "")
    return bytes.fromhex(kept) if _delete(kept, clerk, at=at) else None


def purge(*, at: datetime) -> int:
    """Delete the challenges that were not answered in time; return how many."""
    return unanswered(at).delete()[0]


def unanswered(at: datetime) -> QuerySet[PasskeyChallenge]:
    """The challenges that were not answered in time: they are of no more use."""
    return PasskeyChallenge.objects.filter(asked_at__lte=at - LIVES)


@sensitive_variables()
def _delete(kept: str, clerk: Clerk, *, at: datetime) -> bool:
    """Delete the row of a challenge; return whether it existed and was still valid.

    It is a single DELETE, so only one of several requests gets True.
    """
    if not kept:
        return False
    rows = PasskeyChallenge.objects.filter(
        mark=_mark(bytes.fromhex(kept)), clerk=clerk, asked_at__gt=at - LIVES
    )
    return bool(rows.delete()[0])


def _mark(challenge: bytes) -> bytes:
    return hashlib.sha256(challenge).digest()

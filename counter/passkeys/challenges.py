"""What a passkey is asked to sign: random bytes, taken once, by who was given them.

The session keeps the bytes and the table their digest. A session is saved whole, so
what was under way would write used bytes back there; a deleted row stays deleted.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from counter.models import Clerk, PasskeyChallenge

LIVES: Final = timedelta(minutes=5)
_BYTES: Final = 32


class Purpose(Enum):
    """What the answer is for; each has its own place in the session."""

    ADD = "passkey_to_add"
    SIGN_IN = "passkey_to_sign_in"


@sensitive_variables()
def ask(request: HttpRequest, clerk: Clerk, purpose: Purpose, *, at: datetime) -> bytes:
    """New bytes; those this session was given before count no more."""
    _delete(request.session.pop(purpose.value, ""), clerk, at=at)
    challenge = secrets.token_bytes(_BYTES)
    PasskeyChallenge.objects.create(mark=_mark(challenge), clerk=clerk, asked_at=at)
    request.session[purpose.value] = challenge.hex()
    return challenge


@sensitive_variables()
def take(
    request: HttpRequest, clerk: Clerk, purpose: Purpose, *, at: datetime
) -> bytes | None:
    """The bytes that this session was given for this clerk; None where they are older
    than five minutes, were taken before, or none were given.
    """
    kept = request.session.pop(purpose.value, "")
    return bytes.fromhex(kept) if _delete(kept, clerk, at=at) else None


def purge(*, at: datetime) -> int:
    """Delete what nobody answered in time; returns how many."""
    return PasskeyChallenge.objects.filter(asked_at__lte=at - LIVES).delete()[0]


@sensitive_variables()
def _delete(kept: str, clerk: Clerk, *, at: datetime) -> bool:
    """Whether the row was there, and young enough: one DELETE, so only once."""
    if not kept:
        return False
    rows = PasskeyChallenge.objects.filter(
        mark=_mark(bytes.fromhex(kept)), clerk=clerk, asked_at__gt=at - LIVES
    )
    return bool(rows.delete()[0])


def _mark(challenge: bytes) -> bytes:
    return hashlib.sha256(challenge).digest()

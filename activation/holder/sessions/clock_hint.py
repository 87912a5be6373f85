"""Telling a holder that the clock of the phone is wrong, without helping a guesser.

Whoever sets an app up has its secret on the page, so its first digits may be compared
with those of an hour around (activation.one_time.app_digits). Here the secret is not
shown: to say of one guess that it will be right in ten minutes would make guessing 260
times easier. So it takes two: digits of two different moments that are equally far off,
which a wrong clock shows each time, and a guess less often than once in a thousand
million. Each of them is counted as a wrong try.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from django.http import HttpRequest

from activation.exceptions import (
    ClockOffError,
    DigitsOfAnotherTimeError,
    WrongDigitsError,
)
from activation.holder.sessions.holder_session import ClockSeen, HolderSession
from activation.journey.digits_context import NOT_OF_NOW
from activation.models import DigitalKey
from counter.sign_in import totp

#: Steps by which two distances of one clock may differ: one types sooner or later.
_ALIKE: Final = 1


def sentence(
    request: HttpRequest, key: DigitalKey, error: WrongDigitsError, *, at: datetime
) -> str:
    """What to say about wrong digits; what they were is kept in the session.

    Something is kept whatever was typed, so that nobody can see whether it mattered.
    """
    here = HolderSession.here(request)
    if not isinstance(error, DigitsOfAnotherTimeError):
        replace(here, clock=None).save(request)
        return str(error) or str(NOT_OF_NOW)
    seen = ClockSeen(key.pk, error.step, error.distance)
    replace(here, clock=seen).save(request)
    if here.clock and _is_one_clock(here.clock, seen):
        return str(ClockOffError(minutes=totp.minutes_of(seen.distance), at=at))
    return str(NOT_OF_NOW)


def _is_one_clock(before: ClockSeen, now: ClockSeen) -> bool:
    return (
        before.key_id == now.key_id
        and before.step != now.step
        and abs(before.distance - now.distance) <= _ALIKE
    )

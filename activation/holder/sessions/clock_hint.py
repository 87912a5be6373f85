"""Telling a holder that the phone's clock is wrong, without helping an attacker guess.

While an app is set up, its secret is on the page, so that its first digits may be
compared with those of an hour around (activation.one_time.app_digits). Afterwards the
secret is not shown, and saying that a guess will be right in ten minutes would make
guessing 260 times easier. So the hint needs digits of two different moments that are
equally far from the right time. A wrong clock gives such digits every time; two guesses
do so less often than once in a thousand million. Each try is counted as wrong.
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

#: By how many steps two distances of one clock may differ, because a person does not
#: type at the same moment of a step each time.
_ALIKE: Final = 1


def sentence(
    request: HttpRequest, key: DigitalKey, error: WrongDigitsError, *, at: datetime
) -> str:
    """The text about wrong digits. The session stores of which moment they were.

    The session is saved after every wrong try, so that the time of the answer does not
    reveal whether the digits were those of another moment.
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

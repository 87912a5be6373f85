"""Telling a holder that the clock of the phone is wrong, without helping a guesser.

Whoever sets an app up has its secret on the page, so its first digits may be compared
with those of an hour around (activation.one_time.app_digits). Here the secret is not
shown: to say of one guess that it will be right in ten minutes would make guessing 260
times easier. So it takes two: digits of two different moments that are equally far off,
which a wrong clock shows each time, and a guess less often than once in a thousand
million. Each of them is counted as a wrong try.
"""

from datetime import datetime
from typing import Final

from django.http import HttpRequest

from activation.exceptions import (
    ClockOffError,
    DigitsOfAnotherTimeError,
    WrongDigitsError,
)
from activation.holder.sessions import stages
from activation.journey.digits_context import NOT_OF_NOW
from activation.models import DigitalKey
from counter.sign_in import totp

#: Steps by which two distances of one clock may differ: one types sooner or later.
_ALIKE: Final = 1


def sentence(
    request: HttpRequest, key: DigitalKey, error: WrongDigitsError, *, at: datetime
) -> str:
    """What to say of digits that are wrong; what was seen is kept in the session.

    Kept whatever it was: that something was kept must not show.
    """
    if not isinstance(error, DigitsOfAnotherTimeError):
        stages.swap_clock(request, None)
        return str(error) or str(NOT_OF_NOW)
    before = stages.swap_clock(request, [str(key.pk), error.step, error.distance])
    if _is_one_clock(before, key, error):
        return str(ClockOffError(minutes=totp.minutes_of(error.distance), at=at))
    return str(NOT_OF_NOW)


def _is_one_clock(
    before: object, key: DigitalKey, error: DigitsOfAnotherTimeError
) -> bool:
    match before:
        case [str() as pk, int() as step, int() as distance]:
            return (
                pk == str(key.pk)
                and step != error.step
                and abs(distance - error.distance) <= _ALIKE
            )
    return False

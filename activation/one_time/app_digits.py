"""Checking the first digits of an app, and recognising a phone with a wrong clock.

The digits of an active app are checked in activation.holder.proving.
"""

from datetime import datetime

from django.views.decorators.debug import sensitive_variables

from activation.exceptions import ClockOffError, UsedDigitsError, WrongDigitsError
from activation.models import DigitalKey
from counter.sign_in import totp


@sensitive_variables()
def first_step(key: DigitalKey, typed: str, *, at: datetime) -> int:
    """Return the time step of the first digits of an app. Later digits must be newer.

    Use it only for the page that sets up the app. That page shows the secret, so tries
    need no limit, and the page may say that the phone's clock is wrong: the digits only
    prove that the app works. Raises ClockOffError or WrongDigitsError.
    """
    step = totp.matching_step(key.secret, typed, at=at)
    if step is not None:
        return step
    minutes = totp.minutes_off(key.secret, typed, at=at)
    if minutes is None:
        raise WrongDigitsError("")
    raise ClockOffError(minutes=minutes, at=at)


def use_up(key: DigitalKey, step: int) -> None:
    """Mark an app's time step as used; UsedDigitsError when it is not a newer one."""
    older = DigitalKey.objects.filter(pk=key.pk, last_step__lt=step)
    if not older.update(last_step=step):
        raise UsedDigitsError

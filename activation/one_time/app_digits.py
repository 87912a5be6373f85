"""The digits that confirm an app just set up, and what a wrong clock looks like."""

from datetime import datetime

from django.views.decorators.debug import sensitive_variables

from activation.exceptions import ClockOffError, WrongDigitsError
from activation.models import DigitalKey
from counter.sign_in import totp


@sensitive_variables()
def first_step(key: DigitalKey, typed: str, *, at: datetime) -> int:
    """The time step of the digits typed from a new app; later steps must be newer.

    Only for the page that sets the app up. Who sees it has the secret in front of them,
    so tries need no limit, and the page may say that the phone's clock is wrong. The
    digits only show that the app works. Raises ClockOffError or WrongDigitsError.
    """
    step = totp.matching_step(key.secret, typed, at=at)
    if step is not None:
        return step
    minutes = totp.minutes_off(key.secret, typed, at=at)
    if minutes is None:
        raise WrongDigitsError("")
    raise ClockOffError(minutes=minutes, at=at)

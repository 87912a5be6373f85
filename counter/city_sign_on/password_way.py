"""Whether an account may still sign in with its password, where the city signs on.

An account that is linked signs in by the city alone: a role or an account that the city
takes away would otherwise live on behind a password. PASSWORD_SIGN_IN_ONLY_FOR closes
the password for everybody but the accounts that it names, which get in when the city's
sign-on is down.
"""

from django.conf import settings

from counter.city_sign_on import provider
from counter.city_sign_on.refusals import CityRefusedError, Why
from counter.journal import journal
from counter.journal.events import Event
from counter.models import CityIdentity, Clerk


def check(clerk: Clerk) -> None:
    """Raises CityRefusedError, and journals it, when it is closed for this one."""
    if is_open(clerk):
        return
    why = Why.PASSWORD_CLOSED
    details = {"account": clerk.get_username(), "why": why}
    journal.write(Event.CITY_REFUSED, details, office=clerk.office)
    raise CityRefusedError(why)


def is_open(clerk: Clerk) -> bool:
    if provider.find() is None:
        return True
    kept = settings.PASSWORD_SIGN_IN_ONLY_FOR
    if kept:
        return clerk.get_username() in kept
    return not CityIdentity.objects.filter(pk=clerk.pk).exists()

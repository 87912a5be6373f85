"""Decides whether an account may sign in with its password, next to the city's sign-on.

A linked account may not. Otherwise a person could still sign in with a password after
the city took away their role or account. With PASSWORD_SIGN_IN_ONLY_FOR, the accounts
that it names may use a password, also linked ones, and no others: they are the office's
way in when the city's sign-on is down.
"""

from django.conf import settings

from counter.city_sign_on import provider
from counter.city_sign_on.refusals import CityRefusedError, Why
from counter.journal import journal
from counter.journal.events import Event
from counter.models import CityIdentity, Clerk


def check(clerk: Clerk) -> None:
    """Raises CityRefusedError, with a journal entry, when the account may not."""
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

"""Allows one session for each account (docs/security.md#sessions).

Signing in increments the `session_epoch` of the clerk's sign-in record, and each
session stores the number with which it began. A session with an older number ends at
its next request. The database increments one after the other, so of two simultaneous
sign-ins exactly one keeps its session.
"""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth import login
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, SignInRecord
from counter.sign_in.session_end import SessionEnd

#: The longest session. The cookie lives an hour longer (settings.SESSION_COOKIE_AGE).
STAFF_HOURS: Final = 10
EPOCH: Final = "session_epoch"
#: The key in the session of a clerk who signed in by the city's sign-on.
BY_CITY: Final = "by_city_sign_on"


@transaction.atomic
def begin(request: HttpRequest, clerk: Clerk, *, by_city: bool = False) -> None:
    """Sign the clerk in after all steps, and end all other sessions of the account.

    `by_city` is true for the city's sign-on (counter.city_sign_on).
    """
    # Lock the account before its sign-in record, as choosing a password does; another
    # order would lead to deadlocks.
    login(request, clerk)
    end_all(clerk)
    request.session[EPOCH] = clerk.sign_in.session_epoch
    if by_city:
        request.session[BY_CITY] = True
    else:
        request.session.pop(BY_CITY, None)
    _set_begun(clerk, timezone.now())
    event = Event.SIGNED_IN_BY_CITY if by_city else Event.SIGNED_IN
    journal.write(event, clerk=clerk)


@transaction.atomic
def end_all(clerk: Clerk, *, why: SessionEnd = SessionEnd.ELSEWHERE) -> None:
    """End all sessions of the account, and load `clerk.sign_in` with the new number.

    `why` is the reason that the clerk reads in an ended session. The row stays locked
    until the number is read, so no other sign-in gets the same.
    """
    rows = SignInRecord.objects.filter(clerk=clerk)
    rows.update(
        session_epoch=F("session_epoch") + 1,
        session_ended_by=why,
        signed_in_at=None,
        screen_locked_at=None,
        change_to_show=None,
        desk=None,
        desk_since=None,
    )
    clerk.sign_in = rows.get()


def sign_out(request: HttpRequest, clerk: Clerk) -> None:
    """Note that this request's session ended, unless a newer session has begun."""
    if not is_over(request, clerk):
        _set_begun(clerk, None)


def since(clerk: Clerk, *, at: datetime) -> datetime | None:
    """When the account's present session began; None when there is none."""
    begun = clerk.sign_in.signed_in_at
    longest = timedelta(hours=STAFF_HOURS)
    return begun if begun and at - begun < longest else None


def _set_begun(clerk: Clerk, at: datetime | None) -> None:
    SignInRecord.objects.filter(clerk=clerk).update(signed_in_at=at)


@transaction.atomic
def end_for(*, clerk: Clerk, by: Clerk) -> None:
    """End the session of a colleague's account, with an entry in the journal."""
    end_all(clerk, why=SessionEnd.COLLEAGUE)
    details = {"who": clerk}
    journal.write(Event.SESSION_ENDED, details, clerk=by, office=clerk.office)


def is_over(request: HttpRequest, clerk: Clerk) -> bool:
    """Whether this session was ended, by another sign-in or by `end_all`.

    When a second step is required, a session without a number is over too, because it
    began without that step.
    """
    if settings.STAFF_SECOND_FACTOR and EPOCH not in request.session:
        return True
    return bool(request.session.get(EPOCH, 0) != clerk.sign_in.session_epoch)

"""One session an account (docs/security.md#sessions).

Signing in counts up the `session_epoch` of the clerk's sign-in record, and each session
keeps the count it began with: an older one ends at its next request. Of two sign-ins at
once the database counts one after the other, so one of them stays.
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

#: A session in all. The cookie lives an hour longer (settings.SESSION_COOKIE_AGE).
STAFF_HOURS: Final = 10
EPOCH: Final = "session_epoch"
#: Set in the session of somebody who came by the city's sign-on.
BY_CITY: Final = "by_city_sign_on"


@transaction.atomic
def begin(request: HttpRequest, clerk: Clerk, *, by_city: bool = False) -> None:
    """Sign in who has proved everything, and end every other session of the account.

    `by_city`: by the city's sign-on (counter.city_sign_on).
    """
    # The account's row before its sign-in record, as where a password is chosen: two
    # that take them in different order would wait for each other.
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
    """End all sessions of the account, and load `clerk.sign_in` with the new count.

    `why` is the sentence for whoever is in one of them. The row stays locked until the
    count is read, so nobody else reads the same.
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
    """End this request's session; one that began since goes on."""
    if not is_over(request, clerk):
        _set_begun(clerk, None)


def since(clerk: Clerk, *, at: datetime) -> datetime | None:
    """When the account's present session began; None without one."""
    begun = clerk.sign_in.signed_in_at
    longest = timedelta(hours=STAFF_HOURS)
    return begun if begun and at - begun < longest else None


def _set_begun(clerk: Clerk, at: datetime | None) -> None:
    SignInRecord.objects.filter(clerk=clerk).update(signed_in_at=at)


@transaction.atomic
def end_for(*, clerk: Clerk, by: Clerk) -> None:
    """End the session of a colleague's account, with an entry in the journal."""
    end_all(clerk, why=SessionEnd.COLLEAGUE)
    details = {"who": clerk.get_username()}
    journal.write(Event.SESSION_ENDED, details, clerk=by, office=clerk.office)


def is_over(request: HttpRequest, clerk: Clerk) -> bool:
    """Whether the clerk signed in elsewhere since, or the app was reset.

    A session without a count is over: it was made without the six digits.
    """
    if settings.STAFF_SECOND_FACTOR and EPOCH not in request.session:
        return True
    return bool(request.session.get(EPOCH, 0) != clerk.sign_in.session_epoch)

"""One session an account (docs/security.md#sessions).

Signing in counts up the clerk's `session_epoch`, and each session keeps the count it
began with: an older one ends at its next request. Of two sign-ins at once the database
counts one after the other, so one of them stays.
"""

from typing import Final

from django.conf import settings
from django.contrib.auth import login
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk

EPOCH: Final = "session_epoch"


@transaction.atomic
def begin(request: HttpRequest, clerk: Clerk) -> None:
    """Sign in whoever has proved everything; every other session of theirs ends."""
    end_all(clerk)
    login(request, clerk)
    request.session[EPOCH] = clerk.session_epoch
    journal.write(Event.SIGNED_IN, clerk=clerk)


@transaction.atomic
def end_all(clerk: Clerk) -> None:
    """End the sessions there are; `clerk.session_epoch` is the count of the next one.

    The row stays locked until the count is read: nobody else reads the same.
    """
    rows = Clerk.objects.filter(pk=clerk.pk)
    rows.update(
        session_epoch=F("session_epoch") + 1,
        screen_locked_at=None,
        change_to_show=None,
        desk=None,
        desk_since=None,
    )
    clerk.desk = clerk.desk_since = None
    clerk.screen_locked_at = None
    clerk.session_epoch = rows.values_list("session_epoch", flat=True).get()


def is_over(request: HttpRequest, clerk: Clerk) -> bool:
    """Whether the clerk signed in elsewhere since, or had the app reset.

    A session without a count began before there were any, and without the six digits.
    """
    if settings.STAFF_SECOND_FACTOR and EPOCH not in request.session:
        return True
    return bool(request.session.get(EPOCH, 0) != clerk.session_epoch)

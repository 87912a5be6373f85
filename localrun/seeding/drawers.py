"""Drawers for the visits of the seed; all but today's are closed and approved."""

import datetime

from django.utils import timezone

from counter.enums import Role
from counter.models import Clerk
from counter.staff.demo_accounts import DEMO_ACCOUNTS
from payments.drawers import drawers
from payments.drawers.denominations import fewest
from payments.drawers.drawers import expected_in
from payments.models import DrawerSession

_FLOAT = {"2000": 2, "1000": 4, "500": 4}
_MINUTE = datetime.timedelta(minutes=1)
_HOURS = datetime.timedelta(hours=5)


def open_for_the_day(clerk: Clerk, *, at: datetime.datetime) -> None:
    """Make sure that the clerk has a drawer that was opened on the day of `at`.

    An open drawer of another day is closed and approved first.
    """
    drawer = DrawerSession.objects.with_clerk(clerk).first()
    if drawer is not None:
        if timezone.localdate(drawer.opened_at) == timezone.localdate(at):
            return
        _settle(drawer, clerk, at=drawer.opened_at + _HOURS)
    drawers.open_drawer(clerk=clerk, counts=_FLOAT, at=at - 5 * _MINUTE)


def open_todays(*, now: datetime.datetime) -> None:
    """Open a drawer for each demo clerk without one, so that cash can be taken at once.

    The seed has closed its own drawers of other days. An open drawer that is not the
    seed's is left alone, whatever its day.
    """
    for account in DEMO_ACCOUNTS:
        if account.role != Role.CLERK:
            continue
        clerk = Clerk.objects.select_related("office").get(username=account.username)
        if not DrawerSession.objects.with_clerk(clerk).exists():
            drawers.open_drawer(clerk=clerk, counts=_FLOAT, at=now)


def settle_past(*, now: datetime.datetime) -> None:
    """Close and approve the drawers that the seed's visits left open on earlier
    days.
    """
    for account in DEMO_ACCOUNTS:
        clerk = Clerk.objects.get(username=account.username)
        drawer = DrawerSession.objects.with_clerk(clerk).first()
        if drawer is None:
            continue
        if timezone.localdate(drawer.opened_at) != timezone.localdate(now):
            _settle(drawer, clerk, at=drawer.opened_at + _HOURS)


def _settle(drawer: DrawerSession, clerk: Clerk, *, at: datetime.datetime) -> None:
    """Count the expected amount, close the drawer, and let the supervisor approve
    it.
    """
    counts = fewest(expected_in(drawer))
    counted = drawers.count_drawer(drawer=drawer, clerk=clerk, counts=counts, at=at)
    drawers.close_drawer(
        drawer=counted, clerk=clerk, count=1, reason="", at=at + _MINUTE
    )
    supervisor = next(a for a in DEMO_ACCOUNTS if a.role == Role.SUPERVISOR)
    drawers.approve_drawer(
        drawer=counted,
        supervisor=Clerk.objects.get(username=supervisor.username),
        count=1,
        sealed_bag=f"Z{at:%y%m%d}{clerk.pk}",
        at=at + 30 * _MINUTE,
    )

"""Counting a drawer again, or counting it for a clerk who is absent.

Until its approval a drawer may be counted again: by its clerk, also when a supervisor
asks for it, or by a supervisor together with a colleague. Each count is kept. Only
approved drawers are exported, so that no figure changes after its export.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from counter.exceptions import CounterError
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk
from counter.roles import matrix
from counter.roles.role_rights import WORK_AT_THE_DESK
from counter.staff import same_hands
from payments.desk import role_rights
from payments.drawers import seen
from payments.drawers.drawers import required_reason, take_down
from payments.enums import DrawerState
from payments.exceptions import DrawerMovedOnError, DrawerRefusedError
from payments.models import DrawerCount, DrawerSession

_AGAIN = (DrawerState.COUNTED, DrawerState.CLOSED)


@transaction.atomic
def recount_drawer(
    *,
    drawer: DrawerSession,
    clerk: Clerk,
    counts: Mapping[str, int],
    reason: str,
    at: datetime,
) -> DrawerSession:
    """Count the clerk's own drawer again, when it is counted or closed.

    For a closed drawer `reason` explains a difference. Raises DrawerMovedOnError when
    the drawer is open or approved; DrawerRefusedError for another clerk's drawer, and
    for a difference without a reason.
    """
    locked = _lock(drawer, _AGAIN)
    if locked.clerk_id != clerk.pk:
        raise DrawerRefusedError(_("This is a colleague's drawer."))
    count = take_down(locked, by=clerk, counts=counts, at=at, reason=reason)
    details = {"amount": str(count.amount), "nth": count.nth}
    journal.write(Event.DRAWER_RECOUNTED, details, clerk=clerk, office=locked.office)
    return locked


@transaction.atomic
def count_for_colleague(
    *,
    drawer: DrawerSession,
    supervisor: Clerk,
    colleague: Clerk,
    counts: Mapping[str, int],
    reason: str,
    at: datetime,
) -> DrawerSession:
    """Count the drawer of an absent clerk; both who count are stored with the count.

    Raises DrawerMovedOnError when the drawer is approved; DrawerRefusedError when the
    two may not do it, or without a reason as `take_down`; SameHandsError.
    """
    locked = _lock(drawer, (DrawerState.OPEN, *_AGAIN))
    _refuse_unless_two(locked, supervisor, colleague)
    count = take_down(
        locked,
        by=supervisor,
        together_with=colleague,
        counts=counts,
        at=at,
        reason=reason,
    )
    _tell_of_two(Event.DRAWER_COUNTED_FOR, locked, supervisor, colleague, count.amount)
    return locked


@transaction.atomic
def close_for_colleague(
    *,
    drawer: DrawerSession,
    supervisor: Clerk,
    colleague: Clerk | None,
    count: int,
    reason: str,
    at: datetime,
) -> DrawerSession:
    """Close a counted drawer for its absent clerk.

    Without `colleague` it is the colleague of the supervisor's last count. `count` is
    the number of the count that was shown. Raises DrawerMovedOnError when the drawer is
    not waiting to be closed or was counted again; DrawerRefusedError when the two may
    not do it, or for a difference without a reason; SameHandsError.
    """
    locked = _lock(drawer, (DrawerState.COUNTED,))
    seen.refuse_another(locked, count)
    second = colleague or counted_with(locked, supervisor)
    if second is None:
        raise DrawerRefusedError(_("A colleague has to close it with you."))
    _refuse_unless_two(locked, supervisor, second)
    locked.state, locked.closed_at = DrawerState.CLOSED, at
    locked.difference_reason = required_reason(reason, locked.difference)
    locked.save()
    amount = locked.difference or Decimal("0.00")
    _tell_of_two(Event.DRAWER_CLOSED_FOR, locked, supervisor, second, amount)
    return locked


@transaction.atomic
def ask_recount(
    *, drawer: DrawerSession, supervisor: Clerk, count: int, at: datetime
) -> None:
    """Ask the clerk to count again; until then nobody can approve the drawer.

    Asking again changes nothing. Raises DrawerMovedOnError when the drawer is open or
    approved, or was counted again after `count`; DrawerRefusedError for a person who is
    not a supervisor.
    """
    if not matrix.may(supervisor, role_rights.APPROVE_DRAWER):
        raise DrawerRefusedError(_("Only a supervisor asks for a recount."))
    locked = _lock(drawer, _AGAIN)
    seen.refuse_another(locked, count)
    if locked.recount_asked_at is not None:
        return
    locked.recount_asked_at, locked.recount_asked_by = at, supervisor
    locked.save()
    journal.write(
        Event.DRAWER_RECOUNT_ASKED,
        {"who": locked.clerk},
        clerk=supervisor,
        office=locked.office,
    )


def counted_with(drawer: DrawerSession, supervisor: Clerk) -> Clerk | None:
    """The colleague who made the last count with this supervisor.

    None when another person made it, or the supervisor without a colleague, or when the
    two may not close the drawer any more, because the account was switched off since.
    """
    last: DrawerCount | None = drawer.counts.select_related("together_with").last()
    if last is None or last.counted_by_id != supervisor.pk:
        return None
    colleague = last.together_with
    if colleague is None or _why_not_two(drawer, supervisor, colleague):
        return None
    return colleague


def _lock(drawer: DrawerSession, states: tuple[DrawerState, ...]) -> DrawerSession:
    rows = DrawerSession.objects.select_related("office", "clerk").select_for_update(
        of=("self",), no_key=True
    )
    locked = rows.get(pk=drawer.pk)
    if locked.state not in states:
        raise DrawerMovedOnError(
            _("This drawer has moved on meanwhile. Look at it again.")
        )
    return locked


def _refuse_unless_two(
    drawer: DrawerSession, supervisor: Clerk, colleague: Clerk
) -> None:
    """Raise the error of `_why_not_two`."""
    if refusal := _why_not_two(drawer, supervisor, colleague):
        raise refusal


def _why_not_two(
    drawer: DrawerSession, supervisor: Clerk, colleague: Clerk
) -> CounterError | None:
    """The error if these two may not count this drawer; None if they may.

    They are a supervisor and a colleague. Neither may be the drawer's clerk, and the
    colleague must work at the desk: DrawerRefusedError. The colleague must not count as
    the same person as the supervisor or the clerk: SameHandsError.
    """
    if (
        not matrix.may(supervisor, role_rights.APPROVE_DRAWER)
        or drawer.clerk_id == supervisor.pk
    ):
        return DrawerRefusedError(_("A supervisor counts a colleague's drawer."))
    if colleague.pk in (supervisor.pk, drawer.clerk_id):
        return DrawerRefusedError(_("A colleague has to count with you."))
    if not matrix.may(colleague, WORK_AT_THE_DESK):
        return DrawerRefusedError(_("A colleague of the desk has to count with you."))
    for first in (supervisor, drawer.clerk):
        if sentence := same_hands.why_not(first, colleague, at=timezone.now()):
            return same_hands.SameHandsError(sentence)
    return None


def _tell_of_two(
    event: Event,
    drawer: DrawerSession,
    supervisor: Clerk,
    colleague: Clerk,
    amount: Decimal,
) -> None:
    journal.write(
        event,
        {
            "amount": str(amount),
            "colleague": colleague,
            "who": drawer.clerk,
        },
        clerk=supervisor,
        office=drawer.office,
    )

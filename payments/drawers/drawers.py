"""A clerk's drawer: opened, filled, emptied into the safe, counted, closed, approved.

Whatever books on a drawer locks its row first and looks at the state under the lock,
and so does the count. A payment and a count at the same instant are therefore one
after the other: the count has the payment in what it expects, or the payment is
refused.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from counter.exceptions import NoOfficeError, is_unique_violation
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Office
from counter.roles import matrix
from counter.staff import same_hands
from payments.desk import role_rights
from payments.drawers import seen
from payments.drawers.denominations import worth
from payments.enums import DrawerState
from payments.exceptions import (
    DrawerMovedOnError,
    DrawerOpenError,
    DrawerRefusedError,
    NoDrawerError,
)
from payments.models import (
    DrawerCount,
    DrawerMovement,
    DrawerSession,
    Payment,
    Reversal,
)

_NOTHING = Decimal("0.00")


def open_drawer(
    *, clerk: Clerk, counts: Mapping[str, int], at: datetime
) -> DrawerSession:
    """Open a drawer with the float that was counted, by denomination in cents.

    Raises NoOfficeError, or DrawerOpenError when the clerk still has one; of two at
    once the database lets one through.
    """
    if clerk.office is None:
        raise NoOfficeError(_("You belong to no office. Ask the supervisor."))
    try:
        with transaction.atomic():
            drawer = DrawerSession.objects.create(
                office=clerk.office,
                clerk=clerk,
                desk=clerk.desk_name,
                opened_at=at,
                opening_float=worth(counts),
                opening_counts=dict(counts),
            )
            _tell(Event.DRAWER_OPENED, drawer, clerk, drawer.opening_float)
    except IntegrityError as error:
        if not is_unique_violation(error):
            raise
        raise DrawerOpenError(
            _("You have a drawer already. Close it before you open another.")
        ) from None
    return drawer


def drawer_to_book_on(*, clerk: Clerk, office: Office) -> DrawerSession:
    """The clerk's own open drawer in this office, locked to the transaction's end.

    Raises NoDrawerError. A count waits for the lock, so what is booked under it is
    in what the count expects.
    """
    drawer = (
        DrawerSession.objects.open()
        .filter(clerk=clerk, office=office)
        .select_for_update(no_key=True)
        .first()
    )
    if drawer is None:
        raise NoDrawerError(_("You have no open drawer. Cash needs one."))
    return drawer


def expected_in(drawer: DrawerSession) -> Decimal:
    """Float + cash - cash given back - deposits, in euros."""
    return (
        drawer.opening_float
        + _sum(Payment.objects.filter(drawer=drawer))
        - _sum(Reversal.objects.settled().filter(drawer=drawer))
        - _sum(DrawerMovement.objects.filter(session=drawer))
    )


def _sum(rows: models.QuerySet[models.Model]) -> Decimal:
    total: Decimal | None = rows.aggregate(total=models.Sum("amount"))["total"]
    return _NOTHING if total is None else total


@transaction.atomic
def deposit(
    *,
    drawer: DrawerSession,
    clerk: Clerk,
    amount: Decimal,
    reference: str,
    submission: uuid.UUID,
    at: datetime,
) -> DrawerMovement:
    """Bring cash from the clerk's open drawer to the safe.

    The same `submission` again gives the movement that it made. Raises
    DrawerMovedOnError when the drawer is not open, DrawerRefusedError for more than
    it can hold, and when the form is sent again with another bag on it.
    """
    locked = _lock(drawer, clerk=clerk)
    made = DrawerMovement.objects.filter(submission=submission).first()
    if made is not None:
        if (made.amount, made.reference) != (amount, reference):
            raise DrawerRefusedError(
                _("This form was sent before, for another bag. Look at the drawer.")
            )
        return made
    if locked is None or not locked.is_open:
        raise DrawerMovedOnError(_("This drawer is no longer open."))
    if amount > expected_in(locked):
        raise DrawerRefusedError(_("That is more than this drawer can hold."))
    movement = DrawerMovement.objects.create(
        submission=submission,
        session=locked,
        amount=amount,
        at=at,
        by=clerk,
        reference=reference,
    )
    _tell(Event.DRAWER_DEPOSIT, locked, clerk, amount)
    return movement


@transaction.atomic
def count_drawer(
    *, drawer: DrawerSession, clerk: Clerk, counts: Mapping[str, int], at: datetime
) -> DrawerSession:
    """Take down what the clerk counted, before anything tells what to expect.

    From here on nothing books on the drawer. Only this count is blind; one that is
    made again is payments.drawers.counting's. Raises DrawerMovedOnError when it was
    counted already, DrawerRefusedError as `take_down` does.
    """
    locked = _lock(drawer, clerk=clerk)
    if locked is None or not locked.is_open:
        raise DrawerMovedOnError(_("This drawer was counted already."))
    count = take_down(locked, by=clerk, counts=counts, at=at)
    _tell(Event.DRAWER_COUNTED, locked, clerk, count.amount)
    return locked


def take_down(
    locked: DrawerSession,
    *,
    by: Clerk,
    counts: Mapping[str, int],
    at: datetime,
    together_with: Clerk | None = None,
    reason: str = "",
) -> DrawerCount:
    """Add a count to a drawer that the caller has locked; its figures are the last's.

    The first one closes it to money and fixes what is expected. A later one changes
    neither, nor the day that the count belongs to. `reason` is of a closed drawer's
    difference; DrawerRefusedError without it, and as `why_not_counted` says.
    """
    if refusal := why_not_counted(locked):
        raise refusal
    amount = worth(counts)
    if locked.is_open:
        locked.state, locked.counted_at = DrawerState.COUNTED, at
        locked.expected_amount = expected_in(locked)
    expected = locked.expected_amount or _NOTHING
    count = DrawerCount.objects.create(
        session=locked,
        nth=locked.counts.count() + 1,
        at=at,
        counted_by=by,
        together_with=together_with,
        amount=amount,
        counts=dict(counts),
        difference=amount - expected,
        was_said=locked.difference_reason,
    )
    if locked.state == DrawerState.CLOSED:
        locked.difference_reason = required_reason(reason, count.difference)
    locked.counted_counts = count.counts
    locked.counted_amount, locked.difference = count.amount, count.difference
    locked.recount_asked_at = locked.recount_asked_by = None
    locked.save()
    return count


def why_not_counted(drawer: DrawerSession) -> DrawerRefusedError | None:
    """Why an open drawer cannot be counted yet: a refund from it is agreed to. Handed
    over or not: only the clerk knows, and the count has to.
    """
    if drawer.is_open and Reversal.objects.agreed().filter(drawer=drawer).exists():
        return DrawerRefusedError(
            _(
                "A refund from this drawer is agreed and not confirmed. Say first "
                "whether it was handed over."
            )
        )
    return None


def required_reason(reason: str, difference: Decimal | None) -> str:
    """The reason of a difference, empty without one; DrawerRefusedError when there is
    a difference and nothing is said about it.
    """
    if difference and not reason.strip():
        raise DrawerRefusedError(_("Say where the difference comes from."))
    return reason.strip() if difference else ""


@transaction.atomic
def close_drawer(
    *, drawer: DrawerSession, clerk: Clerk, count: int, reason: str, at: datetime
) -> DrawerSession:
    """Close a counted drawer; a difference needs `reason`, else it is left empty.

    `count` is the one that was shown. Raises DrawerRefusedError without a reason,
    DrawerMovedOnError when the drawer is not counted, closed already, or counted anew.
    """
    locked = _lock(drawer, clerk=clerk)
    if locked is None or locked.state != DrawerState.COUNTED:
        raise DrawerMovedOnError(_("This drawer is not waiting to be closed."))
    seen.refuse_another(locked, count)
    locked.state = DrawerState.CLOSED
    locked.closed_at = at
    locked.difference_reason = required_reason(reason, locked.difference)
    locked.save()
    _tell(Event.DRAWER_CLOSED, locked, clerk, locked.difference or _NOTHING)
    return locked


@transaction.atomic
def approve_drawer(
    *,
    drawer: DrawerSession,
    supervisor: Clerk,
    count: int,
    sealed_bag: str,
    at: datetime,
) -> None:
    """Sign a closed drawer off, with the number of the bag its cash is sealed in.

    Two supervisors at once are one approval: the other gets DrawerMovedOnError, as
    whoever saw another `count` than the last. Raises DrawerRefusedError for one's own
    drawer, for who is no supervisor, and for cash without a bag; SameHandsError.
    """
    if not matrix.may(supervisor, role_rights.APPROVE_DRAWER):
        raise DrawerRefusedError(_("Only a supervisor approves a drawer."))
    if drawer.clerk_id == supervisor.pk:
        raise DrawerRefusedError(_("Nobody approves an own drawer."))
    rows = DrawerSession.objects.visible_to(supervisor).select_for_update(
        of=("self",), no_key=True
    )
    locked = rows.filter(pk=drawer.pk, state=DrawerState.CLOSED).first()
    if locked is None:
        raise DrawerMovedOnError(
            _("This drawer is not waiting for approval. Look at it again.")
        )
    same_hands.refuse(locked.clerk, supervisor, at=at, acted_at=locked.counted_at)
    seen.refuse_another(locked, count)
    if locked.counted_amount and not sealed_bag.strip():
        raise DrawerRefusedError(_("Type the number of the sealed bag."))
    if locked.recount_asked_at is not None:
        raise DrawerRefusedError(_("A recount was asked and not made yet."))
    locked.state, locked.sealed_bag = DrawerState.APPROVED, sealed_bag.strip()
    locked.approved_at, locked.approved_by = at, supervisor
    locked.save()
    journal.write(Event.DRAWER_APPROVED, clerk=supervisor, office=drawer.office)


def _lock(drawer: DrawerSession, *, clerk: Clerk) -> DrawerSession | None:
    """The clerk's own drawer as it is now, locked; None when it is another's."""
    rows = DrawerSession.objects.filter(pk=drawer.pk, clerk=clerk)
    return rows.select_for_update(no_key=True).first()


def _tell(event: Event, drawer: DrawerSession, clerk: Clerk, amount: Decimal) -> None:
    journal.write(event, {"amount": str(amount)}, clerk=clerk, office=drawer.office)

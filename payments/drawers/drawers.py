"""The services of a clerk's drawer: open, deposit, count, close, approve.

Each booking on a drawer locks the drawer's row first and checks the state under the
lock, and so does the count. So a payment and a count at the same instant run one after
the other: the count expects the payment, or the payment is refused.
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
from payments.desk import role_rights
from payments.drawers import second_person, seen
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
    """Open a drawer with the counted float, by denomination in cents.

    Raises NoOfficeError, or DrawerOpenError when the clerk still has one; a database
    constraint ensures that also for two concurrent requests.
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
        if not is_unique_violation(error, DrawerSession):
            raise
        raise DrawerOpenError(
            _("You have a drawer already. Close it before you open another.")
        ) from None
    return drawer


def drawer_to_book_on(*, clerk: Clerk, office: Office) -> DrawerSession:
    """The clerk's own open drawer in this office, locked until the transaction ends.

    Raises NoDrawerError. A count waits for the lock, so it expects everything that is
    booked in this transaction.
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
    """The expected amount in euros: float + cash - cash given back - deposits."""
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
    """Record cash that the clerk brings from the open drawer to the safe.

    The same `submission` again returns the movement that it made. Raises
    DrawerMovedOnError when the drawer is not open; DrawerRefusedError for more than
    the drawer has, and when the same form is sent again with other values.
    """
    locked = _lock(drawer, clerk=clerk)
    earlier = DrawerMovement.objects.filter(submission=submission).first()
    if earlier is not None:
        if (earlier.amount, earlier.reference) != (amount, reference):
            raise DrawerRefusedError(
                _("This form was sent before, for another bag. Look at the drawer.")
            )
        return earlier
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
    """Record the clerk's first count, which is blind.

    After it nothing can be booked on the drawer. For a second count see
    payments.drawers.counting. Raises DrawerMovedOnError when the drawer was counted
    already, and DrawerRefusedError as `take_down` does.
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
    """Add a count to a drawer that the caller has locked, and copy its figures there.

    The first count ends bookings and fixes the expected amount and the day of the
    count; later ones do not change these. `reason` explains the difference of a closed
    drawer. Raises DrawerRefusedError without it, or that of `why_not_counted`.
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
    """The error if an open drawer cannot be counted yet: an agreed refund from it is
    not confirmed, and the expected amount depends on whether it was handed over.
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
    """The reason of a difference; "" when there is no difference. Raises
    DrawerRefusedError when there is a difference and no reason.
    """
    if difference and not reason.strip():
        raise DrawerRefusedError(_("Say where the difference comes from."))
    return reason.strip() if difference else ""


@transaction.atomic
def close_drawer(
    *, drawer: DrawerSession, clerk: Clerk, count: int, reason: str, at: datetime
) -> DrawerSession:
    """Close a counted drawer; `reason` is needed and stored only for a difference.

    `count` is the number of the count that was shown. Raises DrawerMovedOnError when
    the drawer is not waiting to be closed or was counted again, DrawerRefusedError for
    a difference without a reason.
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
    """Approve a closed drawer, with the number of the bag in which its cash is sealed.

    Raises DrawerMovedOnError when another supervisor was first or `count` is not the
    last count; DrawerRefusedError for the own drawer, a person who is no supervisor,
    cash without a bag, or while a recount is asked for; SameHandsError.
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
    second_person.refuse(locked, supervisor, at=at)
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
    """Lock the drawer and read it again; None when it is another clerk's drawer."""
    rows = DrawerSession.objects.filter(pk=drawer.pk, clerk=clerk)
    return rows.select_for_update(no_key=True).first()


def _tell(event: Event, drawer: DrawerSession, clerk: Clerk, amount: Decimal) -> None:
    journal.write(event, {"amount": str(amount)}, clerk=clerk, office=drawer.office)

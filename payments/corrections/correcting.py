"""Correct the method of a payment in the books, without a new code.

No money moves and the person keeps the code. The payment row stays as it is: a reversal
takes it off its drawer or terminal, and a second payment, with a receipt of its own,
has the right method.

A count is never changed afterwards. When the drawer was counted, or the terminal's day
is over, the difference was already in those sums; so both lines are booked today, on no
drawer and no terminal (docs/decisions/024-a-wrong-method-is-put-right-in-the-books.md).
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, assert_never

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from counter.exceptions import CounterError, is_unique_violation
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk
from counter.retention import still_named
from counter.roles import matrix
from counter.staff import same_hands
from payments.desk import rights
from payments.enums import (
    Method,
    ReversalReason,
    WaiverReason,
    Way,
)
from payments.models import DrawerSession, Payment, Reversal, Tariff, Terminal
from payments.reversals.reversing import settle
from payments.signals import before_reversal, reversal_dropped
from payments.taking import methods
from payments.taking.booking import book
from payments.taking.methods import Place
from payments.taking.slips import refuse_used_slip
from payments.taking.taking import tariff_in_force


class CorrectionRefusedError(CounterError):
    """The method is right already, it is too late, or this person may not do it."""


@dataclass(frozen=True, kw_only=True)
class RightMethod:
    """How the person really paid; fields of the other methods stay empty."""

    method: Method
    terminal: Terminal | None = None
    terminal_slip: str = ""
    waiver_reason: WaiverReason | None = None

    @property
    def place(self) -> Place:
        """Where the money of this method lies."""
        return methods.record(self.method).place

    def is_of(self, payment: Payment) -> bool:
        """Whether the payment is booked like this already."""
        return (
            self.method == payment.method
            and self.terminal_slip == payment.terminal_slip
            and (self.terminal and self.terminal.pk) == payment.terminal_id
        )


def correct_method(
    *,
    payment: Payment,
    right: RightMethod,
    clerk: Clerk,
    supervisor: Clerk,
    at: datetime,
) -> Payment:
    """Reverse the payment in the books and book it again with the right method.

    `clerk` is who is at the screen and `supervisor` who agrees, the same person when a
    supervisor does it. A request to give the money back because of the wrong method is
    settled by this, and a code that was on hold for it works again.

    Raises CorrectionRefusedError when `supervisor` is no supervisor of the office or
    took the payment, when it is booked like this already, when it was given back or
    corrected meanwhile, and for cash when the clerk had no drawer; SlipUsedError when
    something else has the slip, AnonymisedError when the dossier is nobody's any more.
    """
    _check(payment, right, clerk=clerk, supervisor=supervisor)
    try:
        with transaction.atomic():
            return _correct(payment, right, clerk=clerk, supervisor=supervisor, at=at)
    except IntegrityError as error:
        if not is_unique_violation(error):
            raise
        raise CorrectionRefusedError(
            _("This payment was given back or corrected already.")
        ) from None


def _correct(
    payment: Payment,
    right: RightMethod,
    *,
    clerk: Clerk,
    supervisor: Clerk,
    at: datetime,
) -> Payment:
    before_reversal.send(sender=Payment, payment=payment)
    still_named.lock_named(payment.dossier)
    request = _request(payment)
    _reverse(payment, request, clerk=clerk, supervisor=supervisor, at=at)
    made = _book_right(payment, right, supervisor, at=at)
    journal.write(
        Event.METHOD_CORRECTED,
        {"before": Method(payment.method), "method": right.method},
        dossier=payment.dossier,
        clerk=supervisor,
    )
    if request is not None:
        reversal_dropped.send(sender=Payment, payment=payment, by=supervisor, at=at)
    return made


def _check(
    payment: Payment, right: RightMethod, *, clerk: Clerk, supervisor: Clerk
) -> None:
    of_office = supervisor.office_id == payment.dossier.office_id
    if not matrix.may(supervisor, rights.CORRECT_METHOD) or not of_office:
        raise CorrectionRefusedError(_("A supervisor of this office has to agree."))
    if payment.taken_by_id == supervisor.pk:
        raise CorrectionRefusedError(
            _("You took this payment yourself. Another supervisor corrects it.")
        )
    now = timezone.now()
    same_hands.refuse(payment.taken_by, supervisor, at=now, acted_at=payment.taken_at)
    same_hands.refuse(clerk, supervisor, at=now, may_alone=True)
    if right.is_of(payment):
        raise CorrectionRefusedError(_("That is how it is booked already."))
    _check_complete(right)


def _check_complete(right: RightMethod) -> None:
    """Raise CorrectionRefusedError when a field that the method needs is missing."""
    match right.place:
        case Place.DRAWER:
            pass
        case Place.TERMINAL:
            if not right.terminal_slip:
                raise CorrectionRefusedError(
                    _("Type the number on the terminal's slip.")
                )
        case Place.NOWHERE:
            if right.waiver_reason is None:
                raise CorrectionRefusedError(_("Say why no fee was due."))
        case _:
            assert_never(right.place)


def _request(payment: Payment) -> Reversal | None:
    """The open request to reverse the payment, locked; None when there is none. Raises
    when it was asked for another reason than a wrong method.
    """
    asked = Reversal.objects.asked().filter(payment=payment)
    request = asked.select_for_update().first()
    if request is not None and request.reason != ReversalReason.WRONG_METHOD:
        raise CorrectionRefusedError(
            _("It was asked to give this payment back. Decide on that first.")
        )
    return request


def _reverse(
    payment: Payment,
    request: Reversal | None,
    *,
    clerk: Clerk,
    supervisor: Clerk,
    at: datetime,
) -> None:
    reversal = request or Reversal(
        payment=payment,
        reason=ReversalReason.WRONG_METHOD,
        method=payment.method,
        amount=payment.amount,
        asked_by=clerk,
        asked_at=at,
    )
    reversal.way = Way.BOOKS
    reversal.drawer = _still_open(payment.drawer_id)
    reversal.late = payment.late or _is_late(payment, reversal.drawer, at=at)
    reversal.decided_by, reversal.decided_at = supervisor, at
    settle(reversal, by=supervisor, at=at)
    reversal.save()


def _is_late(payment: Payment, drawer: DrawerSession | None, *, at: datetime) -> bool:
    """Whether the count of its drawer or terminal is over. `drawer` is the one of the
    payment, None when it is closed.
    """
    place = methods.record(Method(payment.method)).place
    match place:
        case Place.DRAWER:
            return drawer is None
        case Place.TERMINAL:
            return not _is_today(payment.taken_at, at)
        case Place.NOWHERE:
            return False
        case _:
            assert_never(place)


def _book_right(
    payment: Payment, right: RightMethod, supervisor: Clerk, *, at: datetime
) -> Payment:
    tariff = payment.tariff
    first = payment.dossier.payments.as_taken().get()
    is_free = right.place is Place.NOWHERE
    if not is_free and not tariff.amount:
        tariff = tariff_in_force(payment.dossier.office, at=first.taken_at)
    made = book(
        dossier=payment.dossier,
        replaces=payment,
        submission=uuid.uuid4(),
        tariff=tariff,
        taken_by=payment.taken_by,
        taken_at=at,
        amount=Decimal("0.00") if is_free else tariff.amount,
        method=right.method,
        waiver_reason=right.waiver_reason or "" if is_free else "",
        approved_by=supervisor if is_free else None,
        **_where(first, right, tariff, at=at),
    )
    if right.place is Place.TERMINAL:
        # Under the lock of the receipts' counter, so of two at once one is refused.
        refuse_used_slip(
            office=payment.dossier.office,
            terminal=right.terminal,
            slip=right.terminal_slip,
            at=first.taken_at,
            but=made,
        )
    return made


def _where(
    first: Payment, right: RightMethod, tariff: Tariff, *, at: datetime
) -> dict[str, Any]:
    """The drawer or terminal to book on, by where the `first` payment was taken."""
    match right.place:
        case Place.DRAWER:
            drawer = _still_open(_drawer_of_then(first).pk)
            return {"drawer": drawer, "late": drawer is None, "tendered": tariff.amount}
        case Place.TERMINAL:
            return {
                "terminal": right.terminal,
                "terminal_slip": right.terminal_slip,
                "late": not _is_today(first.taken_at, at),
            }
        case Place.NOWHERE:
            return {}
        case _:
            assert_never(right.place)


def _drawer_of_then(first: Payment) -> DrawerSession:
    """The drawer that the clerk had open when the person paid."""
    then = first.taken_at
    not_counted = Q(counted_at__isnull=True) | Q(counted_at__gt=then)
    drawer = DrawerSession.objects.filter(
        not_counted,
        office=first.dossier.office_id,
        clerk=first.taken_by_id,
        opened_at__lte=then,
    ).first()
    if drawer is None:
        raise CorrectionRefusedError(
            _("%(who)s had no open drawer then, so no cash can have been taken.")
            % {"who": first.taken_by}
        )
    return drawer


def _still_open(drawer_id: uuid.UUID | None) -> DrawerSession | None:
    """The drawer, locked so that nobody counts it; None when it was counted."""
    if drawer_id is None:
        return None
    drawers = DrawerSession.objects.open().filter(pk=drawer_id)
    return drawers.select_for_update(no_key=True).first()


def _is_today(then: datetime, at: datetime) -> bool:
    return timezone.localdate(then) == timezone.localdate(at)

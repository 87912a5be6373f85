"""Correct the method of a payment in the books, without a new code.

No money moves and the person keeps the code. The payment row stays as it is: a reversal
takes it off its drawer or terminal, and a second payment, with a receipt of its own,
has the right method.

A count is never changed afterwards. When the drawer was counted, or the terminal's day
is over, the difference was already in those sums; so both lines are booked today, on no
drawer and no terminal (docs/decisions/024-a-wrong-method-is-put-right-in-the-books.md).
"""

from datetime import datetime
from typing import Final, assert_never

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from counter.exceptions import CounterError, is_unique_violation
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk
from counter.retention import still_named
from counter.roles import matrix
from counter.staff import same_hands
from payments.corrections.right_method import (
    CorrectionRefusedError,
    RightMethod,
    book_right,
    is_today,
    still_open,
)
from payments.desk import role_rights
from payments.enums import (
    Method,
    RefundMethod,
    ReversalReason,
)
from payments.models import DrawerSession, Payment, Reversal
from payments.reversals.reversing import settle
from payments.signals import before_reversal, reversal_dropped
from payments.taking import methods
from payments.taking.methods import Place

#: The form shows these too, before it uses up the supervisor's digits.
BOOKED_SO: Final = _("That is how it is booked already.")
TAKEN_BY_HERSELF: Final = _(
    "You took this payment yourself. Another supervisor corrects it."
)
CORRECTED_ALREADY: Final = _("This payment was given back or corrected already.")


def correct_method(
    *,
    payment: Payment,
    right: RightMethod,
    clerk: Clerk,
    supervisor: Clerk,
    at: datetime,
) -> Payment:
    """Reverse the payment in the books and book it again with the right method.

    `clerk` is the person at the screen and `supervisor` the one who agrees; they are
    the same person when a supervisor does it. A request to give the money back because
    of the wrong method is settled by this, and a code on hold for it works again.

    Raises CorrectionRefusedError when `supervisor` is no supervisor of the office or
    took the payment, when it is booked like this already, when it was given back or
    corrected meanwhile, and for cash when the clerk had no drawer; SlipUsedError when
    something else has the slip, PriceChangedError when `right` has to say which of
    several prices was paid, AnonymisedError when the dossier was anonymised.
    """
    _check(payment, right, clerk=clerk, supervisor=supervisor)
    try:
        with transaction.atomic():
            return _correct(payment, right, clerk=clerk, supervisor=supervisor, at=at)
    except IntegrityError as error:
        if not is_unique_violation(error, Payment, Reversal):
            raise
        raise CorrectionRefusedError(CORRECTED_ALREADY) from None


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
    replacement = book_right(payment, right, supervisor, at=at)
    journal.write(
        Event.METHOD_CORRECTED,
        {"before": Method(payment.method), "method": right.method},
        dossier=payment.dossier,
        clerk=supervisor,
    )
    if request is not None:
        reversal_dropped.send(sender=Payment, payment=payment, by=supervisor, at=at)
    return replacement


def why_not(
    payment: Payment, supervisor: Clerk, *, at: datetime
) -> CounterError | None:
    """The error if this supervisor may not agree about this payment; None if allowed.

    It looks at the clerk who took the money. The form asks it too, before it uses up
    the supervisor's digits.
    """
    if payment.taken_by_id == supervisor.pk:
        return CorrectionRefusedError(TAKEN_BY_HERSELF)
    # After an earlier correction, the clerk took only the dossier's first payment.
    first = payment.dossier.payments.as_taken().get()
    sentence = same_hands.why_not(
        first.taken_by, supervisor, at=at, acted_at=first.taken_at
    )
    return same_hands.SameHandsError(sentence) if sentence else None


def _check(
    payment: Payment, right: RightMethod, *, clerk: Clerk, supervisor: Clerk
) -> None:
    of_office = supervisor.office_id == payment.dossier.office_id
    if not matrix.may(supervisor, role_rights.CORRECT_METHOD) or not of_office:
        raise CorrectionRefusedError(_("A supervisor of this office has to agree."))
    now = timezone.now()
    if error := why_not(payment, supervisor, at=now):
        raise error
    same_hands.refuse(clerk, supervisor, at=now, may_alone=True)
    if right.is_of(payment):
        raise CorrectionRefusedError(BOOKED_SO)
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
    """The open request to give the payment back, locked; None when there is none.

    Raises CorrectionRefusedError when its reason is not a wrong method.
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
    reversal.refund_method = RefundMethod.BOOKS
    reversal.drawer = still_open(payment.drawer_id)
    reversal.late = payment.late or _is_late(payment, reversal.drawer, at=at)
    reversal.decided_by, reversal.decided_at = supervisor, at
    settle(reversal, by=supervisor, at=at)
    reversal.save()


def _is_late(payment: Payment, drawer: DrawerSession | None, *, at: datetime) -> bool:
    """Whether the payment's drawer was counted, or its terminal's day is over.

    `drawer` is the payment's drawer, or None when it is not open any more.
    """
    place = methods.record(Method(payment.method)).place
    match place:
        case Place.DRAWER:
            return drawer is None
        case Place.TERMINAL:
            return not is_today(payment.taken_at, at)
        case Place.NOWHERE:
            return False
        case _:
            assert_never(place)

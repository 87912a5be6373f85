"""Deciding whether a payment is given back: a clerk asks, a supervisor decides.

Locks are taken in this order: rows of other apps that depend on the payment, such as
its activation code (signal `before_reversal`); the dossier; the request; the drawer;
the office's receipt counter.
"""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from counter.enums import DossierState
from counter.exceptions import CounterError, is_unique_violation
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Dossier
from counter.retention import still_named
from counter.roles import matrix
from counter.staff import same_hands
from payments.desk import role_rights
from payments.drawers.drawers import expected_in
from payments.enums import Method, RefundMethod, ReversalReason, ReversalState
from payments.models import DrawerSession, Payment, Reversal
from payments.signals import (
    before_reversal,
    payment_reversed,
    reversal_asked,
    reversal_dropped,
)
from payments.taking import methods
from payments.taking.methods import Place


class ReversalRefusedError(CounterError):
    """The payment cannot be given back, or this person may not decide it."""


def ask_reversal(
    *, payment: Payment, clerk: Clerk, reason: ReversalReason, at: datetime
) -> Reversal:
    """Ask to give a payment back; nothing is booked until the person has the money.

    An unused code is on hold until the decision, so that nobody keeps both the money
    and the key. Raises ReversalRefusedError for a waiver, where nothing was paid, and
    when it was asked before; AnonymisedError when the dossier was anonymised.
    """
    if not methods.record(Method(payment.method)).is_paid:
        raise ReversalRefusedError(_("Nothing was paid, so nothing is given back."))
    try:
        with transaction.atomic():
            before_reversal.send(sender=Payment, payment=payment)
            still_named.lock_named(payment.dossier)
            reversal = Reversal.objects.create(
                payment=payment,
                reason=reason,
                method=payment.method,
                amount=payment.amount,
                asked_by=clerk,
                asked_at=at,
            )
            journal.write(
                Event.REVERSAL_ASKED,
                {"amount": str(payment.amount), "reason": reason},
                dossier=payment.dossier,
                clerk=clerk,
            )
            reversal_asked.send(sender=Payment, payment=payment, by=clerk, at=at)
    except IntegrityError as error:
        if not is_unique_violation(error, Reversal):
            raise
        raise ReversalRefusedError(
            _("A reversal of this payment was asked already.")
        ) from None
    return reversal


@transaction.atomic
def withdraw_reversal(*, reversal_id: uuid.UUID, clerk: Clerk, at: datetime) -> None:
    """Withdraw one's own request before it is decided; the code works again.

    Raises ReversalRefusedError for the request of somebody else, or when it was
    decided.
    """
    reversal = _undecided(reversal_id, clerk)
    if reversal.asked_by_id != clerk.pk:
        raise ReversalRefusedError(_("Only who asked for it withdraws it."))
    reversal.state = ReversalState.WITHDRAWN
    reversal.withdrawn_at = at
    reversal.save()
    payment = reversal.payment
    journal.write(Event.REVERSAL_WITHDRAWN, dossier=payment.dossier, clerk=clerk)
    reversal_dropped.send(sender=Payment, payment=payment, by=clerk, at=at)


@transaction.atomic
def agree_to_reversal(
    *,
    reversal_id: uuid.UUID,
    supervisor: Clerk,
    at: datetime,
    although_active: bool = False,
) -> Reversal:
    """Agree to give the money back, fix the refund method, and end an unused code.

    Cash comes out of the drawer it went into, as long as that one is open and has
    enough; a card is given back on its terminal on the same day in Brussels. Both wait
    until somebody hands the money over (payments.reversals.handing_over). Otherwise the
    finance service pays by bank transfer, and the reversal is settled at once.

    Raises ReversalRefusedError when the person is no supervisor or asked for it, or
    when it was decided already; SameHandsError when the two count as one person. For a
    key that is active it raises ReversalRefusedError too, unless `although_active`: the
    key stays active, so a supervisor has to say so knowingly.
    """
    reversal = _to_decide(reversal_id, supervisor)
    payment = reversal.payment
    if payment.dossier.state == DossierState.ACTIVATED and not although_active:
        raise ReversalRefusedError(
            _("The key was activated meanwhile and stays. Look at it again.")
        )
    reversal.drawer = _open_drawer(payment)
    reversal.refund_method = _refund_method(reversal, at)
    reversal.state = ReversalState.AGREED
    if reversal.refund_method == RefundMethod.TRANSFER:
        settle(reversal, by=supervisor, at=at)
    _decided(reversal, supervisor, at)
    journal.write(
        Event.REVERSAL_CONFIRMED,
        {"amount": str(reversal.amount)},
        dossier=payment.dossier,
        clerk=supervisor,
    )
    payment_reversed.send(sender=Payment, payment=payment, by=supervisor, at=at)
    return reversal


@transaction.atomic
def refuse_reversal(
    *, reversal_id: uuid.UUID, supervisor: Clerk, at: datetime
) -> Reversal:
    """Refuse to give the money back: the payment stands, and its code works again.

    Raises ReversalRefusedError when the person is no supervisor or asked for it, or
    when it was decided already; SameHandsError.
    """
    reversal = _to_decide(reversal_id, supervisor)
    reversal.state = ReversalState.REFUSED
    _decided(reversal, supervisor, at)
    payment = reversal.payment
    journal.write(Event.REVERSAL_REFUSED, dossier=payment.dossier, clerk=supervisor)
    reversal_dropped.send(sender=Payment, payment=payment, by=supervisor, at=at)
    return reversal


def dossier_of(clerk: Clerk, reversal_id: uuid.UUID) -> Dossier | None:
    """The dossier of a reversal's payment; None when the clerk may not see it."""
    reversal = (
        Reversal.objects.visible_to(clerk)
        .select_related("payment__dossier")
        .filter(pk=reversal_id)
        .first()
    )
    return reversal.payment.dossier if reversal else None


def settle(reversal: Reversal, *, by: Clerk, at: datetime) -> None:
    """Mark the reversal as settled: from now on it counts. The caller saves it.

    A terminal's refund is in its total of the payment's day, whenever the clerk
    confirms it; everything else counts on the day it is settled.
    """
    on_terminal = reversal.refund_method == RefundMethod.TERMINAL
    reversal.state = ReversalState.SETTLED
    reversal.settled_by = by
    reversal.settled_at = at
    reversal.booked_on = timezone.localdate(
        reversal.payment.taken_at if on_terminal else at
    )


def _to_decide(reversal_id: uuid.UUID, supervisor: Clerk) -> Reversal:
    if not matrix.may(supervisor, role_rights.DECIDE_REVERSAL):
        raise ReversalRefusedError(_("Only a supervisor decides on a reversal."))
    reversal = _undecided(reversal_id, supervisor)
    if reversal.asked_by_id == supervisor.pk:
        raise ReversalRefusedError(_("A second person has to decide on it."))
    same_hands.refuse(
        reversal.asked_by, supervisor, at=timezone.now(), acted_at=reversal.asked_at
    )
    return reversal


def _undecided(reversal_id: uuid.UUID, clerk: Clerk) -> Reversal:
    """The undecided request, locked, with the present state of its dossier.

    Raises ReversalRefusedError when it was decided or withdrawn.
    """
    waiting = Reversal.objects.visible_to(clerk).asked().filter(pk=reversal_id)
    seen = waiting.select_related("payment__dossier").first()
    if seen is not None:
        before_reversal.send(sender=Payment, payment=seen.payment)
    reversal = (
        waiting.select_related("payment__dossier__office", "asked_by")
        .select_for_update(of=("self",))
        .first()
    )
    if reversal is None:
        raise ReversalRefusedError(
            _("Somebody has decided on this or withdrew it already.")
        )
    # Read after the code was locked, so that a key activated just now is seen.
    reversal.payment.dossier.refresh_from_db(fields=["state"])
    return reversal


def _open_drawer(payment: Payment) -> DrawerSession | None:
    """The drawer on which the payment was booked, locked so that it stays open.

    None for a payment without a drawer, when the drawer is no longer open, or when it
    has too little cash because that was brought to the safe.
    """
    if payment.drawer_id is None:
        return None
    drawers = DrawerSession.objects.open().filter(pk=payment.drawer_id)
    drawer = drawers.select_for_update(no_key=True).first()
    if drawer is None or expected_in(drawer) < payment.amount:
        return None
    return drawer


def _refund_method(reversal: Reversal, at: datetime) -> RefundMethod:
    payment = reversal.payment
    if reversal.drawer is not None:
        return RefundMethod.CASH
    same_day = timezone.localdate(payment.taken_at) == timezone.localdate(at)
    # A late correction has a new time, but the card was used on an earlier day.
    place = methods.record(Method(payment.method)).place
    on_terminal = place is Place.TERMINAL and same_day and not payment.late
    return RefundMethod.TERMINAL if on_terminal else RefundMethod.TRANSFER


def _decided(reversal: Reversal, supervisor: Clerk, at: datetime) -> None:
    reversal.decided_by = supervisor
    reversal.decided_at = at
    reversal.save()

"""Giving a payment back: asked by one, decided by another (DOMAIN.md, section 6)."""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from counter import journal
from counter.enums import Event, Role
from counter.exceptions import CounterError, is_unique_violation
from counter.models import Clerk
from payments.enums import Method, ReversalReason, ReversalState
from payments.models import DrawerSession, Payment, Reversal
from payments.services.drawers import expected_in
from payments.signals import payment_reversed


class ReversalRefusedError(CounterError):
    """Not to be given back, or not by this person."""


def ask_reversal(
    *, payment: Payment, clerk: Clerk, reason: ReversalReason, at: datetime
) -> Reversal:
    """Ask to give a payment back; nothing is booked until a supervisor confirms.

    Raises ReversalRefusedError for a waiver, which took nothing, and when it was asked
    before.
    """
    if payment.method == Method.WAIVER:
        raise ReversalRefusedError(_("Nothing was paid, so nothing is given back."))
    try:
        with transaction.atomic():
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
    except IntegrityError as error:
        if not is_unique_violation(error):
            raise
        raise ReversalRefusedError(
            _("A reversal of this payment was asked already.")
        ) from None
    return reversal


@transaction.atomic
def confirm_reversal(
    *, reversal_id: uuid.UUID, supervisor: Clerk, at: datetime
) -> Reversal:
    """Book the reversal, once, and end an unused code with it.

    Cash comes out of the drawer it went into, while that one is open and holds so
    much; a card is given back on its terminal on the same day in Brussels. Otherwise
    it is marked for the finance service, which pays by bank transfer. Raises
    ReversalRefusedError when the person is no supervisor or asked for it, or when it
    was decided already.
    """
    reversal = _decide(reversal_id, supervisor)
    payment = reversal.payment
    drawer = _open_drawer(payment)
    same_day = timezone.localdate(payment.taken_at) == timezone.localdate(at)
    on_terminal = payment.method == Method.CARD and same_day
    reversal.state = ReversalState.CONFIRMED
    reversal.drawer = drawer
    reversal.by_bank_transfer = drawer is None and not on_terminal
    _write(reversal, supervisor, at)
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
    """Say no: the payment stands. Raises ReversalRefusedError like confirming does."""
    reversal = _decide(reversal_id, supervisor)
    reversal.state = ReversalState.REFUSED
    _write(reversal, supervisor, at)
    journal.write(
        Event.REVERSAL_REFUSED, dossier=reversal.payment.dossier, clerk=supervisor
    )
    return reversal


def _decide(reversal_id: uuid.UUID, supervisor: Clerk) -> Reversal:
    """The request, locked and still undecided."""
    if supervisor.role != Role.SUPERVISOR:
        raise ReversalRefusedError(_("Only a supervisor decides on a reversal."))
    reversal = (
        Reversal.objects.visible_to(supervisor)
        .asked()
        .select_related("payment__dossier__office")
        .select_for_update(of=("self",))
        .filter(pk=reversal_id)
        .first()
    )
    if reversal is None:
        raise ReversalRefusedError(_("Somebody has decided on this already."))
    if reversal.asked_by_id == supervisor.pk:
        raise ReversalRefusedError(_("A second person has to decide on it."))
    return reversal


def _open_drawer(payment: Payment) -> DrawerSession | None:
    """The drawer that the cash went into, if it is open; locked, so it stays so.

    One whose cash was brought to the safe has nothing to give back from.
    """
    if payment.drawer_id is None:
        return None
    drawers = DrawerSession.objects.open().filter(pk=payment.drawer_id)
    drawer = drawers.select_for_update(no_key=True).first()
    if drawer is None or expected_in(drawer) < payment.amount:
        return None
    return drawer


def _write(reversal: Reversal, supervisor: Clerk, at: datetime) -> None:
    reversal.decided_by = supervisor
    reversal.decided_at = at
    reversal.save()

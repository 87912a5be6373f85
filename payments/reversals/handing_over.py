"""Handing over the money of an agreed reversal, or leaving it to the bank.

A supervisor's agreement moves no money. The clerk confirms that the person has the
cash, or that the terminal printed its slip, and only that is booked.
"""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk
from counter.roles import matrix
from payments.desk import role_rights
from payments.drawers.drawers import expected_in
from payments.enums import RefundMethod
from payments.models import DrawerSession, Reversal
from payments.receipts.numbers import lock_counters
from payments.reversals.reversing import ReversalRefusedError, settle
from payments.taking.slips import refuse_used_slip


@transaction.atomic
def confirm_hand_over(
    *, reversal_id: uuid.UUID, clerk: Clerk, at: datetime, refund_slip: str = ""
) -> Reversal:
    """Confirm that the person has the money: from now on it counts as given back.

    `refund_slip` is the number on the slip that the terminal printed; cash has none.
    Raises ReversalRefusedError for the drawer of somebody else, a drawer with too
    little cash, a missing slip number, and when it was confirmed already; SlipUsedError
    when something else has the slip.
    """
    reversal = _agreed(reversal_id, clerk)
    if reversal.refund_method == RefundMethod.CASH:
        _check_drawer(reversal)
    elif not refund_slip:
        raise ReversalRefusedError(_("Type the number on the terminal's slip."))
    else:
        _check_slip(reversal, refund_slip)
        reversal.refund_slip = refund_slip
    settle(reversal, by=clerk, at=at)
    reversal.save()
    journal.write(
        Event.REFUND_GIVEN,
        {
            "amount": str(reversal.amount),
            "refund_method": RefundMethod(reversal.refund_method),
        },
        dossier=reversal.payment.dossier,
        clerk=clerk,
    )
    return reversal


@transaction.atomic
def leave_to_bank(*, reversal_id: uuid.UUID, clerk: Clerk, at: datetime) -> Reversal:
    """Leave it to the finance service, which pays by bank transfer.

    For when the person has left, the drawer has too little cash or the terminal
    refuses. Raises ReversalRefusedError as `confirm_hand_over` does.
    """
    reversal = _agreed(reversal_id, clerk)
    reversal.refund_method, reversal.drawer = RefundMethod.TRANSFER, None
    settle(reversal, by=clerk, at=at)
    reversal.save()
    journal.write(
        Event.REFUND_LEFT_TO_BANK,
        {"amount": str(reversal.amount)},
        dossier=reversal.payment.dossier,
        clerk=clerk,
    )
    return reversal


def may_hand_over(reversal: Reversal, clerk: Clerk) -> bool:
    """Whether this clerk may hand the money over.

    Cash: the clerk of the drawer, or a supervisor, for when that clerk is absent. Card:
    every clerk of the office.
    """
    if reversal.refund_method != RefundMethod.CASH or matrix.may(
        clerk, role_rights.DECIDE_REVERSAL
    ):
        return True
    return reversal.drawer is not None and reversal.drawer.clerk_id == clerk.pk


def _agreed(reversal_id: uuid.UUID, clerk: Clerk) -> Reversal:
    reversal = (
        Reversal.objects.visible_to(clerk)
        .agreed()
        .select_related("payment__dossier__office", "payment__terminal", "drawer")
        .select_for_update(of=("self",))
        .filter(pk=reversal_id)
        .first()
    )
    if reversal is None:
        raise ReversalRefusedError(_("Somebody has confirmed this already."))
    if not may_hand_over(reversal, clerk):
        raise ReversalRefusedError(
            _("The cash comes out of a colleague's drawer, who confirms it.")
        )
    return reversal


def _check_drawer(reversal: Reversal) -> None:
    drawers = DrawerSession.objects.open().filter(reversals=reversal)
    drawer = drawers.select_for_update(of=("self",), no_key=True).first()
    if drawer is None:
        raise ReversalRefusedError(_("This drawer is no longer open."))
    if expected_in(drawer) < reversal.amount:
        raise ReversalRefusedError(
            _("This drawer does not hold so much any more. Leave it to the bank.")
        )


def _check_slip(reversal: Reversal, slip: str) -> None:
    """Raise SlipUsedError when this slip number was used on the day of the payment."""
    payment = reversal.payment
    office = payment.dossier.office
    lock_counters(office)
    refuse_used_slip(
        office=office,
        terminal=payment.terminal,
        slip=slip,
        at=payment.taken_at,
    )

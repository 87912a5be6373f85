"""Giving a payment back, from the request until the person has the money."""

from datetime import datetime

from counter.models import Clerk
from payments.enums import RefundMethod, ReversalReason, ReversalState
from payments.models import Payment, Reversal
from payments.reversals.handing_over import confirm_hand_over
from payments.reversals.reversing import agree_to_reversal, ask_reversal
from tests import cast


def give_back(
    payment: Payment, clerk: Clerk, supervisor: Clerk, *, at: datetime
) -> Reversal:
    """Give a payment back: asked by one, agreed to by another, handed over."""
    reversal = ask_reversal(
        payment=payment, clerk=clerk, reason=ReversalReason.DOUBLE_CHARGE, at=at
    )
    agreed = agree_to_reversal(reversal_id=reversal.pk, supervisor=supervisor, at=at)
    return hand_over(agreed, payment.taken_by, at=at)


def hand_over(reversal: Reversal, clerk: Clerk, *, at: datetime) -> Reversal:
    """The clerk confirms that the money was handed over, unless finance pays it."""
    if reversal.state != ReversalState.AGREED:
        return reversal
    slip = cast.ticket() if reversal.refund_method == RefundMethod.TERMINAL else ""
    return confirm_hand_over(
        reversal_id=reversal.pk, clerk=clerk, at=at, refund_slip=slip
    )

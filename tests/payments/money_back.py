"""A payment given back from the request to the person's hand."""

from datetime import datetime

from counter.models import Clerk
from payments.enums import ReversalReason, ReversalState, Way
from payments.models import Payment, Reversal
from payments.reversals.handing_over import confirm_hand_over
from payments.reversals.reversing import agree_to_reversal, ask_reversal
from tests import cast


def give_back(
    payment: Payment, clerk: Clerk, supervisor: Clerk, *, at: datetime
) -> Reversal:
    """Asked by one and agreed to by the other; who took the money hands it over."""
    reversal = ask_reversal(
        payment=payment, clerk=clerk, reason=ReversalReason.DOUBLE_CHARGE, at=at
    )
    agreed = agree_to_reversal(reversal_id=reversal.pk, supervisor=supervisor, at=at)
    return hand_over(agreed, payment.taken_by, at=at)


def hand_over(reversal: Reversal, clerk: Clerk, *, at: datetime) -> Reversal:
    """Confirmed by the clerk, if it is not the finance service's."""
    if reversal.state != ReversalState.AGREED:
        return reversal
    slip = cast.ticket() if reversal.way == Way.TERMINAL else ""
    return confirm_hand_over(
        reversal_id=reversal.pk, clerk=clerk, at=at, refund_slip=slip
    )

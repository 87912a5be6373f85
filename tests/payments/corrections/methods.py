"""Correcting a payment that was booked with the wrong method."""

import datetime

from counter.models import Clerk
from payments.corrections.correcting import correct_method
from payments.corrections.right_method import RightMethod
from payments.enums import Method, WaiverReason
from payments.models import Payment, Terminal
from tests.payments.days import HOUR, NINE

CASH = RightMethod(method=Method.CASH)
FREE = RightMethod(method=Method.WAIVER, waiver_reason=WaiverReason.OUR_MISTAKE)


def card(terminal: Terminal, slip: str = "B-1") -> RightMethod:
    return RightMethod(method=Method.CARD, terminal=terminal, terminal_slip=slip)


def corrected(
    payment: Payment,
    right: RightMethod,
    supervisor: Clerk,
    *,
    at: datetime.datetime = NINE + HOUR,
) -> Payment:
    return correct_method(
        payment=payment,
        right=right,
        clerk=payment.taken_by,
        supervisor=supervisor,
        at=at,
    )

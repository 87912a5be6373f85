"""A payment that is both corrected and given back, in either order."""

import pytest

from activation.enums import CodeState
from counter.models import Clerk, Office
from payments.closing.day import close_of_day
from payments.corrections.right_method import CorrectionRefusedError
from payments.drawers.drawers import expected_in
from payments.enums import RefundMethod, ReversalReason, ReversalState
from payments.models import DrawerSession, Payment, Terminal
from payments.reversals.reversing import (
    ReversalRefusedError,
    agree_to_reversal,
    ask_reversal,
)
from tests.payments.closing.test_day import count_and_close
from tests.payments.corrections.methods import CASH, card, corrected
from tests.payments.days import DAY, HOUR, NINE, TUESDAY
from tests.payments.money_back import give_back

pytestmark = pytest.mark.usefixtures("english")


def test_it_answers_a_request_for_the_wrong_method_and_the_code_works_again(
    in_cash: Payment, nadia: Clerk, sofie: Clerk, terminal: Terminal
) -> None:
    request = ask_reversal(
        payment=in_cash, clerk=nadia, reason=ReversalReason.WRONG_METHOD, at=NINE
    )
    assert in_cash.dossier.codes.get().state == CodeState.HELD
    corrected(in_cash, card(terminal), sofie)
    request.refresh_from_db()
    assert (request.state, request.refund_method) == (
        ReversalState.SETTLED,
        RefundMethod.BOOKS,
    )
    assert in_cash.dossier.codes.get().state == CodeState.LIVE


def test_another_request_is_decided_first(
    in_cash: Payment, nadia: Clerk, sofie: Clerk, terminal: Terminal
) -> None:
    ask_reversal(
        payment=in_cash, clerk=nadia, reason=ReversalReason.DOUBLE_CHARGE, at=NINE
    )
    with pytest.raises(CorrectionRefusedError, match="Decide on that first"):
        corrected(in_cash, card(terminal), sofie)


def test_the_right_payment_is_given_back_the_right_way(
    in_cash: Payment,
    nadia: Clerk,
    sofie: Clerk,
    terminal: Terminal,
    drawer: DrawerSession,
) -> None:
    right = corrected(in_cash, card(terminal), sofie)
    with pytest.raises(ReversalRefusedError):
        ask_reversal(
            payment=in_cash,
            clerk=nadia,
            reason=ReversalReason.DOUBLE_CHARGE,
            at=NINE,
        )
    done = give_back(right, nadia, sofie, at=NINE + 2 * HOUR)
    assert done.refund_method == RefundMethod.TERMINAL
    assert expected_in(drawer) == 100


def test_what_was_corrected_too_late_goes_back_by_bank(
    by_card: Payment, nadia: Clerk, sofie: Clerk, drawer: DrawerSession
) -> None:
    count_and_close(drawer, 110, reason="Tien te veel", at=NINE + HOUR)
    right = corrected(by_card, CASH, sofie, at=NINE + DAY)
    request = ask_reversal(
        payment=right, clerk=nadia, reason=ReversalReason.WRONG_PERSON, at=NINE + DAY
    )
    done = agree_to_reversal(
        reversal_id=request.pk, supervisor=sofie, at=NINE + DAY + HOUR
    )
    assert done.refund_method == RefundMethod.TRANSFER


def test_a_card_that_was_corrected_the_day_after_goes_back_by_bank(
    in_cash: Payment,
    office: Office,
    nadia: Clerk,
    sofie: Clerk,
    terminal: Terminal,
) -> None:
    """A terminal gives back on the payment's own day only, and that was yesterday."""
    right = corrected(in_cash, card(terminal), sofie, at=NINE + DAY)
    done = give_back(right, nadia, sofie, at=NINE + DAY + HOUR)
    assert done.refund_method == RefundMethod.TRANSFER
    day = close_of_day(office=office, date=TUESDAY + DAY)
    assert day.terminals[0].taken == 0

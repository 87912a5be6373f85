"""A ticket number that was typed by mistake is free again once it is corrected."""

import pytest

from counter.models import Clerk, Office
from payments.enums import Method, ReversalReason
from payments.exceptions import SlipUsedError
from payments.models import Payment, Terminal
from payments.reversals.handing_over import confirm_hand_over
from payments.reversals.reversing import agree_to_reversal, ask_reversal
from tests.payments.closing.test_day import sell
from tests.payments.corrections.methods import CASH, FREE, card, corrected
from tests.payments.days import DAY, HOUR, NINE
from tests.payments.money_back import give_back
from tests.payments.people import dossiers

pytestmark = pytest.mark.usefixtures("drawer", "english")

NUMBER = "0042"


@pytest.fixture
def other_terminal(office: Office) -> Terminal:
    return Terminal.objects.create(office=office, name="Other terminal", number="2")


@pytest.fixture
def mistyped(nadia: Clerk, terminal: Terminal) -> Payment:
    return sell(dossiers(nadia, 1)[0], nadia, at=NINE, terminal=terminal, slip=NUMBER)


def paid_with_it(clerk: Clerk, terminal: Terminal, *, person: int = 50) -> Payment:
    """Another person pays with the ticket that really has this number."""
    (dossier,) = dossiers(clerk, 1, first=person)
    return sell(dossier, clerk, at=NINE + 2 * HOUR, terminal=terminal, slip=NUMBER)


@pytest.mark.parametrize("right", ["terminal", "number", "cash", "free"])
def test_whoever_has_the_real_ticket_pays_with_it(
    mistyped: Payment,
    els: Clerk,
    sofie: Clerk,
    terminal: Terminal,
    other_terminal: Terminal,
    right: str,
) -> None:
    with pytest.raises(SlipUsedError):
        paid_with_it(els, terminal)
    really = {
        "terminal": card(other_terminal, NUMBER),
        "number": card(terminal, "0043"),
        "cash": CASH,
        "free": FREE,
    }[right]
    corrected(mistyped, really, sofie)
    assert paid_with_it(els, terminal, person=60).terminal_slip == NUMBER
    with pytest.raises(SlipUsedError):
        paid_with_it(els, terminal, person=70)


def test_the_terminal_that_it_was_corrected_to_has_used_the_number(
    mistyped: Payment, els: Clerk, sofie: Clerk, other_terminal: Terminal
) -> None:
    corrected(mistyped, card(other_terminal, NUMBER), sofie)
    with pytest.raises(SlipUsedError):
        paid_with_it(els, other_terminal)


def test_it_is_not_corrected_back_to_a_number_that_another_has_by_now(
    mistyped: Payment,
    els: Clerk,
    sofie: Clerk,
    terminal: Terminal,
    other_terminal: Terminal,
) -> None:
    right = corrected(mistyped, card(other_terminal, NUMBER), sofie)
    paid_with_it(els, terminal)
    with pytest.raises(SlipUsedError):
        corrected(right, card(terminal, NUMBER), sofie, at=NINE + 3 * HOUR)


def test_a_correction_of_the_next_day_frees_it_for_another_one(
    mistyped: Payment, nadia: Clerk, sofie: Clerk, terminal: Terminal
) -> None:
    (dossier,) = dossiers(nadia, 1, first=50)
    other = sell(dossier, nadia, at=NINE)
    with pytest.raises(SlipUsedError):
        corrected(other, card(terminal, NUMBER), sofie, at=NINE + DAY)
    late = corrected(mistyped, card(terminal, "0043"), sofie, at=NINE + DAY)
    corrected(late, CASH, sofie, at=NINE + DAY)
    assert corrected(other, card(terminal, "0043"), sofie, at=NINE + DAY).late


def test_a_payment_that_was_corrected_and_given_back_keeps_its_number(
    mistyped: Payment,
    nadia: Clerk,
    els: Clerk,
    sofie: Clerk,
    terminal: Terminal,
    other_terminal: Terminal,
) -> None:
    right = corrected(mistyped, card(other_terminal, NUMBER), sofie)
    give_back(right, nadia, sofie, at=NINE + HOUR)
    with pytest.raises(SlipUsedError):
        paid_with_it(els, other_terminal)
    assert paid_with_it(els, terminal, person=60).method == Method.CARD


def test_a_refund_of_the_next_day_does_not_share_a_late_corrections_number(
    nadia: Clerk, sofie: Clerk, terminal: Terminal
) -> None:
    """Both slips were printed by one terminal on one day."""
    (first, second) = dossiers(nadia, 2, first=50)
    wrongly = sell(first, nadia, at=NINE)
    paid = sell(second, nadia, at=NINE, terminal=terminal, slip="0001")
    asked = ask_reversal(
        payment=paid, clerk=nadia, reason=ReversalReason.DOUBLE_CHARGE, at=NINE
    )
    agree_to_reversal(reversal_id=asked.pk, supervisor=sofie, at=NINE)
    assert corrected(wrongly, card(terminal, NUMBER), sofie, at=NINE + DAY).late
    with pytest.raises(SlipUsedError):
        confirm_hand_over(
            reversal_id=asked.pk, clerk=nadia, at=NINE + DAY, refund_slip=NUMBER
        )

"""Which payments may not be corrected, and who may not correct them."""

import pytest
from django.utils.formats import date_format

from counter.enums import AccountAct, Role
from counter.models import AccountChange, Clerk, Office
from counter.staff.same_hands import SameHandsError
from payments.corrections.correcting import correct_method
from payments.corrections.right_method import CorrectionRefusedError, RightMethod
from payments.enums import Method
from payments.exceptions import SlipUsedError
from payments.models import Payment, Reversal, Terminal
from tests import cast
from tests.payments.closing.test_day import sell
from tests.payments.corrections.methods import CASH, FREE, card, corrected
from tests.payments.days import DAY, HOUR, NINE, TUESDAY
from tests.payments.money_back import give_back
from tests.payments.people import dossiers

pytestmark = pytest.mark.usefixtures("english")


def test_what_is_given_back_or_corrected_is_not_corrected_again(
    in_cash: Payment, nadia: Clerk, sofie: Clerk, terminal: Terminal
) -> None:
    corrected(in_cash, card(terminal), sofie)
    with pytest.raises(CorrectionRefusedError, match="already"):
        corrected(in_cash, FREE, sofie)
    right = cast.payment_of(in_cash.dossier)
    give_back(right, nadia, sofie, at=NINE + HOUR)
    with pytest.raises(CorrectionRefusedError, match="already"):
        corrected(right, CASH, sofie)


def test_a_ticket_of_yesterday_is_used_once_by_corrections_too(
    in_cash: Payment, nadia: Clerk, sofie: Clerk, terminal: Terminal
) -> None:
    other = sell(dossiers(nadia, 1, first=50)[0], nadia, at=NINE)
    corrected(in_cash, card(terminal, "0170"), sofie, at=NINE + DAY)
    with pytest.raises(SlipUsedError):
        corrected(other, card(terminal, "170"), sofie, at=NINE + DAY)
    corrected(other, card(terminal, "171"), sofie, at=NINE + DAY)


def test_a_ticket_that_paid_for_somebody_else_is_not_this_ones(
    in_cash: Payment, nadia: Clerk, sofie: Clerk, terminal: Terminal
) -> None:
    other = sell(dossiers(nadia, 1, first=50)[0], nadia, at=NINE, terminal=terminal)
    with pytest.raises(SlipUsedError):
        corrected(in_cash, card(terminal, other.terminal_slip), sofie)
    assert Payment.objects.count() == 2
    # A payment corrected to cash and back may have its own ticket again.
    right = corrected(in_cash, card(terminal), sofie)
    right = corrected(right, CASH, sofie)
    assert corrected(right, card(terminal), sofie).terminal_slip == "B-1"


def test_a_ticket_of_another_day_is_said_to_be_of_that_day(
    in_cash: Payment, nadia: Clerk, sofie: Clerk, terminal: Terminal
) -> None:
    other = sell(dossiers(nadia, 1, first=50)[0], nadia, at=NINE, terminal=terminal)
    with pytest.raises(SlipUsedError) as refused:
        corrected(in_cash, card(terminal, other.terminal_slip), sofie, at=NINE + DAY)
    assert date_format(TUESDAY, "DATE_FORMAT") in str(refused.value)


def test_cash_needs_a_drawer_of_then(
    nadia: Clerk, sofie: Clerk, terminal: Terminal
) -> None:
    payment = sell(dossiers(nadia, 1)[0], nadia, at=NINE, terminal=terminal)
    with pytest.raises(CorrectionRefusedError, match="no open drawer then"):
        corrected(payment, CASH, sofie)


def test_who_may_and_what_is_missing(
    in_cash: Payment, els: Clerk, sofie: Clerk, gust: Clerk, terminal: Terminal
) -> None:
    lies = cast.make_clerk("lies", gust.office, desk="", role=Role.SUPERVISOR)
    for supervisor in (els, lies):
        with pytest.raises(CorrectionRefusedError, match="supervisor of this office"):
            corrected(in_cash, card(terminal), supervisor)
    for right, refusal in (
        (CASH, "booked already"),
        (RightMethod(method=Method.CARD, terminal=terminal), "slip"),
        (RightMethod(method=Method.WAIVER), "why no fee"),
    ):
        with pytest.raises(CorrectionRefusedError, match=refusal):
            corrected(in_cash, right, sofie)
    assert not Reversal.objects.exists()


def test_nobody_corrects_what_she_took_herself(
    office: Office, nadia: Clerk, sofie: Clerk, terminal: Terminal
) -> None:
    """Otherwise a supervisor could keep cash and book the payment as something else."""
    payment = sell(dossiers(nadia, 1)[0], sofie, at=NINE, terminal=terminal)
    with pytest.raises(CorrectionRefusedError, match="took this payment yourself"):
        correct_method(
            payment=payment, right=FREE, clerk=nadia, supervisor=sofie, at=NINE
        )


def test_who_had_her_account_when_she_took_it_corrects_it_at_no_time(
    in_cash: Payment, office: Office, nadia: Clerk, sofie: Clerk, terminal: Terminal
) -> None:
    """Not even when somebody else has corrected the payment, and the week is over."""
    AccountChange.objects.create(
        account=nadia, by=sofie, act=AccountAct.APP_RESET, at=NINE - 6 * DAY
    )
    lies = cast.make_clerk("lies", office, desk="", role=Role.SUPERVISOR)
    with pytest.raises(SameHandsError):
        corrected(in_cash, card(terminal), sofie)
    right = corrected(in_cash, card(terminal), lies, at=NINE + 2 * DAY)
    with pytest.raises(SameHandsError):
        corrected(right, FREE, sofie, at=NINE + 3 * DAY)

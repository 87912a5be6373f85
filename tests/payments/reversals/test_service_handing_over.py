"""After the supervisor agreed, a reversal counts when the money is handed over."""

import datetime
import uuid
from decimal import Decimal
from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction

from counter.journal.events import Event
from counter.models import Clerk, JournalEntry, Office
from payments.closing.day import close_of_day
from payments.closing.export import ExportRefusedError, export_cards
from payments.closing.report import takings
from payments.drawers.drawers import count_drawer, deposit, expected_in
from payments.enums import RefundMethod, ReversalReason, ReversalState
from payments.exceptions import DrawerRefusedError
from payments.models import DrawerSession, Payment, Reversal, Terminal
from payments.reversals.handing_over import confirm_hand_over, leave_to_bank
from payments.reversals.reversing import (
    ReversalRefusedError,
    agree_to_reversal,
    ask_reversal,
    refuse_reversal,
    withdraw_reversal,
)
from tests.payments.closing.test_day import sell
from tests.payments.closing.test_export import rows
from tests.payments.days import DAY, HOUR, NINE, TUESDAY
from tests.payments.people import dossiers
from tests.races import at_once

pytestmark = pytest.mark.usefixtures("english")
MINUTE = datetime.timedelta(minutes=1)


def asked(payment: Payment, clerk: Clerk, *, at: datetime.datetime = NINE) -> Reversal:
    return ask_reversal(
        payment=payment, clerk=clerk, reason=ReversalReason.WRONG_PERSON, at=at
    )


def agreed(
    payment: Payment,
    clerk: Clerk,
    supervisor: Clerk,
    *,
    at: datetime.datetime = NINE,
) -> Reversal:
    reversal = asked(payment, clerk, at=at)
    return agree_to_reversal(reversal_id=reversal.pk, supervisor=supervisor, at=at)


@pytest.fixture
def by_card(nadia: Clerk, terminal: Terminal) -> Payment:
    return sell(dossiers(nadia, 1)[0], nadia, at=NINE, terminal=terminal)


def test_the_drawer_counts_it_when_it_is_handed_over(
    in_cash: Payment,
    nadia: Clerk,
    sofie: Clerk,
    drawer: DrawerSession,
) -> None:
    reversal = agreed(in_cash, nadia, sofie)
    assert (reversal.state, reversal.refund_method) == (
        ReversalState.AGREED,
        RefundMethod.CASH,
    )
    assert expected_in(drawer) == 110
    confirm_hand_over(reversal_id=reversal.pk, clerk=nadia, at=NINE + HOUR)
    assert expected_in(drawer) == 100
    entry = JournalEntry.objects.get(event=Event.REFUND_GIVEN)
    assert entry.details == {"amount": "10.00", "refund_method": "cash"}


def test_only_whose_drawer_it_is_hands_cash_over_or_a_supervisor(
    in_cash: Payment, nadia: Clerk, els: Clerk, sofie: Clerk
) -> None:
    reversal = agreed(in_cash, nadia, sofie)
    for service in (confirm_hand_over, leave_to_bank):
        with pytest.raises(ReversalRefusedError, match="colleague's drawer"):
            service(reversal_id=reversal.pk, clerk=els, at=NINE)
    done = confirm_hand_over(reversal_id=reversal.pk, clerk=sofie, at=NINE)
    assert done.settled_by == sofie


def test_a_drawer_is_not_counted_before_it_is_said_where_the_money_is(
    in_cash: Payment,
    nadia: Clerk,
    sofie: Clerk,
    drawer: DrawerSession,
) -> None:
    """Otherwise the same money might be given back twice, in cash and by bank."""
    reversal = agreed(in_cash, nadia, sofie)
    count = partial(count_drawer, drawer=drawer, clerk=nadia, counts={}, at=NINE)
    with pytest.raises(DrawerRefusedError):
        count()
    done = leave_to_bank(reversal_id=reversal.pk, clerk=nadia, at=NINE)
    assert (done.refund_method, done.drawer) == (RefundMethod.TRANSFER, None)
    assert count().expected_amount == 110


def test_a_drawer_that_was_emptied_meanwhile_gives_nothing(
    in_cash: Payment,
    nadia: Clerk,
    sofie: Clerk,
    drawer: DrawerSession,
) -> None:
    reversal = agreed(in_cash, nadia, sofie)
    deposit(
        drawer=drawer,
        clerk=nadia,
        amount=Decimal(105),
        reference="Z-1",
        submission=uuid.uuid4(),
        at=NINE,
    )
    with pytest.raises(ReversalRefusedError, match="not hold so much"):
        confirm_hand_over(reversal_id=reversal.pk, clerk=nadia, at=NINE)
    assert leave_to_bank(reversal_id=reversal.pk, clerk=nadia, at=NINE)


def test_a_refund_on_the_terminal_needs_its_slip(
    by_card: Payment, nadia: Clerk, els: Clerk, sofie: Clerk
) -> None:
    reversal = agreed(by_card, nadia, sofie)
    with pytest.raises(ReversalRefusedError, match="slip"):
        confirm_hand_over(reversal_id=reversal.pk, clerk=els, at=NINE)
    done = confirm_hand_over(
        reversal_id=reversal.pk, clerk=els, at=NINE, refund_slip="R-1"
    )
    assert (done.refund_method, done.refund_slip) == (RefundMethod.TERMINAL, "R-1")


def test_a_terminal_that_gave_it_back_yesterday_counts_yesterday(
    by_card: Payment, office: Office, nadia: Clerk, sofie: Clerk
) -> None:
    """The day is not exported until somebody confirms the refund."""
    reversal = agreed(by_card, nadia, sofie)
    tomorrow = NINE + DAY
    tuesday = close_of_day(office=office, date=TUESDAY)
    assert any("nobody confirmed it" in why for why in tuesday.exceptions)
    with pytest.raises(ExportRefusedError):
        export_cards(office=office, date=TUESDAY, by=sofie, at=tomorrow)
    confirm_hand_over(
        reversal_id=reversal.pk, clerk=nadia, at=tomorrow, refund_slip="R-1"
    )
    days = [close_of_day(office=office, date=TUESDAY + n * DAY) for n in (0, 1)]
    assert [day.given_back for day in days] == [10, 0]
    assert days[0].terminals[0].taken == 0
    export_cards(office=office, date=TUESDAY, by=sofie, at=tomorrow)


def test_a_terminal_that_did_not_is_left_to_the_bank_today(
    by_card: Payment, office: Office, nadia: Clerk, sofie: Clerk
) -> None:
    reversal = agreed(by_card, nadia, sofie)
    leave_to_bank(reversal_id=reversal.pk, clerk=nadia, at=NINE + DAY)
    days = [close_of_day(office=office, date=TUESDAY + n * DAY) for n in (0, 1)]
    assert [day.given_back for day in days] == [0, 10]
    assert days[0].terminals[0].taken == 10


def test_cash_that_goes_back_by_transfer_stands_under_transfers(
    in_cash: Payment, office: Office, nadia: Clerk, sofie: Clerk
) -> None:
    """The close of the day, the report and the accounting agree on this."""
    reversal = agreed(in_cash, nadia, sofie)
    leave_to_bank(reversal_id=reversal.pk, clerk=nadia, at=NINE)
    day = close_of_day(office=office, date=TUESDAY)
    assert [line.amount for line in day.reversed_] == [0, 0, 10]
    assert day.net_cash == sum(line.cash for line in day.drawers) == 10
    report = takings(clerk=sofie, first=TUESDAY, last=TUESDAY, period="day")
    (line,) = report.lines
    assert [line.net_cash, line.back_transfer, line.total] == [10, 10, 0]
    batch = export_cards(office=office, date=TUESDAY, by=sofie, at=NINE + DAY)
    assert [(row["account"], row["method"]) for row in rows(batch)] == [
        ("70", "transfer"),
        ("58", "transfer"),
    ]


def test_cash_handed_over_after_midnight_is_of_that_day(
    in_cash: Payment, office: Office, nadia: Clerk, sofie: Clerk
) -> None:
    reversal = agreed(in_cash, nadia, sofie)
    confirm_hand_over(reversal_id=reversal.pk, clerk=nadia, at=NINE + DAY)
    for offset, cash in enumerate((10, -10)):
        day = close_of_day(office=office, date=TUESDAY + offset * DAY)
        assert day.net_cash == day.drawers[0].cash == cash


def test_who_asked_withdraws_it_and_may_ask_again(
    in_cash: Payment, nadia: Clerk, els: Clerk
) -> None:
    reversal = asked(in_cash, nadia)
    with pytest.raises(ReversalRefusedError, match="who asked"):
        withdraw_reversal(reversal_id=reversal.pk, clerk=els, at=NINE)
    withdraw_reversal(reversal_id=reversal.pk, clerk=nadia, at=NINE)
    assert JournalEntry.objects.filter(event=Event.REVERSAL_WITHDRAWN).count() == 1
    again = asked(in_cash, els, at=NINE + HOUR)
    assert again.state == ReversalState.ASKED


@pytest.mark.parametrize("decide", [agree_to_reversal, refuse_reversal])
def test_what_was_decided_is_not_withdrawn(
    in_cash: Payment, nadia: Clerk, sofie: Clerk, decide: object
) -> None:
    reversal = asked(in_cash, nadia)
    decide(reversal_id=reversal.pk, supervisor=sofie, at=NINE)  # type: ignore[operator]
    with pytest.raises(ReversalRefusedError, match="decided"):
        withdraw_reversal(reversal_id=reversal.pk, clerk=nadia, at=NINE)


@pytest.mark.django_db(transaction=True)
def test_of_withdrawing_and_deciding_at_once_one_counts(
    in_cash: Payment, nadia: Clerk, sofie: Clerk
) -> None:
    reversal = asked(in_cash, nadia)
    at = NINE + MINUTE

    def tried(press: object) -> bool:
        try:
            press()  # type: ignore[operator]
        except ReversalRefusedError:
            return False
        return True

    pk = reversal.pk
    buttons = [
        partial(withdraw_reversal, reversal_id=pk, clerk=nadia, at=at),
        partial(agree_to_reversal, reversal_id=pk, supervisor=sofie, at=at),
        partial(refuse_reversal, reversal_id=pk, supervisor=sofie, at=at),
    ]
    assert sum(at_once([partial(tried, button) for button in buttons])) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_once_one_counts(
    in_cash: Payment,
    nadia: Clerk,
    sofie: Clerk,
    drawer: DrawerSession,
) -> None:
    """One hands the cash over, another leaves it to the bank: it is given back once."""
    reversal = agreed(in_cash, nadia, sofie)

    def hand_over() -> str:
        try:
            confirm_hand_over(reversal_id=reversal.pk, clerk=nadia, at=NINE)
        except ReversalRefusedError:
            return ""
        return RefundMethod.CASH

    def to_the_bank() -> str:
        try:
            leave_to_bank(reversal_id=reversal.pk, clerk=sofie, at=NINE)
        except ReversalRefusedError:
            return ""
        return RefundMethod.TRANSFER

    methods = [
        method for method in at_once([hand_over, to_the_bank, hand_over]) if method
    ]
    reversal.refresh_from_db()
    assert methods == [reversal.refund_method]
    assert expected_in(drawer) == (
        100 if reversal.refund_method == RefundMethod.CASH else 110
    )


@pytest.mark.parametrize(
    "change",
    [
        "state = 'asked', decided_at = NULL, decided_by_id = NULL, refund_method = ''",
        "state = 'refused', refund_method = '', drawer_id = NULL",
        "amount = 1",
        "decided_by_id = asked_by_id",
    ],
)
def test_the_database_keeps_what_was_agreed(
    in_cash: Payment, nadia: Clerk, sofie: Clerk, change: str
) -> None:
    agreed(in_cash, nadia, sofie)
    with (
        pytest.raises(DatabaseError, match="not changed so"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE payments_reversal SET {change}")  # noqa: S608

"""A day of money through the services, from the float to the accounting."""

import datetime
import uuid
from decimal import Decimal

import pytest

from activation.codes.issuing import pay_and_issue
from counter.enums import Role
from counter.exceptions import CounterError
from counter.models import Clerk, Dossier, Office
from payments.closing.day import Day, close_of_day
from payments.closing.export import export_cards, export_session
from payments.drawers.denominations import fewest
from payments.drawers.drawers import approve_drawer, close_drawer, count_drawer, deposit
from payments.enums import Method, RefundMethod, ReversalReason
from payments.models import DrawerSession, Payment, Terminal, TerminalTotal
from payments.reversals.reversing import agree_to_reversal, ask_reversal
from tests import cast
from tests.database import superuser
from tests.payments.closing.test_export import balance, rows
from tests.payments.days import BRUSSELS, DAY, HOUR, NINE, TUESDAY
from tests.payments.money_back import give_back
from tests.payments.people import dossiers

pytestmark = pytest.mark.usefixtures("english")


def sell(
    dossier: Dossier,
    clerk: Clerk,
    *,
    at: datetime.datetime,
    terminal: Terminal | None = None,
    slip: str = "",
) -> Payment:
    """Sell a code by card on this terminal, or in cash when there is none."""
    pay_and_issue(
        dossier=dossier,
        clerk=clerk,
        method=Method.CARD if terminal else Method.CASH,
        tendered=None if terminal else Decimal(20),
        terminal_slip=(slip or cast.ticket()) if terminal else "",
        document_seen=True,
        submission=uuid.uuid4(),
        at=at,
        terminal=terminal,
    )
    return Payment.objects.get(dossier=dossier)


def count_and_close(
    drawer: DrawerSession, counted: int, *, reason: str, at: datetime.datetime
) -> DrawerSession:
    count_drawer(
        drawer=drawer, clerk=drawer.clerk, counts=fewest(Decimal(counted)), at=at
    )
    who = drawer.clerk
    return close_drawer(drawer=drawer, count=1, clerk=who, reason=reason, at=at)


def sign(
    drawer: DrawerSession, by: Clerk, *, at: datetime.datetime, count: int = 1
) -> None:
    approve_drawer(drawer=drawer, supervisor=by, count=count, sealed_bag="Z-1", at=at)


def note_total(terminal: Terminal, supervisor: Clerk, amount: int) -> None:
    TerminalTotal.objects.create(
        terminal=terminal,
        date=TUESDAY,
        amount=Decimal(amount),
        noted_by=supervisor,
        noted_at=NINE + 9 * HOUR,
    )


def tuesday(office: Office) -> Day:
    return close_of_day(office=office, date=TUESDAY)


def test_the_example_of_the_rules(
    office: Office,
    nadia: Clerk,
    sofie: Clerk,
    terminal: Terminal,
    drawer: DrawerSession,
) -> None:
    """The example of docs/domain.md#the-drawer: seven in cash, three by card."""
    for place, dossier in enumerate(dossiers(nadia, 10)):
        on = terminal if place in {2, 5, 8} else None
        sell(dossier, nadia, at=NINE + place * HOUR / 4, terminal=on)
    evening = NINE + 8 * HOUR
    wrong = Payment.objects.by(Method.CASH).earliest("taken_at")
    give_back(wrong, nadia, sofie, at=evening)
    closed = count_and_close(drawer, 155, reason="Te veel wisselgeld", at=evening)
    assert (closed.expected_amount, closed.counted_amount, closed.difference) == (
        Decimal("160.00"),
        Decimal("155.00"),
        Decimal("-5.00"),
    )
    sign(closed, sofie, at=evening)
    note_total(terminal, sofie, 30)

    day = tuesday(office)
    assert [(line.count, line.amount) for line in day.receipts] == [
        (7, Decimal("70.00")),
        (3, Decimal("30.00")),
    ]
    assert [day.taken, day.given_back, day.balance] == [100, 10, 90]
    assert (day.codes_issued, day.paid, day.waivers) == (10, 10, [])
    assert (day.first_receipt, day.last_receipt) == ("2026-000001", "2026-000010")
    (line,) = day.terminals
    assert [line.taken, line.total, line.difference] == [30, 30, 0]
    # The only exception is the drawer's difference.
    assert [why for why in day.exceptions if "differs" not in why] == []
    assert len(day.exceptions) == 1
    assert "-5.00: Te veel wisselgeld" in day.exceptions[0]

    tomorrow = evening + DAY
    batches = [
        export_session(session_id=drawer.pk, by=sofie, at=tomorrow),
        export_cards(office=office, date=TUESDAY, by=sofie, at=tomorrow),
    ]
    assert [balance(batch) for batch in batches] == [0, 0]
    cash = sum(
        Decimal(row["debit"]) - Decimal(row["credit"])
        for row in rows(batches[0])
        if row["account"] == "57"
    )
    assert cash == 55  # 155 counted, less the float


def test_a_terminal_that_says_otherwise_is_named(
    office: Office, nadia: Clerk, sofie: Clerk, terminal: Terminal
) -> None:
    for dossier in dossiers(nadia, 3):
        sell(dossier, nadia, at=NINE, terminal=terminal)
    note_total(terminal, sofie, 20)
    assert tuesday(office).terminals[0].difference == Decimal("-10.00")
    assert any("-10.00" in why for why in tuesday(office).exceptions)


def test_a_drawer_left_open_overnight_is_on_both_days(
    office: Office, nadia: Clerk, sofie: Clerk, drawer: DrawerSession
) -> None:
    """Each payment counts on its own day; the one batch has both dates."""
    late, early = NINE.replace(hour=23, minute=59), NINE.replace(hour=0) + DAY
    for dossier, at in zip(dossiers(nadia, 2), (late, early), strict=True):
        sell(dossier, nadia, at=at)
    following = close_of_day(office=office, date=TUESDAY + DAY)
    assert [day.taken for day in (tuesday(office), following)] == [10, 10]
    assert any("is open, not approved" in why for why in following.exceptions)
    closed = count_and_close(drawer, 120, reason="", at=early + HOUR)
    sign(closed, sofie, at=early + HOUR)
    batch = export_session(session_id=drawer.pk, by=sofie, at=early + HOUR)
    assert [row["date"] for row in rows(batch)[::2]] == ["2026-11-24", "2026-11-25"]
    assert close_of_day(office=office, date=TUESDAY + 2 * DAY).drawers == []


@pytest.mark.django_db(transaction=True)
def test_a_number_missing_at_the_days_start_is_seen(
    office: Office, nadia: Clerk, terminal: Terminal
) -> None:
    """Today's first number is the one after yesterday's last."""
    first, second, third = dossiers(nadia, 3)
    sell(first, nadia, at=NINE - DAY, terminal=terminal)
    lost = sell(second, nadia, at=NINE, terminal=terminal)
    sell(third, nadia, at=NINE, terminal=terminal)
    with superuser() as server:
        server.execute("DELETE FROM payments_receipt WHERE payment_id = %s", [lost.pk])
    assert "Receipt numbers missing: 1." in tuesday(office).exceptions


def test_a_reversal_asked_for_an_earlier_days_payment_is_listed(
    office: Office, nadia: Clerk, terminal: Terminal
) -> None:
    payment = sell(dossiers(nadia, 1)[0], nadia, at=NINE - DAY, terminal=terminal)
    ask_reversal(
        payment=payment, clerk=nadia, reason=ReversalReason.WRONG_AMOUNT, at=NINE
    )
    assert tuesday(office).exceptions == ["Reversals that wait for a supervisor: 1."]


def test_what_the_drawer_no_longer_holds_goes_by_bank(
    office: Office, nadia: Clerk, sofie: Clerk, drawer: DrawerSession
) -> None:
    """After the deposit the drawer holds 9.99, one cent less than the fee."""
    payment = sell(dossiers(nadia, 1)[0], nadia, at=NINE)
    deposit(
        drawer=drawer,
        clerk=nadia,
        amount=Decimal("100.01"),
        reference="Z-1",
        submission=uuid.uuid4(),
        at=NINE,
    )
    reversal = give_back(payment, nadia, sofie, at=NINE)
    assert (reversal.drawer, reversal.refund_method) == (None, RefundMethod.TRANSFER)
    closed = count_and_close(drawer, 10, reason="Nog een cent", at=NINE + HOUR)
    assert closed.expected_amount == Decimal("9.99")


def test_after_the_count_cash_goes_back_by_bank_and_is_exported(
    office: Office, nadia: Clerk, sofie: Clerk, drawer: DrawerSession
) -> None:
    """The counted drawer keeps its figures; the day's batch has the reversal."""
    payment = sell(dossiers(nadia, 1)[0], nadia, at=NINE)
    count_and_close(drawer, 110, reason="", at=NINE + HOUR)
    reversal = give_back(payment, nadia, sofie, at=NINE + 2 * HOUR)
    assert (reversal.drawer, reversal.refund_method) == (None, RefundMethod.TRANSFER)
    drawer.refresh_from_db()
    assert [drawer.expected_amount, drawer.difference] == [110, 0]
    batch = export_cards(office=office, date=TUESDAY, by=sofie, at=NINE + DAY)
    assert [(row["account"], row["debit"], row["credit"]) for row in rows(batch)] == [
        ("70", "10.00", "0.00"),
        ("58", "0.00", "10.00"),
    ]
    assert "per overschrijving" in rows(batch)[0]["description"]


def test_a_visit_saved_after_the_days_batch_is_in_another_of_that_day(
    office: Office, nadia: Clerk, sofie: Clerk, terminal: Terminal
) -> None:
    """The visit began before midnight, and was saved after the batch was made."""
    in_time, late = dossiers(nadia, 2)
    sell(in_time, nadia, at=NINE, terminal=terminal)
    midnight = NINE.replace(hour=0) + DAY
    first = export_cards(office=office, date=TUESDAY, by=sofie, at=midnight)
    sell(late, nadia, at=NINE + 14 * HOUR, terminal=terminal)
    second = export_cards(office=office, date=TUESDAY, by=sofie, at=midnight + HOUR)
    documents = [{row["document"] for row in rows(batch)} for batch in (first, second)]
    assert documents == [{"2026-000001"}, {"2026-000002"}]
    assert {batch.date for batch in (first, second)} == {TUESDAY}


@pytest.mark.parametrize(
    "night", [datetime.date(2026, 3, 29), datetime.date(2026, 10, 25)]
)
def test_the_nights_the_clock_changes_have_each_payment_once(
    office: Office, nadia: Clerk, terminal: Terminal, night: datetime.date
) -> None:
    """A payment every hour, from half an hour before to half an hour after the day."""
    start = datetime.datetime.combine(
        night - DAY, datetime.time(23, 30), tzinfo=BRUSSELS
    ).astimezone(datetime.UTC)
    hours = 26 if night.month == 10 else 24
    for place, dossier in enumerate(dossiers(nadia, hours + 1)):
        sell(dossier, nadia, at=start + place * HOUR, terminal=terminal)
    days = [close_of_day(office=office, date=night + n * DAY) for n in (-1, 0, 1)]
    assert [day.paid for day in days] == [1, hours - 1, 1]
    assert all(day.codes_issued == day.paid for day in days)


def test_a_supervisor_of_another_office_decides_on_nothing(
    office: Office, nadia: Clerk, gust: Clerk, terminal: Terminal
) -> None:
    lies = cast.make_clerk("lies", gust.office, desk="", role=Role.SUPERVISOR)
    payment = sell(dossiers(nadia, 1)[0], nadia, at=NINE, terminal=terminal)
    reversal = ask_reversal(
        payment=payment, clerk=nadia, reason=ReversalReason.WRONG_AMOUNT, at=NINE
    )
    with pytest.raises(CounterError):
        agree_to_reversal(reversal_id=reversal.pk, supervisor=lies, at=NINE)
    reversal.refresh_from_db()
    assert reversal.decided_by is None


def test_a_drawer_read_before_its_count_is_not_signed(
    drawer: DrawerSession, nadia: Clerk, sofie: Clerk
) -> None:
    """The supervisor's page, opened before the count, did not ask for the bag."""
    seen = DrawerSession.objects.get(pk=drawer.pk)
    count_and_close(drawer, 100, reason="", at=NINE + HOUR)
    with pytest.raises(CounterError):
        sign(seen, sofie, at=NINE + HOUR, count=0)


def test_the_same_form_after_the_count_gets_its_first_answer(
    drawer: DrawerSession, nadia: Clerk
) -> None:
    """The browser sends the form again after the count; no open drawer is needed."""
    dossier, form = dossiers(nadia, 1)[0], uuid.uuid4()

    def pay() -> uuid.UUID:
        return pay_and_issue(
            dossier=dossier,
            clerk=nadia,
            method=Method.CASH,
            tendered=Decimal(20),
            terminal_slip="",
            document_seen=True,
            submission=form,
            at=NINE,
        ).pk

    first = pay()
    count_and_close(drawer, 110, reason="", at=NINE + HOUR)
    assert pay() == first

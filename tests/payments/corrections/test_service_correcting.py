"""A payment booked with the wrong method is corrected, and its code still works."""

import uuid
from decimal import Decimal

import pytest

from activation.codes.issuing import pay_and_issue, waive_and_issue
from activation.enums import CodeState
from counter.journal.events import Event
from counter.models import Clerk, JournalEntry, Office, SignInRecord
from payments.closing.day import close_of_day
from payments.closing.export import export_cards, export_session
from payments.closing.report import takings
from payments.drawers.drawers import approve_drawer, expected_in
from payments.enums import Method, WaiverReason
from payments.models import DrawerSession, Payment, Receipt, Tariff, Terminal
from tests import cast
from tests.payments.closing.test_day import count_and_close
from tests.payments.closing.test_export import balance, rows
from tests.payments.corrections.methods import CASH, FREE, card, corrected
from tests.payments.days import DAY, HOUR, NINE, TUESDAY
from tests.payments.people import dossiers

pytestmark = pytest.mark.usefixtures("english")


def test_cash_that_was_a_card_is_put_right_the_same_day(
    in_cash: Payment,
    office: Office,
    sofie: Clerk,
    drawer: DrawerSession,
    terminal: Terminal,
) -> None:
    code = in_cash.dossier.codes.get()
    right = corrected(in_cash, card(terminal), sofie)
    in_cash.refresh_from_db()
    assert (in_cash.method, right.replaces) == (Method.CASH, in_cash)
    assert cast.payment_of(in_cash.dossier) == right
    assert [str(receipt) for receipt in Receipt.objects.order_by("number")] == [
        "2026-000001",
        "2026-000002",
    ]
    code.refresh_from_db()
    assert code.state == CodeState.LIVE
    assert expected_in(drawer) == 100

    day = close_of_day(office=office, date=TUESDAY)
    assert [line.amount for line in day.corrected] == [-10, 10, 0]
    assert [day.balance, day.net_cash, day.drawers[0].cash] == [10, 0, 0]
    assert day.terminals[0].taken == 10
    assert [day.codes_issued, day.paid, day.clerks[0].count] == [1, 1, 1]
    assert day.clerks[0].amount == 10
    (line,) = day.corrections
    assert line.reason == "2026-000001 → 2026-000002"
    assert line.booked_as == "card instead of cash"
    report = takings(clerk=sofie, first=TUESDAY, last=TUESDAY, period="day")
    (taken,) = report.lines
    assert [taken.count, taken.total] == [1, 10]
    assert taken.taken == {Method.CASH: 0, Method.CARD: 10}
    entry = JournalEntry.objects.get(event=Event.METHOD_CORRECTED)
    assert entry.details == {"before": "cash", "method": "card"}


def test_the_receipt_names_the_desk_where_it_was_paid(
    in_cash: Payment, nadia: Clerk, sofie: Clerk, terminal: Terminal
) -> None:
    """Also when the clerk has gone home or sits at another desk today."""
    assert in_cash.receipt.desk
    SignInRecord.objects.filter(clerk=nadia).update(desk=None, desk_since=None)
    in_cash.taken_by.refresh_from_db()
    right = corrected(in_cash, card(terminal), sofie, at=NINE + DAY)
    assert Receipt.objects.get(payment=right).desk == in_cash.receipt.desk


def test_the_pay_form_sent_again_still_gets_its_answer(
    in_cash: Payment, nadia: Clerk, sofie: Clerk, terminal: Terminal
) -> None:
    corrected(in_cash, card(terminal), sofie)
    code = pay_and_issue(
        dossier=in_cash.dossier,
        clerk=nadia,
        method=Method.CASH,
        tendered=Decimal(20),
        terminal_slip="",
        submission=in_cash.submission,
        at=NINE + HOUR,
    )
    assert code == in_cash.dossier.codes.get()


def test_a_card_that_was_cash_goes_into_the_drawer_of_then(
    by_card: Payment, office: Office, sofie: Clerk, drawer: DrawerSession
) -> None:
    corrected(by_card, CASH, sofie)
    assert expected_in(drawer) == 110
    day = close_of_day(office=office, date=TUESDAY)
    assert [day.net_cash, day.drawers[0].cash] == [10, 10]
    assert day.terminals[0].taken == 0


def test_after_the_count_the_counted_sums_stand(
    in_cash: Payment,
    office: Office,
    nadia: Clerk,
    sofie: Clerk,
    drawer: DrawerSession,
    terminal: Terminal,
) -> None:
    """The drawer stays ten short; the correction today makes no second difference."""
    count_and_close(drawer, 100, reason="Tien euro te weinig", at=NINE + HOUR)
    right = corrected(in_cash, card(terminal), sofie, at=NINE + DAY)
    assert (right.late, right.drawer) == (True, None)
    drawer.refresh_from_db()
    assert [drawer.expected_amount, drawer.difference] == [110, -10]
    approve_drawer(
        drawer=drawer, count=1, supervisor=sofie, sealed_bag="Z-1", at=NINE + DAY
    )
    tuesday, wednesday = (
        close_of_day(office=office, date=TUESDAY + n * DAY) for n in (0, 1)
    )
    assert [tuesday.balance, tuesday.net_cash] == [10, 10]
    assert [wednesday.balance, wednesday.net_cash] == [0, 0]
    assert wednesday.terminals[0].taken == 0
    assert any("2026-000001 was corrected" in note for note in tuesday.notes)

    later = NINE + 3 * DAY
    batches = [
        export_session(session_id=drawer.pk, by=sofie, at=later),
        export_cards(office=office, date=TUESDAY, by=sofie, at=later),
        export_cards(office=office, date=TUESDAY + DAY, by=sofie, at=later),
    ]
    assert {balance(batch) for batch in batches} == {0}
    sums: dict[str, Decimal] = {}
    for row in (row for batch in batches for row in rows(batch)):
        moved = Decimal(row["debit"]) - Decimal(row["credit"])
        sums[row["account"]] = sums.get(row["account"], Decimal(0)) + moved
    # The ten euros came by card, and the drawer's difference is settled.
    assert {account: s for account, s in sums.items() if s} == {
        "58": Decimal(10),
        "70": Decimal(-10),
    }


def test_a_card_of_yesterday_that_was_cash_counts_in_no_drawer_that_was_counted(
    by_card: Payment,
    office: Office,
    sofie: Clerk,
    drawer: DrawerSession,
) -> None:
    count_and_close(drawer, 110, reason="Tien te veel", at=NINE + HOUR)
    right = corrected(by_card, CASH, sofie, at=NINE + DAY)
    assert (right.late, right.drawer) == (True, None)
    wednesday = close_of_day(office=office, date=TUESDAY + DAY)
    assert [wednesday.net_cash, wednesday.balance] == [0, 0]
    assert wednesday.terminals[0].taken == 0


def test_a_waiver_that_was_paid_and_a_payment_that_was_free(
    office: Office,
    nadia: Clerk,
    sofie: Clerk,
    drawer: DrawerSession,
) -> None:
    (dossier,) = dossiers(nadia, 1)
    waive_and_issue(
        dossier=dossier,
        clerk=nadia,
        supervisor=sofie,
        reason=WaiverReason.DECISION,
        document_seen=True,
        submission=uuid.uuid4(),
        at=NINE,
    )
    paid = corrected(cast.payment_of(dossier), CASH, sofie)
    assert [paid.amount, expected_in(drawer)] == [10, 110]
    free = corrected(paid, FREE, sofie)
    assert free.approved_by == sofie
    assert [free.amount, expected_in(drawer)] == [0, 100]
    day = close_of_day(office=office, date=TUESDAY)
    assert [day.balance, day.net_cash, day.codes_issued, day.paid] == [0, 0, 1, 1]


def test_another_terminal_is_put_right_too(
    by_card: Payment, office: Office, sofie: Clerk
) -> None:
    second = Terminal.objects.create(office=office, name="Z", number="2")
    corrected(by_card, card(second, "A-17"), sofie)
    day = close_of_day(office=office, date=TUESDAY)
    assert [line.taken for line in day.terminals] == [0, 10]


def test_the_price_of_then_stands(
    in_cash: Payment, sofie: Clerk, terminal: Terminal, tariff: Tariff, office: Office
) -> None:
    tariff.valid_until = TUESDAY
    tariff.save()
    Tariff.objects.create(
        office=office,
        amount=Decimal(12),
        valid_from=TUESDAY + DAY,
        regulation="Nieuw",
    )
    right = corrected(in_cash, card(terminal), sofie, at=NINE + DAY)
    assert right.amount == 10

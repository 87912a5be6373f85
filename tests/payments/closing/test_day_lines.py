"""What the close of a day lists one by one, and drawers open over midnight."""

import datetime
import io
import uuid
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format
from pypdf import PdfReader

from activation.codes.issuing import waive_and_issue
from counter.models import Clerk, Dossier, Office
from payments.closing.day import Day, close_of_day
from payments.drawers.denominations import fewest
from payments.drawers.drawers import approve_drawer, close_drawer, count_drawer, deposit
from payments.enums import ReversalReason, WaiverReason
from payments.models import DrawerSession, Terminal
from payments.reversals.reversing import ask_reversal, refuse_reversal
from tests.litany import signed_in
from tests.payments.closing.test_day import count_and_close, sell
from tests.payments.corrections.methods import FREE, corrected
from tests.payments.days import DAY, HOUR, NINE, TUESDAY
from tests.payments.money_back import give_back
from tests.payments.people import dossiers

pytestmark = pytest.mark.usefixtures("english")

WEDNESDAY = TUESDAY + DAY
LATE, EARLY = NINE.replace(hour=23, minute=50), NINE.replace(hour=0) + DAY


def day(office: Office, date: datetime.date = TUESDAY) -> Day:
    return close_of_day(office=office, date=date)


def waive(dossier: Dossier, clerk: Clerk, supervisor: Clerk) -> None:
    waive_and_issue(
        dossier=dossier,
        clerk=clerk,
        supervisor=supervisor,
        reason=WaiverReason.OUR_MISTAKE,
        document_seen=True,
        submission=uuid.uuid4(),
        at=NINE + HOUR,
    )


def test_more_terminals_ask_the_database_no_more(office: Office) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert len(day(office).terminals) == Terminal.objects.count()
        return len(asked)

    Terminal.objects.create(office=office, name="Terminal", number="1")
    with_one = queries()
    for number in range(2, 6):
        Terminal.objects.create(office=office, name="Terminal", number=str(number))
    assert queries() == with_one


def test_more_corrections_ask_the_database_no_more(
    office: Office, nadia: Clerk, sofie: Clerk, terminal: Terminal
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            day(office)
        return len(asked)

    asked = []
    for dossier in dossiers(nadia, 3):
        payment = sell(dossier, nadia, at=NINE, terminal=terminal)
        corrected(payment, FREE, sofie)
        asked.append(queries())
    assert asked[0] == asked[1] == asked[2]
    assert len(day(office).corrections) == 3


def test_each_reversal_is_listed(
    office: Office, nadia: Clerk, sofie: Clerk, drawer: DrawerSession
) -> None:
    """A refused reversal is not listed, as it gave nothing back."""
    first, second = dossiers(nadia, 2)
    give_back(sell(first, nadia, at=NINE), nadia, sofie, at=NINE + HOUR)
    refused = ask_reversal(
        payment=sell(second, nadia, at=NINE),
        clerk=nadia,
        reason=ReversalReason.WRONG_AMOUNT,
        at=NINE,
    )
    refuse_reversal(reversal_id=refused.pk, supervisor=sofie, at=NINE)
    (line,) = day(office).reversals
    assert (line.reference, line.at, line.amount) == (
        first.reference,
        NINE + HOUR,
        Decimal("10.00"),
    )
    assert (line.asked_by, line.agreed_by) == ("nadia", "sofie")
    assert (line.reason, line.booked_as) == ("charged twice", "cash, drawer of nadia")
    assert day(office, WEDNESDAY).reversals == []


def test_each_waiver_is_listed_with_what_it_waives(
    office: Office, nadia: Clerk, sofie: Clerk
) -> None:
    (dossier,) = dossiers(nadia, 1)
    waive(dossier, nadia, sofie)
    (line,) = day(office).waivers
    assert (line.reference, line.at, line.amount) == (
        dossier.reference,
        NINE + HOUR,
        Decimal("10.00"),
    )
    assert (line.asked_by, line.agreed_by) == ("nadia", "sofie")
    assert line.reason == "the office's own mistake"
    assert day(office).taken == 0


def test_screen_and_paper_list_them(
    nadia: Clerk, sofie: Clerk, terminal: Terminal
) -> None:
    paid, waived = dossiers(nadia, 2)
    sold = sell(paid, nadia, at=NINE, terminal=terminal)
    give_back(sold, nadia, sofie, at=NINE + DAY)
    waive(waived, nadia, sofie)
    with time_machine.travel(NINE + 2 * DAY, tick=False):
        client = signed_in(sofie)
        for date, wanted in (
            (TUESDAY, (waived.reference, "The office's own mistake", "nadia")),
            (WEDNESDAY, (paid.reference, "Charged twice", "Bank transfer", "sofie")),
        ):
            texts = [
                client.get(
                    reverse("payments_closing:day", args=(date,))
                ).content.decode(),
                on_paper(
                    client.get(reverse("payments_closing:day_paper", args=(date,)))
                ),
            ]
            for text in texts:
                shown = " ".join(text.replace("&#x27;", "'").split())
                assert [word for word in wanted if word not in shown] == []


def on_paper(answer: object) -> str:
    content: bytes = getattr(answer, "content")  # noqa: B009
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(page.extract_text() for page in pages)


def test_a_drawer_over_midnight_counts_on_the_day_of_its_count(
    office: Office, nadia: Clerk, sofie: Clerk, drawer: DrawerSession
) -> None:
    """Tuesday has only its own cash; Wednesday has the float and the difference."""
    for dossier, at in zip(dossiers(nadia, 3), (NINE, LATE, EARLY), strict=True):
        sell(dossier, nadia, at=at)
    (tuesday,) = day(office).drawers
    assert (tuesday.cash, tuesday.status) == (Decimal("20.00"), "still open")
    assert not tuesday.is_counted
    (wednesday,) = day(office, WEDNESDAY).drawers
    assert (wednesday.cash, wednesday.status) == (Decimal("10.00"), "still open")

    deposit(
        drawer=drawer,
        clerk=nadia,
        amount=Decimal(50),
        reference="Z-1",
        submission=uuid.uuid4(),
        at=EARLY,
    )
    closed = count_and_close(drawer, 75, reason="Wisselgeld", at=EARLY + HOUR)
    (tuesday,) = day(office).drawers
    counted_on = f"counted on {date_format(WEDNESDAY, 'SHORT_DATE_FORMAT')}"
    assert (tuesday.cash, tuesday.status) == (Decimal("20.00"), counted_on)
    assert not tuesday.is_counted
    (wednesday,) = day(office, WEDNESDAY).drawers
    assert wednesday.is_counted
    assert [wednesday.before, wednesday.cash, wednesday.to_the_safe] == [20, 10, 50]
    assert wednesday.drawer.expected_amount == (
        wednesday.drawer.opening_float
        + wednesday.before
        + wednesday.cash
        - wednesday.to_the_safe
    )
    assert day(office, WEDNESDAY + DAY).drawers == []

    # The difference is listed on one day, the missing approval on both.
    exceptions = [day(office, date).exceptions for date in (TUESDAY, WEDNESDAY)]
    assert [sum("differs" in why for why in whys) for whys in exceptions] == [0, 1]
    assert [sum("not approved" in why for why in whys) for whys in exceptions] == [1, 1]
    approve_drawer(
        drawer=closed, count=1, supervisor=sofie, sealed_bag="Z", at=EARLY + HOUR
    )
    assert day(office).is_balanced


def test_cash_given_back_after_midnight_is_of_that_day(
    office: Office, nadia: Clerk, sofie: Clerk, drawer: DrawerSession
) -> None:
    payment = sell(dossiers(nadia, 1)[0], nadia, at=LATE)
    give_back(payment, nadia, sofie, at=EARLY)
    lines = [day(office, date).drawers[0] for date in (TUESDAY, WEDNESDAY)]
    assert [line.cash for line in lines] == [Decimal("10.00"), Decimal("-10.00")]
    for date, line in zip((TUESDAY, WEDNESDAY), lines, strict=True):
        closed = day(office, date)
        assert line.cash == closed.receipts[0].amount - closed.reversed_[0].amount


def test_one_counted_in_the_evening_and_closed_next_morning_is_the_evenings(
    office: Office, nadia: Clerk, drawer: DrawerSession
) -> None:
    """Nothing is booked on a drawer after its count, so it has no morning cash."""
    count_drawer(drawer=drawer, clerk=nadia, counts=fewest(Decimal(95)), at=LATE)
    close_drawer(drawer=drawer, count=1, clerk=nadia, reason="Wisselgeld", at=EARLY)
    (line,) = day(office).drawers
    assert (line.is_counted, line.status) == (True, "closed")
    assert day(office, WEDNESDAY).drawers == []

"""The supervisor's start page: each number, and the list that it leads to."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activation.codes.validity import key_end
from activation.desk import key_endings
from activation.models import DigitalKey
from counter.enums import Outcome, RedirectReason, Role
from counter.identity.euros import euros
from counter.models import Clerk, Dossier, Draft, Office, TurnedAway
from counter.overview import page
from counter.overview.chart import Cell, Chart, Column
from counter.overview.spans import until
from counter.staff import desks
from counter.supervision.menu import Heading
from payments.closing.report import takings
from payments.drawers.drawers import count_drawer
from payments.enums import Method
from payments.models import DrawerSession
from payments.taking.methods import PAID_BY
from payments.taking.taking import take_payment
from tests import cast
from tests.litany import signed_in
from tests.payments.corrections.methods import CASH, card, corrected
from tests.test_admin import whole

__all__ = ["whole"]

START = reverse("admin:index")
#: A Wednesday, in the week after the clocks changed on 29 March.
WEDNESDAY = datetime(2026, 4, 1, 8, tzinfo=UTC)
NOTHING, TEN = "€\N{NO-BREAK SPACE}0.00", "€\N{NO-BREAK SPACE}10.00"


@pytest.fixture
def wednesday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(WEDNESDAY, tick=False) as clock:
        yield clock


def start_page(client: Client) -> page.StartPage:
    answer = client.get(START)
    assert answer.status_code == 200
    shown: page.StartPage = answer.context["overview"]
    return shown


def figures(client: Client) -> dict[str, list[str]]:
    """For each label: today, the same day last week, this week, last week so far."""
    rows = start_page(client).rows
    return {str(row.label): [cell.text for cell in row.cells] for row in rows}


def queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as asked:
        start_page(client)
    return len(asked)


def waiting(client: Client) -> dict[str, int]:
    rows = start_page(client).waiting
    return {str(row.label): int(row.number.text) for row in rows}


def recorded_at(els: Clerk, at: datetime, number: str) -> Dossier:
    dossier = cast.make_dossier(cast.make_applicant(number), els)
    Dossier.objects.filter(pk=dossier.pk).update(recorded_at=at)
    return dossier


def test_a_day_is_compared_with_the_same_day_of_last_week_until_the_same_minute(
    els: Clerk, sofie_client: Client
) -> None:
    now = timezone.localtime()
    spans = until(now)
    week = timedelta(days=7)
    for number, at in (
        (cast.MARIE_NUMBER, spans.today.start),
        (cast.LEILA_NUMBER, spans.today.start - week),
        (cast.ANNA_NUMBER, now - week + timedelta(hours=1)),
    ):
        recorded_at(els, at, number)
    today, before, *_weeks = figures(sofie_client)["visits recorded"]
    assert (today, before) == ("1", "1")


def test_a_week_begins_on_monday_at_midnight_though_the_clocks_changed() -> None:
    """The clocks went forward on 29 March 2026: 23 March was still in winter time."""
    spans = until(WEDNESDAY)
    assert spans.week.start == datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert spans.week_before.start == datetime(2026, 3, 22, 23, tzinfo=UTC)
    assert spans.today_before.end == datetime(2026, 3, 25, 9, tzinfo=UTC)


def test_the_takings_stand_by_method_and_a_correction_moves_them(
    els: Clerk, sofie: Clerk, dossier: Dossier, sofie_client: Client
) -> None:
    now = timezone.now()
    payment = take_payment(
        dossier=dossier,
        clerk=els,
        method=Method.CASH,
        tendered=Decimal(20),
        terminal_slip="",
        at=now,
        submission=dossier.pk,
    )
    seen = figures(sofie_client)
    assert (seen["cash"][0], seen["card"][0]) == (TEN, NOTHING)
    terminal = cast.make_terminal(els, "Toonbank", "12345678")
    corrected(payment, card(terminal), sofie, at=now)
    seen = figures(sofie_client)
    assert (seen["cash"][0], seen["card"][0]) == (NOTHING, TEN)


def test_a_later_correction_moves_no_day_as_in_the_report(
    els: Clerk, sofie: Clerk, dossier: Dossier, sofie_client: Client
) -> None:
    """The terminal's total of its day stands, and nothing came into a drawer today."""
    then = timezone.now()
    terminal = cast.make_terminal(els, "Toonbank", "12345678")
    payment = take_payment(
        dossier=dossier,
        clerk=els,
        method=Method.CARD,
        tendered=None,
        terminal_slip="0042",
        terminal=terminal,
        at=then,
        submission=dossier.pk,
    )
    drawer, later = DrawerSession.objects.get(clerk=els), then + timedelta(hours=1)
    count_drawer(drawer=drawer, clerk=els, counts={}, at=later)
    tomorrow = then + timedelta(days=1)
    corrected(payment, CASH, sofie, at=tomorrow)
    for at in (then, tomorrow):
        date = timezone.localdate(at)
        report = takings(clerk=sofie, first=date, last=date, period="day").lines[0]
        shown = page.start_page(sofie, at=at + timedelta(seconds=1))
        seen = {str(row.label): row.cells[0].text for row in shown.rows}
        for method in PAID_BY:
            assert seen[str(method.label)] == euros(report.taken[method])


def test_those_turned_away_are_counted_by_what_became_of_them(
    els: Clerk, office: Office, sofie_client: Client
) -> None:
    TurnedAway.objects.create(
        submission=uuid.uuid4(),
        office=office,
        clerk=els,
        at=timezone.now(),
        outcome=Outcome.REDIRECTED,
        reason=next(iter(RedirectReason)),
    )
    seen = figures(sofie_client)
    assert seen["redirected to the free route"][0] == "1"
    assert seen["refused"][0] == "0"


def test_a_supervisor_sees_that_a_colleague_left_a_visit_unfinished(
    els: Clerk, gust: Clerk, sofie_client: Client
) -> None:
    for clerk in (els, gust):
        Draft.objects.create(
            clerk=clerk, submission=uuid.uuid4(), saved_at=timezone.now()
        )
    assert waiting(sofie_client)["visits begun and not finished"] == 1


def test_every_day_of_four_weeks_is_drawn_with_what_did_not_happen(
    whole: Dossier, sofie_client: Client
) -> None:
    chart = start_page(sofie_client).days
    assert len(chart.columns) == page.DAYS
    assert chart.columns[-1].cells[0].value == 1
    assert chart.columns[0].cells[0].value == 0
    assert len(chart.bars) == page.DAYS * len(chart.labels)
    assert len(chart.marks) == page.DAYS


def test_a_key_is_among_those_that_end_in_the_month_of_its_ten_years(
    whole: Dossier, sofie_client: Client
) -> None:
    key_endings.count_endings()
    (coming,) = start_page(sofie_client).to_come
    ends = [
        cell
        for _year, cells in coming.years
        for cell in cells
        if cell.address and cell.value
    ]
    assert len(coming.chart.columns) == page.MONTHS
    for cell in ends:
        listed = sofie_client.get(cell.address)
        assert listed.context["cl"].result_count == cell.value
    assert [cell.value for cell in ends] == [1]
    assert all(len(cells) <= 12 for _year, cells in coming.years)


def test_a_key_that_is_activated_today_is_in_the_chart(
    whole: Dossier, sofie_client: Client
) -> None:
    DigitalKey.objects.update(valid_until=key_end(timezone.now()))
    key_endings.count_endings()
    (coming,) = start_page(sofie_client).to_come
    assert [column.cells[0].value for column in coming.chart.columns][-1] == 1


def test_who_sits_where_is_shown_until_they_sign_out(
    els: Clerk, sofie_client: Client
) -> None:
    desk = desks.in_use(els)[0]
    desks.sit_at(clerk=els, desk=desk, at=timezone.now())
    assert sofie_client.get(START).context["at_work"] == [els]
    desks.sit_at(clerk=els, desk=None, at=timezone.now())
    assert sofie_client.get(START).context["at_work"] == []


def test_another_office_is_not_counted(whole: Dossier, other_office: Office) -> None:
    lies = cast.make_clerk("lies", other_office, desk="", role=Role.SUPERVISOR)
    lies_client = signed_in(lies)
    assert {text for row in figures(lies_client).values() for text in row} <= {
        "0",
        "-",
        NOTHING,
    }
    assert set(waiting(lies_client).values()) == {0}


def test_it_asks_the_database_as_often_for_many_as_for_one(
    whole: Dossier, office: Office, els: Clerk, sofie_client: Client
) -> None:
    key_endings.count_endings()
    queries(sofie_client)  # the first page of a browser writes that it is at work
    of_one = queries(sofie_client)
    for number in (cast.MARIE_NUMBER, cast.LEILA_NUMBER, cast.ANNA_NUMBER):
        dossier = cast.make_dossier(cast.make_applicant(number), els)
        cast.make_code(dossier, els)
        cast.make_enquiry(office)
        colleague = cast.make_clerk(f"c{number}", office, desk=f"Loket {number}")
        Draft.objects.create(
            clerk=colleague, submission=uuid.uuid4(), saved_at=timezone.now()
        )
    assert queries(sofie_client) == of_one


def test_the_menu_is_in_the_offices_order(sofie_client: Client) -> None:
    menu = sofie_client.get(START).context["app_list"]
    labels = [heading["name"] for heading in menu]
    assert labels == [heading.label for heading in Heading]
    listed = [entry["model"] for heading in menu for entry in heading["models"]]
    assert set(listed) == set(admin.site._registry)
    assert [entry["object_name"] for entry in menu[-1]["models"]] == [
        "Alarm",
        "JournalSeal",
        "ReceiptCounter",
        "DrawerMovement",
        "DrawerCount",
    ]


@pytest.mark.parametrize("most", [0, 1, 4, 5, 99, 100, 12_345])
def test_the_upright_axis_has_round_numbers_and_room_for_the_highest_bar(
    most: int,
) -> None:
    chart = Chart("", ["visits"], [Column("1 May", "1/5", [Cell(most, "")])])
    labels = [tick.label for tick in chart.ticks]
    assert len(labels) == 5
    assert labels[0] == 0
    assert labels[-1] >= most
    (bar,) = chart.bars
    assert 0 <= bar.height <= chart.floor
    assert bar.x + bar.width <= chart.width

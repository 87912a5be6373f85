"""The takings in the admin: what was taken, by period, method and clerk."""

import csv
import datetime
import html
import io
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format

from counter.models import Clerk, Dossier
from payments.closing import periods
from payments.closing.report import MOST_MARKS, takings
from payments.enums import Method
from tests import cast
from tests.payments.money_back import give_back
from tests.payments.reversals.test_service_reversing import paid

URL = "/admin/payments/payment/report/"


@pytest.fixture
def two_sales(dossier: Dossier, els: Clerk, bart: Clerk) -> None:
    """Peter pays cash at Els's desk, Marie by card at Bart's."""
    paid(dossier, els, Method.CASH)
    marie = cast.make_applicant(cast.MARIE_NUMBER, first_names="Marie")
    paid(cast.make_dossier(marie, bart, email="marie@example.org"), bart)


def test_the_route_is_the_payments_own() -> None:
    assert reverse("admin:payments_payment_report") == URL


def test_the_table_has_methods_and_clerks(two_sales: None, sofie: Clerk) -> None:
    today = timezone.localdate()
    report = takings(clerk=sofie, first=today, last=today, period="day")
    (line,) = report.lines
    assert (line.count, line.taken[Method.CASH], line.taken[Method.CARD]) == (
        2,
        Decimal(10),
        Decimal(10),
    )
    assert [line.label for line in report.clerks] == ["bart", "els"]
    assert [column.cells[0].value for column in report.chart.columns] == [20]


def test_each_payment_is_looked_up_once(two_sales: None, sofie: Clerk) -> None:
    today = timezone.localdate()
    with CaptureQueriesContext(connection) as asked:
        takings(clerk=sofie, first=today, last=today, period="day")
    every = [query["sql"] for query in asked.captured_queries]
    assert len([sql for sql in every if 'FROM "payments_payment"' in sql]) == 1
    assert len([sql for sql in every if 'FROM "payments_reversal"' in sql]) == 2


def test_a_day_without_money_has_its_place_in_table_chart_and_file(
    two_sales: None, sofie: Clerk, sofie_client: Client
) -> None:
    today = timezone.localdate()
    first = today - datetime.timedelta(days=9)
    report = takings(clerk=sofie, first=first, last=today, period="day")
    assert [line.label for line in report.lines] == [
        f"{first + datetime.timedelta(days=n)}" for n in range(10)
    ]
    assert [line.count for line in report.lines] == [0] * 9 + [2]
    assert len(report.chart.bars) == 10
    assert len(report.chart.marks) == 10
    query = {"first": f"{first}", "last": f"{today}", "period": "day"}
    with translation.override("en"):
        assert date_format(first, "l j F Y") in sofie_client.get(URL, query).text
    assert len(sofie_client.get(URL, {**query, "csv": "1"}).text.splitlines()) == 11


@pytest.mark.parametrize(
    ("period", "first", "last", "labels"),
    [
        ("week", (2026, 12, 30), (2027, 1, 5), ["2026-W53", "2027-W01"]),
        ("month", (2026, 1, 31), (2026, 3, 1), ["2026-01", "2026-02", "2026-03"]),
        (
            "day",
            (2028, 2, 28),
            (2028, 3, 1),
            ["2028-02-28", "2028-02-29", "2028-03-01"],
        ),
    ],
)
def test_periods_follow_each_other_over_the_ends_of_months_and_years(
    period: str,
    first: tuple[int, int, int],
    last: tuple[int, int, int],
    labels: list[str],
) -> None:
    days = periods.starts(datetime.date(*first), datetime.date(*last), period)
    assert [periods.code(day, period) for day in days] == labels


@pytest.mark.parametrize(("days", "is_too_long"), [(900, False), (901, True)])
def test_a_report_is_of_at_most_nine_hundred_days(
    sofie_client: Client, days: int, *, is_too_long: bool
) -> None:
    last = timezone.localdate()
    first = last - datetime.timedelta(days=days - 1)
    asked = {"first": f"{first}", "last": f"{last}", "period": "month"}
    answer = sofie_client.get(URL, asked)
    assert bool(answer.context["form"].errors.get("last")) == is_too_long


@pytest.mark.parametrize("days", [30, 899])
def test_a_long_time_has_labels_that_do_not_run_into_each_other(
    sofie: Clerk, days: int
) -> None:
    today = timezone.localdate()
    first = today - datetime.timedelta(days=days)
    report = takings(clerk=sofie, first=first, last=today, period="day")
    assert len(report.lines) == days + 1
    assert len(report.chart.marks) <= MOST_MARKS
    assert all(bar.width >= 1 for bar in report.chart.bars)


def test_what_was_given_back_counts_against_it(
    dossier: Dossier, els: Clerk, sofie: Clerk
) -> None:
    give_back(paid(dossier, els), els, sofie, at=timezone.now())
    today = timezone.localdate()
    report = takings(clerk=sofie, first=today, last=today, period="month")
    assert report.total == 0
    assert report.clerks[0].total == 0


def test_another_office_sees_none_of_it(two_sales: None, gust: Clerk) -> None:
    today = timezone.localdate()
    report = takings(clerk=gust, first=today, last=today, period="day")
    assert [line.count for line in report.lines] == [0]
    assert report.clerks == []


def test_the_page_shows_table_and_chart(two_sales: None, sofie_client: Client) -> None:
    page = sofie_client.get(URL).content.decode()
    assert "20.00" in page
    assert "<rect" in page


def test_the_csv_is_the_table(two_sales: None, sofie_client: Client) -> None:
    answer = sofie_client.get(URL, {"csv": "1", "period": "week"})
    rows = list(csv.reader(io.StringIO(answer.content.decode()), delimiter=";"))
    assert rows[-1][1:] == [
        "2",
        "10.00",
        "10.00",
        "0",
        *["0.00"] * 4,
        "20.00",
    ]


def test_the_clerks_have_a_file_of_their_own(
    two_sales: None, dossier: Dossier, els: Clerk, sofie: Clerk, sofie_client: Client
) -> None:
    give_back(cast.payment_of(dossier), els, sofie, at=timezone.now())
    page = sofie_client.get(URL).content.decode()
    (address,) = re.findall(r'href="(\?[^"]*csv=clerks)"', page)
    answer = sofie_client.get(URL + html.unescape(address))
    assert 'filename="takings-by-clerk.csv"' in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode()), delimiter=";"))
    assert rows[0][0] == "clerk"
    assert rows[1:] == [
        ["bart", "1", "0.00", "10.00", "0", *["0.00"] * 4, "10.00"],
        ["els", "1", "10.00", "0.00", "0", "10.00", *["0.00"] * 4],
    ]


@pytest.mark.parametrize(
    "query",
    [
        {"first": "gisteren"},
        {"first": "2026-02-01", "last": "2026-01-01"},
        {"first": "1000-01-01", "last": "2026-01-01"},
        {"first": "9999-12-01", "last": "9999-12-31"},
        {"period": "eeuw"},
        {"office": "x\0"},
    ],
)
def test_a_wrong_question_comes_back_with_what_is_wrong(
    sofie_client: Client, query: dict[str, str]
) -> None:
    answer = sofie_client.get(URL, query)
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()


def test_a_clerk_does_not_see_it(els_client: Client) -> None:
    assert els_client.get(URL).status_code in {302, 403}


@pytest.mark.parametrize("written", ["%d/%m/%Y", "%d,%m,%Y", "%d%m%Y", "%d / %m / %Y"])
def test_its_days_are_read_as_every_date_is(
    two_sales: None, sofie_client: Client, written: str
) -> None:
    day = f"{timezone.localdate():{written}}"
    answer = sofie_client.get(URL, {"first": day, "last": day})
    assert answer.context["form"].errors == {}
    assert answer.context["report"].total == 20


@pytest.mark.parametrize("first", ["30/07/26", "0026-07-30", "gisteren"])
def test_a_day_that_is_none_is_asked_again(sofie_client: Client, first: str) -> None:
    answer = sofie_client.get(URL, {"first": first})
    assert answer.context["form"].errors.keys() == {"first"}
    assert answer.context["report"] is None

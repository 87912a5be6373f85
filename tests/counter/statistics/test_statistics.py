"""Counts of an office by month, which tell nothing about one person."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from counter.enums import Reason, Role
from counter.identity.documents import DocumentType
from counter.models import Applicant, Clerk, Dossier, Office
from counter.statistics import year
from counter.statistics.suppressing import FEWEST, suppress_small
from tests import cast
from tests.litany import signed_in

pytestmark = pytest.mark.usefixtures("english")

PAGE = reverse("admin:statistics")
MAY = 4
#: An instant when the whole year is over.
END = datetime(2027, 1, 1, tzinfo=UTC)


def dossiers(els: Clerk, count: int, **values: object) -> None:
    """Make `count` dossiers of one person, recorded at noon in May 2026 by default."""
    person = Applicant.objects.first() or cast.make_applicant(cast.MARIE_NUMBER)
    noon = datetime(2026, 5, 12, 10, tzinfo=UTC)
    for number in range(count):
        dossier = cast.make_dossier(person, els)
        fields = {"recorded_at": noon + timedelta(days=number % 5)} | values
        Dossier.objects.filter(pk=dossier.pk).update(**fields)
        Dossier.objects.filter(pk=dossier.pk).update(
            state="cancelled", cancelled_at=noon
        )


def in_may(office: Office, title: str) -> dict[str, str]:
    """The cells of May in the table with this title, by their labels."""
    tables = {str(table.title): table for table in year.of(office, 2026, at=END).tables}
    return {str(line.label): line.cells[MAY] for line in tables[title].lines}


def test_visits_are_counted_in_their_month_in_brussels(
    els: Clerk, office: Office
) -> None:
    dossiers(els, 6, recorded_at=datetime(2026, 4, 30, 22, 30, tzinfo=UTC))
    assert year.of(office, 2026, at=END).visits.cells[3:5] == ["0", "6"]


def test_fewer_than_five_are_never_shown(els: Clerk, office: Office) -> None:
    dossiers(els, 4)
    assert year.of(office, 2026, at=END).visits.cells[MAY] == "<5"
    assert set(in_may(office, "Why they came").values()) <= {"<5", "0"}


def test_a_suppressed_number_cannot_be_calculated_from_the_sum(
    els: Clerk, office: Office
) -> None:
    dossiers(els, 9)
    leaving = Dossier.objects.order_by("pk")[:2].values("pk")
    Dossier.objects.filter(pk__in=list(leaving.values_list("pk", flat=True))).update(
        reason=Reason.LEAVING
    )
    assert year.of(office, 2026, at=END).visits.cells[MAY] == "9"
    assert list(in_may(office, "Why they came").values()) == ["<5", "<5"]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"a": 0, "b": 12}, {"a": 0, "b": 12}),
        ({"a": 1, "b": 12, "c": 9}, {"a": None, "b": 12, "c": None}),
        ({"a": 1, "b": 12, "c": 7}, {"a": None, "b": None, "c": None}),
        ({"a": 1, "b": 1, "c": 60}, {"a": None, "b": None, "c": None}),
        ({"a": 4, "b": 4, "c": 7, "d": 9}, {"a": None, "b": None, "c": None, "d": 9}),
        ({"a": 3}, {"a": None}),
        ({"a": FEWEST}, {"a": FEWEST}),
    ],
)
def test_one_alone_takes_the_next_smallest_with_it(
    counts: dict[str, int], expected: dict[str, int | None]
) -> None:
    assert suppress_small(counts) == expected


def test_each_kind_of_document_and_hour_has_its_line(
    els: Clerk, office: Office
) -> None:
    dossiers(els, 7)
    assert len(in_may(office, "Identity document")) == len(DocumentType)
    assert in_may(office, "Hour of the day")["12 h"] == "7"


def test_how_long_it_took_from_code_to_key(els: Clerk, office: Office) -> None:
    noon = datetime(2026, 5, 12, 10, tzinfo=UTC)
    for days in (0, 3, 20):
        dossiers(
            els,
            5,
            code_issued_at=noon,
            activated_at=noon + timedelta(days=days, hours=1),
        )
    dossiers(els, 5, code_issued_at=noon)
    seen = in_may(office, "From code to key")
    assert list(seen.values()) == ["5", "5", "0", "5", "5"]


def test_another_office_is_neither_counted_nor_offered(
    els: Clerk, other_office: Office, sofie_client: Client
) -> None:
    dossiers(els, 6)
    assert year.of(other_office, 2026, at=END).visits.cells[MAY] == "0"
    answer = sofie_client.get(PAGE, {"office": str(other_office.pk), "year": "2026"})
    assert answer.context["year"] is None
    assert "year" in answer.context["form"].fields


def test_the_file_says_the_same_as_the_page(
    els: Clerk, office: Office, sofie_client: Client
) -> None:
    dossiers(els, 6)
    answer = sofie_client.get(PAGE, {"year": "2026", "csv": "1"})
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert len(set(map(len, rows))) == 1
    assert [office.name, "2026-05", "Visits recorded", "Visits recorded", "6"] in rows
    assert "Janssens" not in text
    page = sofie_client.get(PAGE, {"year": "2026"})
    lines = sum(len(table.lines) for table in page.context["year"].tables) + 1
    assert len(rows) - 1 == page.context["year"].over * lines


@pytest.mark.parametrize("asked", ["1999", "abc", "\0", "99999999999"])
def test_a_year_that_is_none_gives_the_form_back(
    sofie_client: Client, office: Office, asked: str
) -> None:
    answer = sofie_client.get(PAGE, {"year": asked})
    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_a_month_is_shown_once_it_is_over(els: Clerk, office: Office) -> None:
    """Two readings within the month would show what one visit changed."""
    dossiers(els, 6)
    in_may_still = datetime(2026, 5, 31, 21, 59, tzinfo=UTC)
    year_shown = year.of(office, 2026, at=in_may_still)
    assert year_shown.over == 4
    assert len(year_shown.visits.cells) == 4
    assert len(year_shown.months) == 4
    in_june = datetime(2026, 5, 31, 22, tzinfo=UTC)
    assert year.of(office, 2026, at=in_june).visits.cells[MAY] == "6"


def test_of_a_month_nothing_is_said_while_a_code_of_it_may_still_be_used(
    els: Clerk, office: Office
) -> None:
    """Two readings of that month would show who activated a key in between."""
    noon = datetime(2026, 5, 12, 10, tzinfo=UTC)
    dossiers(els, 6, code_issued_at=noon)

    def may(at: datetime, title: str) -> set[str]:
        tables = {str(t.title): t for t in year.of(office, 2026, at=at).tables}
        return {line.cells[MAY] for line in tables[title].lines}

    in_june = datetime(2026, 6, 2, tzinfo=UTC)
    assert may(in_june, "From code to key") == {"-"}
    assert may(in_june, "From recording to code") >= {"6"}
    assert may(datetime(2026, 7, 2, tzinfo=UTC), "From code to key") == {"0", "6"}


def test_a_key_that_a_second_new_code_makes_later_still_changes_no_figure(
    els: Clerk, office: Office
) -> None:
    """Of three codes, each made on the last day of the one before."""
    issued = datetime(2026, 5, 31, 10, tzinfo=UTC)
    dossiers(els, 12, code_issued_at=issued)

    def may(at: datetime) -> list[str]:
        tables = {str(t.title): t for t in year.of(office, 2026, at=at).tables}
        return [line.cells[MAY] for line in tables["From code to key"].lines]

    settled = may(datetime(2026, 7, 1, tzinfo=UTC))
    late = Dossier.objects.order_by("pk")[:6].values("pk")
    Dossier.objects.filter(pk__in=list(late.values_list("pk", flat=True))).update(
        state="activated", activated_at=issued + timedelta(days=39)
    )
    assert settled == ["0", "0", "0", "0", "12"]
    assert may(datetime(2026, 8, 1, tzinfo=UTC)) == settled


def test_a_clerk_reads_none(els: Clerk) -> None:
    assert signed_in(els).get(PAGE).status_code in (302, 403)


def test_who_is_above_several_offices_chooses_one(
    office: Office, other_office: Office
) -> None:
    boss = cast.make_clerk("boss", None, desk="", role=Role.AUDITOR)
    answer = signed_in(boss).get(PAGE)
    assert answer.status_code == 200
    assert answer.context["year"] is None
    assert not answer.context["form"].errors
    chosen = signed_in(boss).get(PAGE, {"office": str(office.pk)})
    assert chosen.context["year"].office == office

"""A nightly task counts the months that are over; the page reads those counts."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from counter.enums import Reason
from counter.models import Clerk, Dossier, MonthCount, Office
from counter.statistics import counted_months, year
from counter.tasks import count_months
from tests.counter.statistics.test_statistics import END, dossiers

pytestmark = pytest.mark.usefixtures("english")

MUCH_LATER = datetime(2028, 1, 1, tzinfo=UTC)


def test_the_page_says_the_same_before_and_after_the_night(
    els: Clerk, office: Office
) -> None:
    dossiers(els, 7)
    before = year.as_csv(year.of(office, 2026, at=END))
    assert b"7" in before
    counted_months.keep(END)
    assert year.as_csv(year.of(office, 2026, at=END)) == before


def test_what_a_night_has_counted_is_not_counted_by_the_page(
    els: Clerk, office: Office
) -> None:
    dossiers(els, 7, recorded_at=datetime(2026, 1, 12, 10, tzinfo=UTC))
    counted_months.keep(MUCH_LATER)
    with CaptureQueriesContext(connection) as asked:
        shown = year.of(office, 2026, at=MUCH_LATER)
    assert shown.visits.cells[0] == "7"
    assert len(asked.captured_queries) == 1


def test_a_month_with_nobody_in_it_is_counted_once_too(
    els: Clerk, office: Office
) -> None:
    dossiers(els, 7)
    counted_months.keep(MUCH_LATER)
    with CaptureQueriesContext(connection) as asked:
        shown = year.of(office, 2027, at=MUCH_LATER)
    assert shown.visits.cells == ["0"] * 12
    assert len(asked.captured_queries) == 1


def test_what_is_put_right_soon_after_a_month_is_counted_again(
    els: Clerk, office: Office
) -> None:
    dossiers(els, 7)
    june = datetime(2026, 6, 2, tzinfo=UTC)
    counted_months.keep(june)
    Dossier.objects.update(reason=Reason.LEAVING)
    counted_months.keep(june)
    assert MonthCount.objects.filter(value=Reason.LEAVING, count=7).exists()
    Dossier.objects.update(reason=Reason.NO_OTHER_KEY)
    counted_months.keep(MUCH_LATER)
    # Long after its end a month is not counted again.
    assert MonthCount.objects.filter(value=Reason.LEAVING, count=7).exists()


def test_the_check_names_the_months_that_differ(
    els: Clerk, capsys: pytest.CaptureFixture[str]
) -> None:
    dossiers(els, 7, recorded_at=datetime(2025, 5, 12, 10, tzinfo=UTC))
    count_months()
    call_command("check_statistics")
    MonthCount.objects.filter(value=Reason.NO_OTHER_KEY).update(count=8)
    with pytest.raises(CommandError):
        call_command("check_statistics")
    assert "2025-05" in capsys.readouterr().err


def test_a_month_that_is_not_over_is_not_kept(els: Clerk) -> None:
    dossiers(els, 7, recorded_at=timezone.now())
    count_months()
    assert not MonthCount.objects.filter(
        month=timezone.localdate().replace(day=1)
    ).exists()

"""Makes the start page from the numbers that the apps register.

The number of queries is fixed: each number is measured once for all its spans.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from django.utils.dates import MONTHS_AP
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from counter.desk import registry
from counter.models import Clerk
from counter.offices import midnight
from counter.overview.brought import (
    Backlog,
    Figure,
    Forecast,
    Overview,
    Series,
    month_name,
)
from counter.overview.chart import Cell, Chart, Column
from counter.overview.spans import Span, Spans, until

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

#: Days in the chart of days, with today.
DAYS: Final = 28
#: Months in the charts of what is to come, with this month. A key of today ends in the
#: same month ten years later, which is the last of these.
MONTHS: Final = 121
_MONTHS_A_YEAR: Final = 12


@dataclass(frozen=True)
class LinkedNumber:
    """One number, with the URL of the list of what it counts."""

    text: str
    address: str


@dataclass(frozen=True)
class Row:
    """A figure for today, the same day last week, this week and last week."""

    label: "str | StrPromise"
    cells: Sequence[LinkedNumber]


@dataclass(frozen=True)
class Waiting:
    label: "str | StrPromise"
    number: LinkedNumber
    is_marked: bool


@dataclass(frozen=True)
class StartPage:
    spans: Spans
    rows: Sequence[Row]
    waiting: Sequence[Waiting]
    days: Chart
    to_come: "Sequence[Coming]"


@dataclass(frozen=True)
class Coming:
    """A forecast. `years` has a line of months for each year; past months are empty."""

    chart: Chart
    years: Sequence[tuple[int, Sequence[Cell]]]

    @property
    def month_names(self) -> list[str]:
        return [str(MONTHS_AP[month]) for month in range(1, 13)]


def start_page(clerk: Clerk, *, at: datetime) -> StartPage:
    """The start page at `at`, with what this supervisor may see."""
    overviews = [brought.overview for brought in registry.contributions()]
    spans = until(at)
    return StartPage(
        spans,
        [_row(clerk, figure, spans) for figure in _figures(overviews)],
        [_waiting(clerk, backlog, at) for backlog in _backlogs(overviews)],
        _days(clerk, _series(overviews), at),
        [_coming(clerk, forecast, at) for forecast in _forecasts(overviews)],
    )


def _figures(overviews: Iterable[Overview]) -> tuple[Figure, ...]:
    return registry.in_order(one for each in overviews for one in each.figures)


def _backlogs(overviews: Iterable[Overview]) -> tuple[Backlog, ...]:
    return registry.in_order(one for each in overviews for one in each.backlogs)


def _series(overviews: Iterable[Overview]) -> tuple[Series, ...]:
    return registry.in_order(one for each in overviews for one in each.series)


def _forecasts(overviews: Iterable[Overview]) -> tuple[Forecast, ...]:
    return registry.in_order(one for each in overviews for one in each.forecasts)


def _row(clerk: Clerk, figure: Figure, spans: Spans) -> Row:
    values = figure.measure(clerk, spans)
    cells = [
        LinkedNumber(figure.as_text(value), figure.address(span))
        for value, span in zip(values, spans, strict=True)
    ]
    return Row(figure.label, cells)


def _waiting(clerk: Clerk, backlog: Backlog, at: datetime) -> Waiting:
    count = backlog.count(clerk, at)
    number = LinkedNumber(str(count), backlog.address(at))
    return Waiting(backlog.label, number, backlog.is_urgent and count > 0)


def _days(clerk: Clerk, every: Sequence[Series], at: datetime) -> Chart:
    """The chart of every day of the last four weeks, also days with nothing."""
    today = localdate(at)
    dates = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    whole = Span(midnight.of(dates[0]), midnight.of(today + timedelta(days=1)))
    counted = [dict(series.by_day(clerk, whole)) for series in every]
    columns = []
    for day in dates:
        span = Span(midnight.of(day), midnight.of(day + timedelta(days=1)))
        cells = [
            Cell(by_day.get(day, 0), series.address(span))
            for series, by_day in zip(every, counted, strict=True)
        ]
        begins = day in (dates[0], day.replace(day=1))
        short = date_format(day, "j N" if begins else "j")
        columns.append(Column(date_format(day, "D j F"), short, cells))
    title = _("The last four weeks, by day")
    return Chart(title, [str(series.label) for series in every], columns)


def _coming(clerk: Clerk, forecast: Forecast, at: datetime) -> Coming:
    """A chart of MONTHS months. Each year's number is at its January."""
    first = localdate(at).replace(day=1)
    months = [_months_after(first, ahead) for ahead in range(MONTHS + 1)]
    whole = Span(localtime(at), midnight.of(months[-1]))
    by_month = dict(forecast.by_month(clerk, whole))
    columns, years = [], dict[int, list[Cell]]()
    for month, following in pairwise(months):
        start = max(midnight.of(month), localtime(at))
        span = Span(start, midnight.of(following))
        cell = Cell(by_month.get(month, 0), forecast.address(span))
        short = str(month.year) if month.month == 1 else ""
        columns.append(Column(month_name(month), short, [cell]))
        years.setdefault(month.year, []).append(cell)
    empty = [Cell(0, "")] * (first.month - 1)
    years[first.year] = [*empty, *years[first.year]]
    chart = Chart(str(forecast.label), [str(forecast.label)], columns)
    return Coming(chart, list(years.items()))


def _months_after(first: date, months: int) -> date:
    year, month = divmod(first.month - 1 + months, _MONTHS_A_YEAR)
    return date(first.year + year, month + 1, 1)

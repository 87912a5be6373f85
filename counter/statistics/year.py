"""The statistics of an office's year, by month, with small numbers hidden."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from django.utils.dates import MONTHS, MONTHS_AP
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from counter.desk import registry
from counter.models import Office
from counter.offices.plain_text import as_cell
from counter.overview.brought import NOTHING
from counter.overview.chart import Cell, Chart, Column
from counter.statistics import counted_months
from counter.statistics.brought import Breakdown
from counter.statistics.counted_months import ByMonth, Subject
from counter.statistics.suppressing import (
    FEWEST,
    MaybeSuppressed,
    suppress_if_small,
    suppress_small,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_MONTHS_A_YEAR: Final = 12
type Kept = Mapping[int, ByMonth]
#: The text in place of a hidden number.
SUPPRESSED: Final = f"<{FEWEST}"


@dataclass(frozen=True)
class Line:
    """A row of a table: a number for each month, or None for a hidden number.

    The last `unsettled` months have no number yet, because their visits may still
    change their values.
    """

    label: "str | StrPromise"
    numbers: Sequence[MaybeSuppressed]
    unsettled: int = 0

    @property
    def cells(self) -> list[str]:
        known = [SUPPRESSED if n is None else str(n) for n in self.numbers]
        return known + [NOTHING] * self.unsettled


@dataclass(frozen=True)
class Table:
    title: "str | StrPromise"
    lines: Sequence[Line]


@dataclass(frozen=True)
class Year:
    office: Office
    number: int
    #: How many months of the year are over; only these are shown. In a month that is
    #: not over, a reader who looks twice would see what a single visit changed.
    over: int
    visits: Line
    tables: Sequence[Table]

    @property
    def months(self) -> list[str]:
        return [str(MONTHS[month]) for month in range(1, self.over + 1)]

    @property
    def short_months(self) -> list[str]:
        return [str(MONTHS_AP[month]) for month in range(1, self.over + 1)]

    @property
    def headings(self) -> list[tuple[str, str]]:
        """For each month the name, and the short name for a narrow column."""
        return list(zip(self.months, self.short_months, strict=True))

    @property
    def chart(self) -> Chart:
        """The visits by month; a hidden number has no bar."""
        columns = [
            Column(month, short, [Cell(number or 0, "")])
            for (month, short), number in zip(
                self.headings, self.visits.numbers, strict=True
            )
        ]
        return Chart(_("Visits by month"), [str(self.visits.label)], columns)


def of(office: Office, number: int, *, at: datetime) -> Year:
    """The statistics of the months of that year that are over at `at`."""
    today = localdate(at)
    over = _MONTHS_A_YEAR if number < today.year else today.month - 1
    months = [date(number, month, 1) for month in range(1, over + 1)]
    kept = counted_months.kept(office, months)
    visits = _counted(counted_months.of_visits(), office, months, kept)
    numbers = [suppress_if_small(sum(visits[month].values())) for month in months]
    tables = [_table(each, office, months, kept, at) for each in registry.breakdowns()]
    return Year(office, number, over, Line(_("Visits recorded"), numbers), tables)


def _table(
    breakdown: Breakdown,
    office: Office,
    months: Sequence[date],
    kept: Kept,
    at: datetime,
) -> Table:
    """The table of a breakdown; months that are not settled have no numbers."""
    subject = counted_months.of_breakdown(breakdown)
    settled = subject.settled(months, at)
    counts = _counted(subject, office, settled, kept)
    labels = breakdown.labels()
    numbers = [_suppressed(labels, counts[month]) for month in settled]
    unsettled = len(months) - len(settled)
    lines = [
        Line(label, [month[value] for month in numbers], unsettled)
        for value, label in labels.items()
    ]
    return Table(breakdown.title, lines)


def _counted(
    subject: Subject, office: Office, months: Sequence[date], kept: Kept
) -> ByMonth:
    """The stored counts; a month without them is counted now."""
    known = kept.get(subject.code, {})
    missing = [month for month in months if month not in known]
    return known | counted_months.count(subject, office, missing)


def _suppressed(
    labels: Mapping[str, object], counts: Mapping[str, int]
) -> dict[str, MaybeSuppressed]:
    return suppress_small({value: counts.get(value, 0) for value in labels})


def as_csv(year: Year) -> bytes:
    """A CSV file, with a line for each number: office, month, subject, what, number."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow([_("office"), _("month"), _("subject"), _("what"), _("how many")])
    total = Table(year.visits.label, [year.visits])
    for table in (total, *year.tables):
        for line in table.lines:
            for month, cell in enumerate(line.cells, start=1):
                where = [as_cell(year.office.name), f"{year.number}-{month:02}"]
                writer.writerow([*where, str(table.title), str(line.label), cell])
    return out.getvalue().encode("utf-8-sig")

"""One office's year by month: every breakdown, with small numbers kept back."""

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from django.utils.dates import MONTHS, MONTHS_AP
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from counter.desk import registry
from counter.models import Dossier, Office
from counter.offices import midnight
from counter.offices.plain_text import as_cell
from counter.overview.brought import NOTHING
from counter.overview.chart import Cell, Chart, Column
from counter.overview.spans import Span
from counter.statistics.brought import Breakdown
from counter.statistics.counting import by_month
from counter.statistics.suppressing import FEWEST, Shown, shown, shown_alone

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_MONTHS_A_YEAR: Final = 12
#: What stands where a number is kept back.
KEPT_BACK: Final = f"<{FEWEST}"


@dataclass(frozen=True)
class Line:
    """A number for each month, None for what is kept back.

    `unsettled` months follow, of which it cannot be said yet.
    """

    label: "str | StrPromise"
    numbers: Sequence[Shown]
    unsettled: int = 0

    @property
    def cells(self) -> list[str]:
        known = [KEPT_BACK if n is None else str(n) for n in self.numbers]
        return known + [NOTHING] * self.unsettled


@dataclass(frozen=True)
class Table:
    title: "str | StrPromise"
    lines: Sequence[Line]


@dataclass(frozen=True)
class Year:
    office: Office
    number: int
    #: How many months of it are over, from January: the others are not shown. Who reads
    #: a month twice while it lasts would see what one visit changed.
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
        """Of each month the name, and what has room above a narrow column."""
        return list(zip(self.months, self.short_months, strict=True))

    @property
    def chart(self) -> Chart:
        """The visits by month; one that is kept back has no bar."""
        columns = [
            Column(month, short, [Cell(number or 0, "")])
            for (month, short), number in zip(
                self.headings, self.visits.numbers, strict=True
            )
        ]
        return Chart(_("Visits by month"), [str(self.visits.label)], columns)


def of(office: Office, number: int, *, at: datetime) -> Year:
    """The months of that year that are over at this time."""
    today = localdate(at)
    over = _MONTHS_A_YEAR if number < today.year else today.month - 1
    months = [date(number, month, 1) for month in range(1, over + 1)]
    span = Span(midnight.of(date(number, 1, 1)), midnight.of(date(number + 1, 1, 1)))
    rows = Dossier.objects.filter(office=office)
    counted = by_month(rows, "recorded_at", span, "office")
    visits = {month: count for month, _of, count in counted}
    numbers = [shown_alone(visits.get(month, 0)) for month in months]
    tables = [_table(each, office, months, at) for each in registry.breakdowns()]
    return Year(office, number, over, Line(_("Visits recorded"), numbers), tables)


def _table(
    breakdown: Breakdown, office: Office, months: Sequence[date], at: datetime
) -> Table:
    """Of the months of which nothing changes any more."""
    settled = [month for month in months if _end(month) + breakdown.settles <= at]
    counts: dict[date, dict[str, int]] = defaultdict(dict)
    if settled:
        span = Span(midnight.of(settled[0]), _end(settled[-1]))
        for month, value, count in breakdown.count(office, span):
            counts[month][value] = count
    labels = breakdown.labels()
    kept = [_kept(labels, counts.get(month, {})) for month in settled]
    unsettled = len(months) - len(settled)
    lines = [
        Line(label, [month[value] for month in kept], unsettled)
        for value, label in labels.items()
    ]
    return Table(breakdown.title, lines)


def _end(month: date) -> datetime:
    year, following = divmod(month.month, _MONTHS_A_YEAR)
    return midnight.of(date(month.year + year, following + 1, 1))


def _kept(labels: Mapping[str, object], counts: Mapping[str, int]) -> dict[str, Shown]:
    return shown({value: counts.get(value, 0) for value in labels})


def as_csv(year: Year) -> bytes:
    """A line for each number: office, month, subject, what, how many."""
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

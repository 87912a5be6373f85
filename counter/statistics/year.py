"""One office's year by month: every breakdown, with small numbers kept back."""

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Final

from django.utils.dates import MONTHS
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from counter.desk import registry
from counter.models import Dossier, Office
from counter.offices.plain_text import as_cell
from counter.overview.chart import Cell, Chart, Column
from counter.overview.spans import Span
from counter.statistics.brought import Breakdown
from counter.statistics.counting import by_month
from counter.statistics.suppressing import FEWEST, Shown, shown, shown_alone

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_MONTHS: Final = range(1, 13)
#: What stands where a number is kept back.
KEPT_BACK: Final = f"<{FEWEST}"


@dataclass(frozen=True)
class Line:
    """A number for each month, None for what is kept back."""

    label: "str | StrPromise"
    numbers: Sequence[Shown]

    @property
    def cells(self) -> list[str]:
        return [KEPT_BACK if n is None else str(n) for n in self.numbers]


@dataclass(frozen=True)
class Table:
    title: "str | StrPromise"
    lines: Sequence[Line]


@dataclass(frozen=True)
class Year:
    office: Office
    number: int
    visits: Line
    tables: Sequence[Table]

    @property
    def months(self) -> list[str]:
        return [str(MONTHS[month]) for month in _MONTHS]

    @property
    def chart(self) -> Chart:
        """The visits by month; one that is kept back has no bar."""
        columns = [
            Column(month, month[:3], [Cell(number or 0, "")])
            for month, number in zip(self.months, self.visits.numbers, strict=True)
        ]
        return Chart(_("Visits by month"), [str(self.visits.label)], columns)


def of(office: Office, number: int) -> Year:
    """The year as it is known now; months to come are zero."""
    span = Span(_midnight(date(number, 1, 1)), _midnight(date(number + 1, 1, 1)))
    rows = Dossier.objects.filter(office=office)
    visits = {
        month: count
        for month, _of, count in by_month(rows, "recorded_at", span, "office")
    }
    return Year(
        office,
        number,
        Line(
            _("Visits recorded"),
            [shown_alone(visits.get(date(number, month, 1), 0)) for month in _MONTHS],
        ),
        [
            _table(breakdown, office, span, number)
            for breakdown in registry.breakdowns()
        ],
    )


def _table(breakdown: Breakdown, office: Office, span: Span, number: int) -> Table:
    counts: dict[date, dict[str, int]] = defaultdict(dict)
    for month, value, count in breakdown.count(office, span):
        counts[month][value] = count
    labels = breakdown.labels()
    months = [
        _kept(labels, counts.get(date(number, month, 1), {})) for month in _MONTHS
    ]
    lines = [
        Line(label, [month[value] for month in months])
        for value, label in labels.items()
    ]
    return Table(breakdown.title, lines)


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
            for month, cell in zip(_MONTHS, line.cells, strict=True):
                where = [as_cell(year.office.name), f"{year.number}-{month:02}"]
                writer.writerow([*where, str(table.title), str(line.label), cell])
    return out.getvalue().encode("utf-8-sig")


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time()))

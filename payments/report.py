"""Takings over time, for the supervisor: a table, a chart, and the same as CSV.

Money counts on the day it was taken, by the clock of Brussels; a confirmed reversal
counts against the day it was confirmed. Amounts are euros.
"""

import csv
import datetime
import io
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db.models import Count, Sum
from django.db.models.functions import TruncDay, TruncMonth, TruncWeek
from django.utils.translation import gettext as _

from counter.models import Clerk
from counter.plain_text import as_cell
from payments.day import day_bounds
from payments.day_lines import ZERO
from payments.enums import Method
from payments.models import Payment, Reversal

PERIODS: Final = {"day": TruncDay, "week": TruncWeek, "month": TruncMonth}
#: A bar of each day is at least one unit of the chart's thousand.
LONGEST: Final = datetime.timedelta(days=999)


@dataclass
class Line:
    """One period: how many payments, by method, less what was given back."""

    label: str
    count: int = 0
    cash: Decimal = ZERO
    card: Decimal = ZERO
    waived: int = 0
    given_back: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.cash + self.card - self.given_back

    def add(self, method: str, count: int, amount: Decimal) -> None:
        self.count += count
        if method == Method.CASH:
            self.cash += amount
        elif method == Method.CARD:
            self.card += amount
        else:
            self.waived += count


@dataclass(frozen=True)
class Bar:
    """A bar of the chart in its own units: 1000 wide, 300 high, from the top left."""

    x: int
    y: int
    width: int
    height: int
    label: str


@dataclass(frozen=True)
class Report:
    lines: list[Line]
    clerks: list[Line]

    @property
    def total(self) -> Decimal:
        return sum((line.total for line in self.lines), ZERO)

    @property
    def bars(self) -> list[Bar]:
        """Heights in proportion to the largest period; whole numbers, no floats."""
        most = max((line.total for line in self.lines), default=ZERO)
        if most <= 0:
            return []
        step = max(1000 // len(self.lines), 1)
        bars = []
        for place, line in enumerate(self.lines):
            height = max(int(280 * max(line.total, ZERO) / most), 1)
            bars.append(
                Bar(
                    place * step,
                    290 - height,
                    max(step - 4, 1),
                    height,
                    f"{line.label}: € {line.total:.2f}",
                )
            )
        return bars


def takings(
    *,
    clerk: Clerk,
    first: datetime.date,
    last: datetime.date,
    period: str,
    office_id: int | None = None,
) -> Report:
    """What the supervisor may see of the days `first` to `last`, both included.

    `period` is one of PERIODS. KeyError otherwise.
    """
    truncate = PERIODS[period]
    start, end = day_bounds(first)[0], day_bounds(last)[1]
    payments = Payment.objects.visible_to(clerk).taken_between(start, end)
    reversals = (
        Reversal.objects.visible_to(clerk)
        .confirmed()
        .filter(decided_at__gte=start, decided_at__lt=end)
    )
    if office_id is not None:
        payments = payments.of_office(office_id)
        reversals = reversals.of_office(office_id)
    by_period: dict[str, Line] = {}
    counted = payments.order_by().annotate(period=truncate("taken_at"))
    for start_, method, count, total in counted.values_list(
        "period", "method"
    ).annotate(n=Count("pk"), total=Sum("amount")):
        label = _label(start_, period)
        by_period.setdefault(label, Line(label)).add(method, count, total)
    given_back = reversals.order_by().annotate(period=truncate("decided_at"))
    for start_, total in given_back.values_list("period").annotate(total=Sum("amount")):
        label = _label(start_, period)
        by_period.setdefault(label, Line(label)).given_back += total
    by_clerk: dict[str, Line] = {}
    for name, method, count, total in (
        payments.order_by("taken_by__username")
        .values_list("taken_by__username", "method")
        .annotate(n=Count("pk"), total=Sum("amount"))
    ):
        by_clerk.setdefault(name, Line(name)).add(method, count, total)
    for name, total in (
        reversals.order_by("payment__taken_by__username")
        .values_list("payment__taken_by__username")
        .annotate(total=Sum("amount"))
    ):
        by_clerk.setdefault(name, Line(name)).given_back += total
    lines = sorted(by_period.values(), key=lambda line: line.label)
    return Report(lines, list(by_clerk.values()))


def _label(start: datetime.datetime, period: str) -> str:
    """2026-11-24, 2026-W48 or 2026-11: they sort as they follow each other."""
    if period == "month":
        return f"{start:%Y-%m}"
    if period == "week":
        year, week, _day = start.isocalendar()
        return f"{year}-W{week:02d}"
    return f"{start:%Y-%m-%d}"


def as_csv(report: Report) -> bytes:
    """The table by period, with semicolons as spreadsheets in Belgium read it."""
    return _written(_("period"), report.lines)


def clerks_as_csv(report: Report) -> bytes:
    """The same of the table by clerk."""
    return _written(_("clerk"), report.clerks)


def _written(heading: str, lines: list[Line]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        [
            heading,
            _("payments"),
            _("cash"),
            _("card"),
            _("waivers"),
            _("given back"),
            _("total"),
        ]
    )
    for line in lines:
        amounts = (line.cash, line.card, line.given_back, line.total)
        cash, card, back, total = (f"{amount:.2f}" for amount in amounts)
        writer.writerow(
            [as_cell(line.label), line.count, cash, card, line.waived, back, total]
        )
    return out.getvalue().encode()

"""The report of the takings over time, as tables, a chart and CSV files.

Money counts on the day in Brussels on which it was taken. Money given back is
subtracted on the day, and under the refund method, of that. Amounts are euros.
"""

import csv
import datetime
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, assert_never

from django.db.models import Count, F, Sum
from django.db.models.functions import TruncDay, TruncMonth, TruncWeek
from django.utils.translation import gettext as _

from counter.models import Clerk
from counter.offices.plain_text import as_cell
from counter.overview.chart import Cell, Chart, Column
from payments.closing import periods
from payments.closing.clerk_names import names_of
from payments.closing.day import day_bounds
from payments.closing.day_lines import ZERO
from payments.enums import Method, RefundMethod
from payments.models import Payment, Reversal
from payments.querysets import AS_TAKEN, PaymentQuerySet, ReversalQuerySet
from payments.taking.methods import PAID_BY, Place, lying_in, record

PERIODS: Final = {"day": TruncDay, "week": TruncWeek, "month": TruncMonth}
#: The longest report. With more days, a bar of the chart would be too narrow to see.
LONGEST: Final = datetime.timedelta(days=900)
#: How many labels have room under the chart.
MOST_MARKS: Final = 16


@dataclass
class Line:
    """The figures of one period or one clerk.

    `label` is for the CSV file, `words` for the page, `short` for the axis of the
    chart.

    A corrected payment counts under the right method. A correction that came too late
    for a drawer or terminal is in `corrected` instead, so that the cash is the same as
    in the drawers.
    """

    label: str
    words: str = ""
    short: str = ""
    count: int = 0
    #: The amount taken by each method with which a person pays.
    taken: dict[Method, Decimal] = field(
        default_factory=lambda: dict.fromkeys(PAID_BY, ZERO)
    )
    waived: int = 0
    back_cash: Decimal = ZERO
    back_card: Decimal = ZERO
    back_transfer: Decimal = ZERO
    corrected: Decimal = ZERO

    @property
    def given_back(self) -> Decimal:
        return self.back_cash + self.back_card + self.back_transfer

    @property
    def net_cash(self) -> Decimal:
        """Cash taken minus cash given back, the same as in the office's drawers."""
        in_drawers = (self.taken[method] for method in lying_in(Place.DRAWER))
        return sum(in_drawers, -self.back_cash)

    @property
    def total(self) -> Decimal:
        return sum(self.taken.values(), self.corrected - self.given_back)

    def add(self, method: Method, count: int, amount: Decimal, *, late: bool) -> None:
        """Add payments of a method; for those reversed by a correction `count` and
        `amount` are negative.
        """
        if late:
            self.corrected += amount
        elif record(method).is_paid:
            self.taken[method] += amount
        else:
            self.waived += count

    def give_back(self, method: RefundMethod, amount: Decimal) -> None:
        match method:
            case RefundMethod.CASH:
                self.back_cash += amount
            case RefundMethod.TERMINAL:
                self.back_card += amount
            case RefundMethod.TRANSFER:
                self.back_transfer += amount
            case RefundMethod.BOOKS:
                raise ValueError("Nobody got money: it is in the books only.")
            case _:
                assert_never(method)


@dataclass(frozen=True)
class Report:
    lines: list[Line]
    clerks: list[Line]

    @property
    def methods(self) -> tuple[Method, ...]:
        """The methods that have a column in the table, in order."""
        return PAID_BY

    @property
    def columns_before_total(self) -> int:
        return 7 + len(PAID_BY)

    @property
    def total(self) -> Decimal:
        return sum((line.total for line in self.lines), ZERO)

    @property
    def chart(self) -> Chart:
        """A bar chart of the total by period, in whole euros; a negative one is 0."""
        every = max(-(-len(self.lines) // MOST_MARKS), 1)
        title = _("Takings")
        return Chart(
            title,
            [title],
            [
                Column(
                    line.words,
                    line.short if place % every == 0 else "",
                    [Cell(max(int(line.total), 0), "")],
                )
                for place, line in enumerate(self.lines)
            ],
        )


def takings(
    *,
    clerk: Clerk,
    first: datetime.date,
    last: datetime.date,
    period: str,
    office_id: int | None = None,
) -> Report:
    """The report of the days from `first` to `last`, for the offices `clerk` may see.

    `period` is a key of PERIODS; raises KeyError otherwise. `office_id` limits it to
    one office.
    """
    truncate = PERIODS[period]
    payments, reversals = _rows(clerk, first, last, office_id)
    by_period, by_clerk = _added_up(
        payments.annotate(start=truncate("taken_at"), by=F("taken_by")),
        reversals.annotate(start=truncate("booked_on"), by=F("payment__taken_by")),
        period,
    )
    starts = periods.starts(first, last, period)
    return Report(_every_period(by_period, starts, period), _by_name(by_clerk))


def _rows(
    clerk: Clerk, first: datetime.date, last: datetime.date, office_id: int | None
) -> tuple[PaymentQuerySet[Any], ReversalQuerySet[Any]]:
    """Payments and settled reversals of these days, of one or all visible offices."""
    start, end = day_bounds(first)[0], day_bounds(last)[1]
    payments = Payment.objects.visible_to(clerk).taken_between(start, end).order_by()
    reversals = (
        Reversal.objects.visible_to(clerk)
        .settled()
        .filter(booked_on__range=(first, last))
        .order_by()
    )
    if office_id is None:
        return payments, reversals
    return payments.of_office(office_id), reversals.of_office(office_id)


def _by_name(lines: list[Line]) -> list[Line]:
    """Replace the labels, which are ids of clerks, by the clerks' names, and sort."""
    names = names_of(int(line.label) for line in lines)
    for line in lines:
        line.label = names[int(line.label)]
    return sorted(lines, key=lambda line: line.label)


def _added_up(
    payments: PaymentQuerySet[Any], reversals: ReversalQuerySet[Any], period: str
) -> tuple[list[Line], list[Line]]:
    """One line for each period, and one for each clerk, labelled by the clerk's id.

    The rows are annotated with the `start` of their period and with `by`, the clerk's
    id. One query for the payments gives both.
    """
    by_period: dict[str, Line] = {}
    by_clerk: dict[str, Line] = {}
    summed = {"n": Count("pk"), "total": Sum("amount")}

    def lines(start: datetime.date, by: int) -> tuple[Line, Line]:
        code, clerk = periods.code(start, period), str(by)
        return (
            by_period.setdefault(code, Line(code)),
            by_clerk.setdefault(clerk, Line(clerk)),
        )

    taken = payments.values_list("start", "by", "method", "late").annotate(
        **summed, people=Count("pk", filter=AS_TAKEN)
    )
    for start, by, method, late, count, total, people in taken:
        for line in lines(start, by):
            line.count += people
            line.add(Method(method), count, total, late=late)
    wrong = reversals.corrections().values_list("start", "by", "method", "late")
    for start, by, method, late, count, total in wrong.annotate(**summed):
        for line in lines(start, by):
            line.add(Method(method), -count, -total, late=late)
    back = reversals.money().values_list("start", "by", "refund_method")
    for start, by, method, total in back.annotate(total=Sum("amount")):
        for line in lines(start, by):
            line.give_back(RefundMethod(method), total)
    return _in_order(by_period), _in_order(by_clerk)


def _in_order(lines: dict[str, Line]) -> list[Line]:
    return [lines[label] for label in sorted(lines)]


def _every_period(
    lines: list[Line], starts: Iterable[datetime.date], period: str
) -> list[Line]:
    """The lines in order, with one added for each period without money."""
    there = {line.label: line for line in lines}
    complete = []
    for start in starts:
        label = periods.code(start, period)
        line = there.get(label) or Line(label)
        line.words = periods.words(start, period)
        line.short = periods.short(start, period)
        complete.append(line)
    return complete


def as_csv(report: Report) -> bytes:
    """The table by period as CSV, with semicolons for Belgian spreadsheet programs."""
    return _written(_("period"), report.lines)


def clerks_as_csv(report: Report) -> bytes:
    """The table by clerk as CSV, in the same format."""
    return _written(_("clerk"), report.clerks)


def _written(heading: str, lines: list[Line]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        [
            heading,
            _("payments"),
            *(str(method.label) for method in PAID_BY),
            _("waivers"),
            _("given back in cash"),
            _("given back on a terminal"),
            _("given back by bank transfer"),
            _("corrected later"),
            _("total"),
        ]
    )
    for line in lines:
        taken = [f"{amount:.2f}" for amount in line.taken.values()]
        backs = (line.back_cash, line.back_card, line.back_transfer)
        rest = [f"{amount:.2f}" for amount in (*backs, line.corrected, line.total)]
        writer.writerow([as_cell(line.label), line.count, *taken, line.waived, *rest])
    return out.getvalue().encode()

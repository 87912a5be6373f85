"""A day of an office's money: what came in, what went back, and what does not add up.

Nothing is written here. A day is a date in Brussels; amounts are euros.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from counter.enums import DossierState
from counter.models import Dossier, Office
from payments.enums import DrawerState, Method
from payments.models import (
    DrawerSession,
    Payment,
    Receipt,
    Reversal,
    Terminal,
    TerminalTotal,
)

ZERO = Decimal("0.00")


def day_bounds(date: datetime.date) -> tuple[datetime.datetime, datetime.datetime]:
    """From midnight in Brussels until just before the next: 23, 24 or 25 hours."""
    zone = timezone.get_default_timezone()
    start = datetime.datetime.combine(date, datetime.time.min, zone)
    following = date + datetime.timedelta(days=1)
    return start, datetime.datetime.combine(following, datetime.time.min, zone)


@dataclass(frozen=True)
class Taken:
    """So many payments of one kind, or of one clerk, and what they come to."""

    label: str | Promise
    count: int
    amount: Decimal


@dataclass(frozen=True)
class TerminalLine:
    """`taken` less what was given back on it; `total` as the supervisor typed it."""

    label: str
    taken: Decimal
    total: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        return None if self.total is None else self.total - self.taken


@dataclass(frozen=True)
class Day:
    """All that the close of a day says. `exceptions` are sentences."""

    office: Office
    date: datetime.date
    receipts: list[Taken]
    waivers: int
    reversed_: list[Taken]
    codes_issued: int
    paid: int
    first_receipt: str
    last_receipt: str
    drawers: list[DrawerSession]
    terminals: list[TerminalLine]
    clerks: list[Taken]
    exceptions: list[str] = field(default_factory=list)

    @property
    def taken(self) -> Decimal:
        return sum((line.amount for line in self.receipts), ZERO)

    @property
    def given_back(self) -> Decimal:
        return sum((line.amount for line in self.reversed_), ZERO)

    @property
    def balance(self) -> Decimal:
        return self.taken - self.given_back

    @property
    def is_balanced(self) -> bool:
        return not self.exceptions


def close_of_day(*, office: Office, date: datetime.date) -> Day:
    """Add up one day of one office, and name every exception."""
    start, end = day_bounds(date)
    payments = Payment.objects.of_office(office).taken_between(start, end)
    reversals = (
        Reversal.objects.of_office(office)
        .confirmed()
        .filter(decided_at__gte=start, decided_at__lt=end)
    )
    receipts = Receipt.objects.of_office(office).filter(
        payment__taken_at__gte=start, payment__taken_at__lt=end
    )
    ordered = receipts.order_by("year", "number")
    first, last = ordered.first(), ordered.last()
    dossiers = Dossier.objects.filter(office=office)
    # Those that were with a clerk at some time of the day, from another day too.
    drawers = DrawerSession.objects.of_office(office).filter(
        Q(closed_at__isnull=True) | Q(closed_at__gte=start), opened_at__lt=end
    )
    day = Day(
        office=office,
        date=date,
        receipts=_by_method(payments.exclude(method=Method.WAIVER)),
        waivers=payments.filter(method=Method.WAIVER).count(),
        reversed_=_by_method(reversals),
        codes_issued=dossiers.filter(
            code_issued_at__gte=start, code_issued_at__lt=end
        ).count(),
        paid=payments.count(),
        first_receipt=first.label if first else "",
        last_receipt=last.label if last else "",
        drawers=list(drawers.select_related("clerk", "approved_by")),
        terminals=_terminals(office, date, payments, reversals),
        clerks=_by_clerk(payments),
    )
    day.exceptions.extend(_exceptions(day, payments, receipts, reversals))
    return day


def _by_method(rows: QuerySet[Payment] | QuerySet[Reversal]) -> list[Taken]:
    found = {
        row["method"]: (row["n"], row["total"])
        for row in rows.order_by()
        .values("method")
        .annotate(n=Count("pk"), total=Sum("amount"))
    }
    return [
        Taken(method.label, *found.get(method.value, (0, ZERO)))
        for method in (Method.CASH, Method.CARD)
    ]


def _by_clerk(payments: QuerySet[Payment]) -> list[Taken]:
    rows = (
        payments.order_by()
        .values("taken_by__username")
        .annotate(n=Count("pk"), total=Sum("amount"))
        .order_by("taken_by__username")
    )
    return [Taken(row["taken_by__username"], row["n"], row["total"]) for row in rows]


def _terminals(
    office: Office,
    date: datetime.date,
    payments: QuerySet[Payment],
    reversals: QuerySet[Reversal],
) -> list[TerminalLine]:
    """One line a terminal; what was booked on none has a line of its own."""
    cards = payments.filter(method=Method.CARD)
    back = reversals.filter(method=Method.CARD, by_bank_transfer=False)
    totals = {
        total.terminal_id: total.amount
        for total in TerminalTotal.objects.filter(terminal__office=office, date=date)
    }
    lines = []
    for terminal in Terminal.objects.of_office(office):
        taken = _sum(cards.filter(terminal=terminal))
        given = _sum(back.filter(payment__terminal=terminal))
        total = totals.get(terminal.pk)
        if terminal.is_active or taken or given or total is not None:
            lines.append(TerminalLine(str(terminal), taken - given, total))
    loose = _sum(cards.filter(terminal=None)) - _sum(
        back.filter(payment__terminal=None)
    )
    if loose:
        lines.append(TerminalLine(_("no terminal named"), loose, None))
    return lines


def _sum(rows: QuerySet[Payment] | QuerySet[Reversal]) -> Decimal:
    total: Decimal | None = rows.aggregate(total=Sum("amount"))["total"]
    return ZERO if total is None else total


def _exceptions(
    day: Day,
    payments: QuerySet[Payment],
    receipts: QuerySet[Receipt],
    reversals: QuerySet[Reversal],
) -> Iterator[str]:
    if day.codes_issued != day.paid:
        yield _("Codes issued: %(codes)d; payments and waivers: %(payments)d.") % {
            "codes": day.codes_issued,
            "payments": day.paid,
        }
    yield from _holes(receipts)
    without = payments.filter(receipt__isnull=True).count()
    if without:
        yield _("Payments without a receipt: %(n)d.") % {"n": without}
    stuck = payments.filter(dossier__state=DossierState.PAID)
    for payment in stuck.select_related("dossier")[:20]:
        yield _("Dossier %(reference)s was paid and has no code.") % {
            "reference": payment.dossier.reference
        }
    for drawer in day.drawers:
        yield from _about_drawer(drawer)
    for line in day.terminals:
        yield from _about_terminal(line)
    start, end = day_bounds(day.date)
    asked_today = Q(asked_at__gte=start, asked_at__lt=end)
    waiting = Reversal.objects.of_office(day.office).asked()
    if n := waiting.filter(Q(payment__in=payments) | asked_today).count():
        yield _("Reversals that wait for a supervisor: %(n)d.") % {"n": n}
    if n := reversals.filter(by_bank_transfer=True).count():
        yield _("Reversals for the finance service to pay back: %(n)d.") % {"n": n}


def _holes(receipts: QuerySet[Receipt]) -> Iterator[str]:
    """Numbers that are nobody's, from the last one before the day's first on."""
    rows = receipts.order_by("year", "number")
    first, last = rows.first(), rows.last()
    if first is None or last is None or first.year != last.year:
        return
    year = Receipt.objects.filter(office=first.office_id, year=first.year)
    before = year.filter(number__lt=first.number).aggregate(last=Max("number"))["last"]
    between = year.filter(number__gte=first.number, number__lte=last.number).count()
    missing = last.number - (before or 0) - between
    if missing:
        yield _("Receipt numbers missing: %(n)d.") % {"n": missing}


def _about_drawer(drawer: DrawerSession) -> Iterator[str]:
    said = {"drawer": str(drawer), "state": drawer.get_state_display()}
    if drawer.state != DrawerState.APPROVED:
        yield _("Drawer %(drawer)s is %(state)s, not approved.") % said
    if drawer.difference:
        yield _("Drawer %(drawer)s differs by € %(amount)s: %(why)s") % {
            **said,
            "amount": number_format(drawer.difference, 2),
            "why": drawer.difference_reason or "-",
        }


def _about_terminal(line: TerminalLine) -> Iterator[str]:
    if line.total is None and line.taken:
        yield _("Terminal %(name)s: no day total was noted.") % {"name": line.label}
    elif line.difference:
        yield _("Terminal %(name)s differs by € %(amount)s.") % {
            "name": line.label,
            "amount": number_format(line.difference, 2),
        }

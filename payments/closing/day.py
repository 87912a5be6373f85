"""The close of a day: an office's money in and out, and all that does not agree.

This module only reads. A day is a date in Brussels; amounts are euros. Money counts on
the day it was taken or given back, under the method or the refund method of that.

A drawer that is open over midnight is in the close of each of these days, with the cash
of that day. Its float, count and difference are only in the close of the day on which
it was counted, so no sum is in two closes. The closes of the days before say "still
open", and later on which day it was counted. All of them say that the drawer is not
approved yet, because it has cash of all these days.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from counter.database.first_rows import first_rows
from counter.enums import DossierState
from counter.identity.euros import euros
from counter.models import Dossier, Office
from counter.offices import midnight
from payments.closing import day_lines, drawer_lines
from payments.closing.day_lines import ZERO, Correction, Taken
from payments.closing.drawer_lines import Bag, DrawerLine, TerminalLine
from payments.enums import DrawerState
from payments.models import Payment, Receipt, Reversal
from payments.querysets import PaymentQuerySet, ReversalQuerySet

#: How many paid dossiers without a code are named at most.
_MOST_STUCK: Final = 20


def day_bounds(date: datetime.date) -> tuple[datetime.datetime, datetime.datetime]:
    """Midnight in Brussels at the start of the day, and the next one (not included).

    Between them are 23, 24 or 25 hours.
    """
    return midnight.of(date), midnight.of(date + datetime.timedelta(days=1))


@dataclass(frozen=True)
class Day:
    """The figures of the close of a day. `exceptions` are texts of what is wrong."""

    office: Office
    date: datetime.date
    receipts: list[Taken]
    waivers: list[Correction]
    reversed_: list[Taken]
    corrected: list[Taken]
    corrections: list[Correction]
    reversals: list[Correction]
    codes_issued: int
    paid: int
    first_receipt: str
    last_receipt: str
    drawers: list[DrawerLine]
    bags: list[Bag]
    terminals: list[TerminalLine]
    clerks: list[Taken]
    notes: list[str]
    exceptions: list[str] = field(default_factory=list)

    @property
    def taken(self) -> Decimal:
        return sum((line.amount for line in self.receipts), ZERO)

    @property
    def given_back(self) -> Decimal:
        return sum((line.amount for line in self.reversed_), ZERO)

    @property
    def balance(self) -> Decimal:
        corrected = sum((line.amount for line in self.corrected), ZERO)
        return self.taken - self.given_back + corrected

    @property
    def net_cash(self) -> Decimal:
        """Cash taken minus cash given back, without deposits to the safe."""
        taken = _in_drawers(self.receipts) + _in_drawers(self.corrected)
        return taken - _in_drawers(self.reversed_)

    @property
    def is_balanced(self) -> bool:
        return not self.exceptions

    @property
    def who_sign(self) -> list[str]:
        """The names of the clerks whose drawers were counted on the day, each once."""
        clerks = (str(line.drawer.clerk) for line in self.drawers if line.is_counted)
        return list(dict.fromkeys(clerks))


def _in_drawers(lines: list[Taken]) -> Decimal:
    return sum((line.amount for line in lines if line.in_drawers), ZERO)


def close_of_day(*, office: Office, date: datetime.date) -> Day:
    """Calculate the close of one day of one office, with all exceptions."""
    start, end = day_bounds(date)
    payments = Payment.objects.of_office(office).taken_between(start, end)
    reversals = Reversal.objects.of_office(office).booked_on(date)
    receipts = Receipt.objects.of_office(office).filter(
        payment__taken_at__gte=start, payment__taken_at__lt=end
    )
    ordered = receipts.order_by("year", "number")
    first, last = ordered.first(), ordered.last()
    dossiers = Dossier.objects.filter(office=office)
    of_drawers = drawer_lines.drawers(office, start, end)
    day = Day(
        office=office,
        date=date,
        receipts=day_lines.by_method(payments.as_taken()),
        waivers=day_lines.waived(payments),
        reversed_=day_lines.by_refund_method(reversals),
        corrected=day_lines.corrected(payments, reversals),
        corrections=day_lines.corrections(payments),
        reversals=day_lines.given_back(reversals.money()),
        codes_issued=dossiers.filter(
            code_issued_at__gte=start, code_issued_at__lt=end
        ).count(),
        paid=payments.as_taken().count(),
        first_receipt=first.label if first else "",
        last_receipt=last.label if last else "",
        drawers=of_drawers,
        bags=drawer_lines.bags(office, of_drawers, start, end),
        terminals=drawer_lines.terminals(office, date, payments, reversals),
        clerks=day_lines.by_clerk(payments, reversals),
        notes=list(_corrected_later(payments)),
    )
    day.exceptions.extend(_exceptions(day, payments, receipts, reversals))
    return day


def _corrected_later(payments: PaymentQuerySet[Payment]) -> Iterator[str]:
    """Texts about payments whose method was corrected after the count of their drawer
    or the day of their terminal, because that may explain a difference.
    """
    late = Q(replaced_by__late=True) | Q(reversals__late=True)
    rows = payments.filter(late).select_related("receipt", "replaced_by").distinct()
    for payment in rows.order_by("taken_at"):
        right = payment.replaced_by
        yield _(
            "Receipt %(receipt)s was corrected on %(date)s: %(right)s instead of "
            "%(wrong)s."
        ) % {
            "receipt": payment.receipt.label,
            "date": date_format(
                timezone.localdate(right.taken_at), "SHORT_DATE_FORMAT"
            ),
            "right": right.get_method_display(),
            "wrong": payment.get_method_display(),
        }


def _exceptions(
    day: Day,
    payments: QuerySet[Payment],
    receipts: QuerySet[Receipt],
    reversals: ReversalQuerySet[Reversal],
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
    first = first_rows(stuck.select_related("dossier"), _MOST_STUCK)
    for payment in first:
        yield _("Dossier %(reference)s was paid and has no code.") % {
            "reference": payment.dossier.reference
        }
    if first.more:
        yield _("Other dossiers were paid and have no code either.")
    for drawer in day.drawers:
        yield from _about_drawer(drawer)
    in_drawers = sum((drawer.cash for drawer in day.drawers), ZERO)
    if day.net_cash != in_drawers:
        yield _("Cash is %(cash)s, and %(drawers)s by the drawers.") % {
            "cash": euros(day.net_cash),
            "drawers": euros(in_drawers),
        }
    for terminal in day.terminals:
        yield from _about_terminal(terminal)
    yield from _about_reversals(day, payments, reversals)


def _about_reversals(
    day: Day, payments: QuerySet[Payment], reversals: ReversalQuerySet[Reversal]
) -> Iterator[str]:
    """Texts about reversals that are not decided, handed over or paid by bank yet."""
    start, end = day_bounds(day.date)
    asked_today = Q(asked_at__gte=start, asked_at__lt=end)
    waiting = Reversal.objects.of_office(day.office).asked()
    if n := waiting.filter(Q(payment__in=payments) | asked_today).count():
        yield _("Reversals that wait for a supervisor: %(n)d.") % {"n": n}
    agreed_today = Q(decided_at__gte=start, decided_at__lt=end)
    agreed = Reversal.objects.of_office(day.office).agreed()
    rows = agreed.filter(Q(payment__in=payments) | agreed_today)
    for reversal in rows.select_related("payment__receipt").order_by("decided_at"):
        yield _(
            "Receipt %(receipt)s: giving back %(amount)s was agreed, and nobody "
            "confirmed it (%(refund_method)s)."
        ) % {
            "receipt": reversal.payment.receipt.label,
            "amount": euros(reversal.amount),
            "refund_method": reversal.get_refund_method_display(),
        }
    if n := reversals.not_paid_yet().count():
        yield _("Reversals for the finance service to pay back: %(n)d.") % {"n": n}


def _holes(receipts: QuerySet[Receipt]) -> Iterator[str]:
    """A text when receipt numbers are missing.

    They are counted from the last receipt before the day to the last one of the day.
    """
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


def _about_drawer(line: DrawerLine) -> Iterator[str]:
    drawer = line.drawer
    words = {"drawer": str(drawer), "state": drawer.get_state_display()}
    if drawer.state != DrawerState.APPROVED:
        yield _("Drawer %(drawer)s is %(state)s, not approved.") % words
    if line.is_counted and drawer.difference:
        yield _("Drawer %(drawer)s differs by %(amount)s: %(why)s") % {
            **words,
            "amount": euros(drawer.difference),
            "why": drawer.difference_reason or "-",
        }


def _about_terminal(line: TerminalLine) -> Iterator[str]:
    if line.total is None and line.taken:
        yield _("Terminal %(name)s: no day total was noted.") % {"name": line.label}
    elif line.difference:
        yield _("Terminal %(name)s differs by %(amount)s.") % {
            "name": line.label,
            "amount": euros(line.difference),
        }

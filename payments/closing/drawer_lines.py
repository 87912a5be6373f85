"""The lines of a day's close about drawers, bags and terminals."""

import datetime
import uuid
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from counter.models import Office
from payments.closing.day_lines import ZERO
from payments.enums import RefundMethod
from payments.models import (
    DrawerMovement,
    DrawerSession,
    Payment,
    Reversal,
    Terminal,
    TerminalTotal,
)
from payments.taking.methods import Place, lying_in


@dataclass(frozen=True)
class TerminalLine:
    """A terminal on one day: what is booked, and the total that a supervisor noted.

    `taken` is what was paid on it minus what was given back. `total` is None when no
    total was noted.
    """

    label: str
    taken: Decimal
    total: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        return None if self.total is None else self.total - self.taken


@dataclass(frozen=True)
class DrawerLine:
    """A drawer on one of the days on which it was open.

    `cash` is what was paid on this day, and `before` on earlier days, both minus what
    was given back. `to_the_safe` is the sum of all its deposits. Its float, count and
    difference belong to this day only when it `is_counted` on this day.
    """

    drawer: DrawerSession
    is_counted: bool
    before: Decimal
    cash: Decimal
    to_the_safe: Decimal

    @property
    def status(self) -> str:
        """The drawer's state in words; on a day before its count, when that was."""
        if self.drawer.counted_at is None:
            return _("still open")
        if self.is_counted:
            return str(self.drawer.get_state_display())
        date = timezone.localdate(self.drawer.counted_at)
        return _("counted on %(date)s") % {
            "date": date_format(date, "SHORT_DATE_FORMAT")
        }


def drawers(
    office: Office, start: datetime.datetime, end: datetime.datetime
) -> list[DrawerLine]:
    """The drawers that were open on this day or counted on it.

    payments.closing.day says why a drawer can be in the closes of several days.
    """
    seen = (
        DrawerSession.objects.of_office(office)
        .filter(Q(counted_at__isnull=True) | Q(counted_at__gte=start))
        .filter(opened_at__lt=end)
        .select_related("clerk", "approved_by")
    )
    sessions = list(seen)
    before, so_far = _cash(sessions, until=start), _cash(sessions, until=end)
    safe = _sums(DrawerMovement.objects.filter(session__in=sessions), "session")
    return [
        DrawerLine(
            drawer=drawer,
            is_counted=drawer.counted_at is not None and drawer.counted_at < end,
            before=before[drawer.pk],
            cash=so_far[drawer.pk] - before[drawer.pk],
            to_the_safe=safe[drawer.pk],
        )
        for drawer in sessions
    ]


@dataclass(frozen=True)
class Bag:
    """Cash that left a drawer: a deposit, or its contents at the count."""

    at: datetime.datetime
    drawer: DrawerSession
    kind: str
    #: The number of the bag.
    reference: str
    by: str
    amount: Decimal


def bags(
    office: Office,
    lines: list[DrawerLine],
    start: datetime.datetime,
    end: datetime.datetime,
) -> list[Bag]:
    """The deposits of the day, and the sealed bags of the drawers counted on that day.

    A drawer has a sealed bag once it is approved.
    """
    moved = DrawerMovement.objects.of_office(office).filter(at__gte=start, at__lt=end)
    brought = [
        Bag(
            movement.at,
            movement.session,
            str(movement.get_kind_display()),
            movement.reference,
            str(movement.by),
            movement.amount,
        )
        for movement in moved.select_related("session__clerk", "by")
    ]
    for line in lines:
        drawer = line.drawer
        if line.is_counted and drawer.approved_at and drawer.sealed_bag:
            brought.append(
                Bag(
                    drawer.approved_at,
                    drawer,
                    _("what was counted, in a sealed bag"),
                    drawer.sealed_bag,
                    str(drawer.approved_by),
                    drawer.counted_amount or ZERO,
                )
            )
    return sorted(brought, key=lambda bag: bag.at)


def _cash(
    sessions: list[DrawerSession], *, until: datetime.datetime
) -> dict[uuid.UUID, Decimal]:
    """The cash paid into each drawer before `until` minus what was given back."""
    payments = Payment.objects.filter(drawer__in=sessions, taken_at__lt=until)
    settled = Reversal.objects.settled().filter(drawer__in=sessions)
    back = _sums(settled.filter(booked_on__lt=timezone.localdate(until)))
    taken = _sums(payments)
    return {each.pk: taken[each.pk] - back[each.pk] for each in sessions}


def terminals(
    office: Office,
    date: datetime.date,
    payments: QuerySet[Payment],
    reversals: QuerySet[Reversal],
) -> list[TerminalLine]:
    """One line for each terminal, and one for card payments without a terminal."""
    on_terminals = lying_in(Place.TERMINAL)
    cards = payments.filter(method__in=on_terminals, late=False)
    in_the_books = Q(
        refund_method=RefundMethod.BOOKS, method__in=on_terminals, late=False
    )
    back = reversals.filter(Q(refund_method=RefundMethod.TERMINAL) | in_the_books)
    totals = {
        total.terminal_id: total.amount
        for total in TerminalTotal.objects.filter(terminal__office=office, date=date)
    }
    taken = _sums(cards, "terminal")
    given_back = _sums(back, "payment__terminal")
    lines = []
    for terminal in Terminal.objects.of_office(office):
        total = totals.get(terminal.pk)
        booked = terminal.pk in taken or terminal.pk in given_back
        if terminal.is_active or booked or total is not None:
            net = taken[terminal.pk] - given_back[terminal.pk]
            lines.append(TerminalLine(str(terminal), net, total))
    loose = taken[None] - given_back[None]
    if loose:
        lines.append(TerminalLine(_("no terminal named"), loose, None))
    return lines


def _sums(
    rows: QuerySet[Payment] | QuerySet[Reversal] | QuerySet[DrawerMovement],
    field: str = "drawer",
) -> defaultdict[Any, Decimal]:
    """The sum of the amounts by `field`; zero for other keys."""
    sums = rows.order_by().values_list(field).annotate(total=Sum("amount"))
    return defaultdict(lambda: ZERO, sums)

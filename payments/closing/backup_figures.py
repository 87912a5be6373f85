"""The figures of the money that are compared after restoring a backup.

Receipts by office and year, money by drawer and by day. They are calculated when the
backup is made, and again from the restored database (counter.backups). The database
adds up all years, with one query for each table.
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Max, Min, QuerySet, Sum

from counter.backups.figures import Figure, Value
from payments.enums import DrawerState
from payments.models import (
    DrawerMovement,
    DrawerSession,
    Payment,
    Receipt,
    ReceiptCounter,
    Reversal,
)
from payments.querysets import BrusselsDay

_NOTHING: Final = Decimal(0)


def _numbered() -> Iterator[tuple[int, int, int, int, int]]:
    """Office, year, number of receipts, first number and last number, for each office
    and year.
    """
    grouped = Receipt.objects.order_by("office", "year").values_list("office", "year")
    yield from grouped.annotate(n=Count("pk"), low=Min("number"), high=Max("number"))


def _receipts() -> dict[str, Value]:
    return {
        f"office {office} in {year}": f"{n}, numbered {low} to {high}"
        for office, year, n, low, high in _numbered()
    }


def _misnumbered() -> Iterator[str]:
    """Texts about gaps in the numbers, and counters not at the last number."""
    counters = {
        (office, year): last
        for office, year, last in ReceiptCounter.objects.values_list(
            "office", "year", "last"
        )
    }
    for office, year, n, low, high in _numbered():
        series = f"The receipts of office {office} in {year}"
        if low != 1 or high != n:
            yield f"{series} have a gap: {n} of them are numbered {low} to {high}."
        counted = counters.pop((office, year), 0)
        if counted != high:
            yield f"{series} end at {high}, and their counter stands at {counted}."
    for (office, year), last in counters.items():
        yield f"The receipts of office {office} in {year} are gone, up to {last}."


def _sums(rows: QuerySet[Any], drawer: str) -> dict[Any, Decimal]:
    grouped = rows.filter(**{f"{drawer}__isnull": False}).order_by().values_list(drawer)
    return dict(grouped.annotate(total=Sum("amount")))


def _by_drawer() -> Iterator[tuple[Any, Decimal, Decimal, Decimal]]:
    """For each drawer: its id, cash taken, cash given back, deposits to the safe."""
    cash = _sums(Payment.objects.all(), "drawer")
    back = _sums(Reversal.objects.settled(), "drawer")
    safe = _sums(DrawerMovement.objects.all(), "session")
    for drawer in sorted(cash.keys() | back.keys() | safe.keys()):
        yield (
            drawer,
            cash.get(drawer, _NOTHING),
            back.get(drawer, _NOTHING),
            safe.get(drawer, _NOTHING),
        )


def _drawers() -> dict[str, Value]:
    return {
        f"drawer {drawer}": f"cash {cash:.2f}, given back {back:.2f}, safe {safe:.2f}"
        for drawer, cash, back, safe in _by_drawer()
    }


def _miscounted() -> Iterator[str]:
    """Texts about counted drawers whose bookings differ from their expected amount."""
    booked = {drawer: cash - back - safe for drawer, cash, back, safe in _by_drawer()}
    counted = DrawerSession.objects.exclude(state=DrawerState.OPEN).order_by()
    rows = counted.values_list("pk", "opening_float", "expected_amount")
    for drawer, opening_float, expected in rows.iterator():
        books = opening_float + booked.get(drawer, _NOTHING)
        if books != expected:
            yield (
                f"Drawer {drawer} was counted against {expected}, and its bookings "
                f"come to {books:.2f}."
            )


def _days() -> dict[str, Value]:
    """For each day in Brussels and office: amounts by method, and given back by way."""
    days: defaultdict[tuple[Any, Any], list[str]] = defaultdict(list)
    taken = Payment.objects.annotate(day=BrusselsDay("taken_at")).order_by()
    for office, day, method, total in (
        taken.values_list("dossier__office", "day", "method")
        .annotate(total=Sum("amount"))
        .order_by("method")
    ):
        days[day, office].append(f"{method} {total:.2f}")
    settled = Reversal.objects.settled().order_by()
    for office, day, refund_method, total in (
        settled.values_list("payment__dossier__office", "booked_on", "refund_method")
        .annotate(total=Sum("amount"))
        .order_by("refund_method")
    ):
        days[day, office].append(f"back by {refund_method} {total:.2f}")
    return {
        f"{day}, office {office}": ", ".join(words)
        for (day, office), words in sorted(days.items())
    }


FIGURES: Final = (
    Figure(order=30, code="receipts", measure=_receipts, wrong=_misnumbered),
    Figure(order=40, code="drawers", measure=_drawers, wrong=_miscounted),
    Figure(order=50, code="days", measure=_days),
)

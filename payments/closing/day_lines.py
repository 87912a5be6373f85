"""The lines of a day's close about payments and reversals; amounts are euros.

Each function gets the payments or reversals of the day and returns one kind of line.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Prefetch, QuerySet, Sum
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from payments.closing.clerk_names import names_of
from payments.enums import PAID_BACK_BY, Method, RefundMethod
from payments.models import (
    Payment,
    Reversal,
)
from payments.querysets import PaymentQuerySet, ReversalQuerySet
from payments.taking.methods import PAID_BY, Place, record

ZERO: Final = Decimal("0.00")


@dataclass(frozen=True)
class Taken:
    """The number of payments of one kind or one clerk, and their sum."""

    label: str | Promise
    count: int
    amount: Decimal
    #: Whether this money is kept in drawers.
    in_drawers: bool = False


@dataclass(frozen=True)
class Correction:
    """One payment given back, one fee waived, or one corrected method.

    `amount` is the money given back, the price that was waived, or the amount of the
    new payment. `reference` is that of the dossier, and `at` is when it was booked.
    """

    reference: str
    at: datetime.datetime
    asked_by: str
    agreed_by: str
    reason: str
    amount: Decimal
    booked_as: str = ""


def by_method(payments: QuerySet[Payment]) -> list[Taken]:
    taken_by = _counted(payments, "method")
    return [
        Taken(
            method.label,
            *taken_by.get(method.value, (0, ZERO)),
            in_drawers=_is_in_drawers(method),
        )
        for method in PAID_BY
    ]


def by_refund_method(reversals: QuerySet[Reversal]) -> list[Taken]:
    """Money given back, by the refund method and not by how it was paid."""
    given_by = _counted(reversals, "refund_method")
    return [
        Taken(
            method.label,
            *given_by.get(method.value, (0, ZERO)),
            in_drawers=method is RefundMethod.CASH,
        )
        for method in PAID_BACK_BY
    ]


def _is_in_drawers(method: Method) -> bool:
    return record(method).place is Place.DRAWER


def corrected(
    payments: PaymentQuerySet[Payment], reversals: ReversalQuerySet[Reversal]
) -> list[Taken]:
    """What corrections of the method added to, or took from, each method.

    One more line has those that came too late for a drawer or terminal and so are in
    the sums of neither.
    """
    rights, wrongs = payments.corrections(), reversals.corrections()
    lines = []
    kinds: list[tuple[str | Promise, bool, dict[str, Any]]] = [
        (method.label, _is_in_drawers(method), {"late": False, "method": method})
        for method in PAID_BY
    ]
    kinds.append((_("of a closed drawer or an earlier day"), False, {"late": True}))
    for label, in_drawers, condition in kinds:
        right, wrong = rights.filter(**condition), wrongs.filter(**condition)
        count = right.count() + wrong.count()
        amount = _sum(right) - _sum(wrong)
        lines.append(Taken(label, count, amount, in_drawers=in_drawers))
    return lines


def corrections(payments: PaymentQuerySet[Payment]) -> list[Correction]:
    """One line for each correction of a method, with the numbers of both receipts."""
    rows = payments.corrections().order_by("taken_at")
    rows = rows.select_related("dossier", "receipt", "replaces__receipt")
    books = Reversal.objects.corrections().select_related("asked_by", "decided_by")
    lines = []
    for right in rows.prefetch_related(Prefetch("replaces__reversals", books)):
        wrong = right.replaces
        if wrong is None:
            continue
        (reversal,) = wrong.reversals.all()
        lines.append(
            Correction(
                reference=right.dossier.reference,
                at=right.taken_at,
                asked_by=str(reversal.asked_by),
                agreed_by=str(reversal.decided_by),
                reason=f"{wrong.receipt.label} → {right.receipt.label}",
                amount=right.amount,
                booked_as=_("%(right)s instead of %(wrong)s")
                % {
                    "right": right.get_method_display(),
                    "wrong": wrong.get_method_display(),
                },
            )
        )
    return lines


def _counted(
    rows: QuerySet[Payment] | QuerySet[Reversal], column: str
) -> dict[Any, tuple[int, Decimal]]:
    counted = rows.order_by().values_list(column)
    return {
        value: (n, total)
        for value, n, total in counted.annotate(n=Count("pk"), total=Sum("amount"))
    }


def by_clerk(
    payments: PaymentQuerySet[Payment], reversals: ReversalQuerySet[Reversal]
) -> list[Taken]:
    """What each clerk took, after corrections of the method."""
    taken = _counted(payments.as_taken(), "taken_by")
    right = _counted(payments.corrections(), "taken_by")
    wrong = _counted(reversals.corrections(), "payment__taken_by")
    none = (0, ZERO)
    names = names_of(taken.keys() | right.keys() | wrong.keys())
    return [
        Taken(
            name,
            taken.get(clerk, none)[0],
            taken.get(clerk, none)[1]
            + right.get(clerk, none)[1]
            - wrong.get(clerk, none)[1],
        )
        for clerk, name in sorted(names.items(), key=lambda entry: entry[1])
    ]


def waived(payments: PaymentQuerySet[Payment]) -> list[Correction]:
    """One line for each waiver, with the price that was waived."""
    rows = payments.by(Method.WAIVER).order_by("taken_at")
    return [
        Correction(
            reference=payment.dossier.reference,
            at=payment.taken_at,
            asked_by=str(payment.taken_by),
            agreed_by=str(payment.approved_by),
            reason=str(payment.get_waiver_reason_display()),
            amount=payment.tariff.amount,
        )
        for payment in rows.select_related(
            "dossier", "tariff", "taken_by", "approved_by"
        )
    ]


def given_back(reversals: QuerySet[Reversal]) -> list[Correction]:
    """One line for each payment given back, with how it was given back."""
    rows = reversals.order_by("settled_at").select_related(
        "payment__dossier",
        "payment__terminal",
        "asked_by",
        "decided_by",
        "drawer__clerk",
        "bank_refund",
    )
    return [
        Correction(
            reference=reversal.payment.dossier.reference,
            at=reversal.settled_at,
            asked_by=str(reversal.asked_by),
            agreed_by=str(reversal.decided_by),
            reason=str(reversal.get_reason_display()),
            amount=reversal.amount,
            booked_as=_booked_as(reversal),
        )
        for reversal in rows
        if reversal.settled_at is not None
    ]


def _booked_as(reversal: Reversal) -> str:
    if reversal.drawer is not None:
        return _("cash, drawer of %(clerk)s") % {"clerk": reversal.drawer.clerk}
    if reversal.refund_method == RefundMethod.TERMINAL:
        terminal = reversal.payment.terminal or _("card terminal")
        return f"{terminal} {reversal.refund_slip}"
    refund = getattr(reversal, "bank_refund", None)
    if refund is None:
        return _("bank transfer, not paid yet")
    return _("bank transfer, paid on %(date)s") % {
        "date": date_format(refund.paid_on, "SHORT_DATE_FORMAT")
    }


def _sum(rows: QuerySet[Payment] | QuerySet[Reversal]) -> Decimal:
    total: Decimal | None = rows.aggregate(total=Sum("amount"))["total"]
    return ZERO if total is None else total

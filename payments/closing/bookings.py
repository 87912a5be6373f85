"""The bookings for the accounting: each is one amount from one account to another.

docs/domain.md#the-export describes the columns.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, assert_never

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from counter.models import Office
from payments.closing.day import day_bounds
from payments.closing.day_lines import ZERO
from payments.enums import Method, RefundMethod
from payments.models import DrawerMovement, DrawerSession, Payment, Reversal
from payments.taking import methods
from payments.taking.methods import PAID_BY, Place, lying_in

_BUDGET_CODE: Final = "7000"


@dataclass(frozen=True)
class Booking:
    """One document: an amount in euros that goes from one account to another."""

    date: datetime.date
    document: str
    debit: str
    credit: str
    amount: Decimal
    description: str
    method: str

    def lines(self, batch: str) -> Iterator[tuple[str, ...]]:
        for account, is_debit in ((self.debit, True), (self.credit, False)):
            amount = f"{self.amount:.2f}"
            yield (
                batch,
                self.date.isoformat(),
                self.document,
                settings.EXPORT_ACCOUNTS[account],
                settings.EXPORT_ACCOUNTS["policy_field"],
                _BUDGET_CODE if account == "income" else "",
                amount if is_debit else "0.00",
                "0.00" if is_debit else amount,
                self.description,
                self.method,
            )


def of_drawer(session: DrawerSession) -> Iterator[Booking]:
    payments = Payment.objects.filter(drawer=session).select_related("receipt")
    for payment in payments.order_by("receipt__number"):
        yield _income(payment, "cash")
    reversals = Reversal.objects.settled().filter(drawer=session)
    for reversal in reversals.select_related("payment__receipt").order_by("settled_at"):
        yield _given_back(reversal, "cash")
    for movement in DrawerMovement.objects.filter(session=session):
        yield Booking(
            timezone.localdate(movement.at),
            f"S{movement.pk}",
            "transfers",
            "cash",
            movement.amount,
            "Afstorting naar de kluis",
            Method.CASH,
        )
    if session.difference:
        short = session.difference < ZERO
        day = timezone.localdate(session.counted_at)
        yield Booking(
            day,
            f"K{day:%Y%m%d}",
            "difference" if short else "cash",
            "cash" if short else "difference",
            abs(session.difference),
            "Kasverschil",
            Method.CASH,
        )


def of_cards(office: Office, date: datetime.date) -> Iterator[Booking]:
    start, end = day_bounds(date)
    taken = Payment.objects.of_office(office).taken_between(start, end)
    in_drawers = Q(method__in=lying_in(Place.DRAWER))
    rows = taken.filter(method__in=PAID_BY).filter(~in_drawers | Q(late=True))
    for payment in rows.select_related("receipt").order_by("receipt__number"):
        method = methods.record(Method(payment.method))
        yield _income(payment, method.account_without_drawer)
    back = Reversal.objects.of_office(office).booked_on(date).filter(drawer=None)
    back = back.filter(amount__gt=0).order_by("settled_at")
    for reversal in back.select_related("payment__receipt"):
        yield _given_back(reversal, _went_back(reversal).account_without_drawer)


def _income(payment: Payment, account: str) -> Booking:
    return Booking(
        timezone.localdate(payment.taken_at),
        payment.receipt.label,
        account,
        "income",
        payment.amount,
        "Retributie activatiecode"
        + (", verbetering betaalwijze" if payment.replaces_id else ""),
        payment.method,
    )


@dataclass(frozen=True)
class _WentBack:
    """How money that was given back in one way is booked."""

    description: str
    #: The value in the column `method`.
    method: str
    account_without_drawer: str = "transfers"


def _went_back(reversal: Reversal) -> _WentBack:
    description = "Terugbetaling retributie activatiecode"
    refund_method = RefundMethod(reversal.refund_method)
    match refund_method:
        case RefundMethod.CASH:
            return _WentBack(description, Method.CASH.value)
        case RefundMethod.TERMINAL:
            return _WentBack(description, Method.CARD.value)
        case RefundMethod.TRANSFER:
            return _WentBack(f"{description} per overschrijving", refund_method.value)
        case RefundMethod.BOOKS:
            return _WentBack(
                "Retributie activatiecode, tegenboeking betaalwijze",
                reversal.method,
                methods.record(Method(reversal.method)).account_without_drawer,
            )
        case _:
            assert_never(refund_method)


def _given_back(reversal: Reversal, account: str) -> Booking:
    refund = _went_back(reversal)
    return Booking(
        reversal.booked_on or timezone.localdate(reversal.settled_at),
        reversal.payment.receipt.label,
        "income",
        account,
        reversal.amount,
        refund.description,
        refund.method,
    )

"""Taking the fee."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import NotRequired, TypedDict, Unpack, assert_never

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from counter.dossiers.moves import move
from counter.enums import DossierState
from counter.journal.events import Event
from counter.models import Clerk, Dossier, Office
from payments.drawers.drawers import drawer_to_book_on
from payments.enums import Method, TariffCategory
from payments.exceptions import (
    NoTariffError,
    NoTerminalSlipError,
    TooLittleTenderedError,
)
from payments.models import Payment, Tariff, Terminal
from payments.taking.booking import book, price_changed
from payments.taking.methods import Place, record


def tariffs_in_force(office: Office, *, at: datetime) -> list[Tariff]:
    """The office's prices on the Brussels date of `at`, in the order of TariffCategory.

    At most one for each category. Free tariffs are left out, because only a supervisor
    may grant them. Raises NoTariffError when there is no price.
    """
    tariffs = Tariff.objects.priced(office=office, on=timezone.localdate(at))
    prices = {tariff.category: tariff for tariff in tariffs}
    if not prices:
        raise _no_price()
    return [prices[category] for category in TariffCategory if category in prices]


def _no_price() -> NoTariffError:
    return NoTariffError(_("No price is set for today. Ask the supervisor."))


def prices_in_force(office: Office, *, at: datetime) -> dict[str, Decimal]:
    """The amounts of `tariffs_in_force` by category; empty when there is no price."""
    tariffs = Tariff.objects.priced(office=office, on=timezone.localdate(at))
    return dict(tariffs.values_list("category", "amount"))


def tariff_in_force(
    office: Office, *, at: datetime, category: str | None = None
) -> Tariff:
    """The price of this category on the Brussels date of `at`.

    Without a category, return the office's only price. Raises NoTariffError when there
    is no price, and PriceChangedError when no category is given and the office has
    several prices by now: the clerk has to choose the one that the person pays.
    """
    in_force = tariffs_in_force(office, at=at)
    if category is None and len(in_force) > 1:
        raise price_changed()
    for tariff in in_force:
        if category in (None, tariff.category):
            return tariff
    raise _no_price()


class Paid(TypedDict):
    """The details of a payment as the form has them.

    - `tendered`: the cash handed over, in euros; None for a card.
    - `terminal_slip`: the number on the slip of a card payment; empty for cash.
    - `terminal`: the card terminal; None for cash, or when the office has none.
    - `category`: the chosen category; None when the office has a single price.
    - `due`: the amount that the page showed; None when it is not known.
    """

    method: Method
    tendered: Decimal | None
    terminal_slip: str
    terminal: NotRequired[Terminal | None]
    category: NotRequired[str | None]
    due: NotRequired[Decimal | None]


def take_payment(
    *,
    dossier: Dossier,
    clerk: Clerk,
    submission: uuid.UUID,
    at: datetime,
    **paid: Unpack[Paid],
) -> Payment:
    """Take the fee of a recorded dossier, move it to paid and number its receipt.

    Cash is booked on the clerk's own open drawer. The amount charged is today's price
    of the category; `due` from the form is only compared with it. Raises NoTariffError,
    PriceChangedError, TooLittleTenderedError, NoTerminalSlipError, SlipUsedError,
    NoDrawerError, or MoveRefusedError when the dossier was paid or cancelled. Then
    nothing is written, and a caller with its own transaction has to roll it back,
    because this function sets no savepoint.
    """
    tariff = tariff_in_force(dossier.office, at=at, category=paid.get("category"))
    if paid.get("due") not in (None, tariff.amount):
        raise price_changed()
    _check(paid, tariff.amount)
    is_cash = record(paid["method"]).place is Place.DRAWER
    # No savepoint: callers run this as one step of a larger transaction.
    with transaction.atomic(savepoint=False):
        drawer = None
        if is_cash:
            drawer = drawer_to_book_on(clerk=clerk, office=dossier.office)
        _move_to_paid(dossier, clerk, paid["method"], tariff.amount, at=at)
        return book(
            dossier=dossier,
            submission=submission,
            tariff=tariff,
            taken_by=clerk,
            taken_at=at,
            amount=tariff.amount,
            drawer=drawer,
            **_means(paid, is_cash=is_cash),
        )


def _move_to_paid(
    dossier: Dossier, clerk: Clerk, method: Method, amount: Decimal, *, at: datetime
) -> None:
    move(
        dossier,
        to=DossierState.PAID,
        at=at,
        by=clerk,
        event=Event.PAYMENT_TAKEN,
        details={"amount": str(amount), "method": method.value},
    )


class _Means(TypedDict):
    method: Method
    tendered: Decimal | None
    terminal_slip: str
    terminal: Terminal | None


def _means(paid: Paid, *, is_cash: bool) -> _Means:
    """The columns of a payment from `paid`, without the fields of another method."""
    return {
        "method": paid["method"],
        "tendered": paid["tendered"] if is_cash else None,
        "terminal_slip": "" if is_cash else paid["terminal_slip"],
        "terminal": None if is_cash else paid.get("terminal"),
    }


def says_the_same(payment: Payment, paid: Paid) -> bool:
    """Whether a form that was sent again has the same details as the booked payment."""
    is_cash = record(paid["method"]).place is Place.DRAWER
    means = _means(paid, is_cash=is_cash)
    of_category = paid.get("category") in (None, payment.tariff.category)
    return of_category and all(
        getattr(payment, name) == value for name, value in means.items()
    )


def _check(paid: Paid, amount: Decimal) -> None:
    """Check the cash handed over, or that a card has a slip number.

    Raises TooLittleTenderedError or NoTerminalSlipError.
    """
    place = record(paid["method"]).place
    match place:
        case Place.DRAWER:
            if paid["tendered"] is None or paid["tendered"] < amount:
                raise TooLittleTenderedError(_("Less was handed over than is due."))
        case Place.TERMINAL:
            if not paid["terminal_slip"]:
                raise NoTerminalSlipError(_("Type the number on the terminal's slip."))
        case Place.NOWHERE:
            raise ValueError("Nobody pays with that: waiving.waive_fee books it.")
        case _:
            assert_never(place)

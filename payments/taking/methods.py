"""The record of each method of payment: everything that differs by method.

To add a method, add its record here. payments.taking and payments.corrections `match`
on the record's `Place`, so mypy reports where a new place is not handled yet; report
and export read everything from the record. Mypy does not check how the money of a new
method is given back: look at payments.reversals.reversing yourself.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, assert_never

from payments.enums import Method


class Place(Enum):
    """Where the money is after the payment. It decides which count includes it."""

    #: The drawer of the clerk who took it.
    DRAWER = auto()
    #: A card terminal, with its slip.
    TERMINAL = auto()
    #: Nothing was paid.
    NOWHERE = auto()


@dataclass(frozen=True)
class MethodRecord:
    """One method of payment."""

    place: Place
    #: The method's name on the receipt, which is always Dutch.
    on_receipt: str
    #: The key in `EXPORT_ACCOUNTS` of the ledger account for payments without a drawer.
    account_without_drawer: str
    #: The shortcut key that chooses this method on the payment page. It must differ
    #: from the keys of that page's other buttons. Empty for a waiver.
    hotkey: str

    @property
    def page_part(self) -> str:
        """The HTML id of the part of the payment page with this method's fields."""
        return f"{self.place.name.lower()}-part"

    @property
    def is_paid(self) -> bool:
        """Whether a person pays this way at the counter; False for a waiver."""
        return self.place is not Place.NOWHERE


_CASH: Final = MethodRecord(
    place=Place.DRAWER,
    on_receipt="contant",
    # Cash is without a drawer only when a method is corrected after the drawer was
    # counted. It is then booked as a cash difference.
    account_without_drawer="difference",
    hotkey="c",
)
_CARD: Final = MethodRecord(
    place=Place.TERMINAL,
    on_receipt="kaart",
    account_without_drawer="transfers",
    hotkey="k",
)
_WAIVER: Final = MethodRecord(
    place=Place.NOWHERE,
    on_receipt="vrijgesteld",
    account_without_drawer="transfers",
    hotkey="",
)


def record(method: Method) -> MethodRecord:
    """The record of this method."""
    match method:
        case Method.CASH:
            return _CASH
        case Method.CARD:
            return _CARD
        case Method.WAIVER:
            return _WAIVER
        case _:
            assert_never(method)


def lying_in(place: Place) -> tuple[Method, ...]:
    """The methods whose money is in this place, in the order of the enum."""
    return tuple(method for method in Method if record(method).place is place)


#: The methods with which a person pays at the counter: all except a waiver.
PAID_BY: Final = tuple(method for method in Method if record(method).is_paid)

"""The record of each method of payment: everything that differs by method.

A new method gets its record here. Taking and corrections `match` on the record's
`Place`, so mypy points at them when a place is new too; report and export read the
record. How money goes back has to be checked by hand (payments.reversals.reversing).
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, assert_never

from payments.enums import Method


class Place(Enum):
    """Where the money lies after it was paid, and so which count it is part of."""

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
    #: On the receipt, which is Dutch whatever the language of the screens.
    on_receipt: str
    #: Of `EXPORT_ACCOUNTS`: where it is booked when it lies in no drawer.
    account_without_drawer: str
    #: The letter that chooses it at the desk, no other button's of the page that takes
    #: the payment; empty when nobody pays with it there.
    hotkey: str

    @property
    def page_part(self) -> str:
        """The part of the payment page that has the fields of this method."""
        return f"{self.place.name.lower()}-part"

    @property
    def is_paid(self) -> bool:
        """Whether a person pays this way at the counter; no for a waiver."""
        return self.place is not Place.NOWHERE


_CASH: Final = MethodRecord(
    place=Place.DRAWER,
    on_receipt="contant",
    # Corrected after its drawer was counted: booked as a cash difference.
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
    """The methods whose money lies in this place, in the order of the enum."""
    return tuple(method for method in Method if record(method).place is place)


#: How a person pays at the counter.
PAID_BY: Final = tuple(method for method in Method if record(method).is_paid)

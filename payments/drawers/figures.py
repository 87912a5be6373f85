"""The figures of a counted drawer, for the supervisor who approves it.

They are the terms of the sum that the count was compared with
(payments.drawers.drawers.expected_in): the float, the cash payments, what was given
back, and what was brought to the safe. Also how many pieces of each note and coin were
in the drawer when it was opened and when it was counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from payments.drawers.denominations import DENOMINATIONS, in_euros
from payments.models import DrawerMovement, DrawerSession, Payment, Reversal


@dataclass(frozen=True)
class Pieces:
    """How many pieces of one note or coin the drawer had; `value` is in euros."""

    value: Decimal
    at_first: int
    counted: int

    @property
    def worth(self) -> Decimal:
        """The value of the counted pieces, in euros."""
        return self.value * self.counted


@dataclass(frozen=True)
class Figures:
    """All that was booked on one drawer, and its notes and coins."""

    cash: Decimal
    #: The number of payments in `cash`.
    payments: int
    #: Payments given back in cash.
    refunds: list[Reversal]
    #: Payments booked as cash by mistake. They were reversed, and nobody got money.
    corrections: list[Reversal]
    deposits: list[DrawerMovement]
    pieces: list[Pieces]

    @property
    def given_back(self) -> Decimal:
        return sum((row.amount for row in self.refunds), Decimal(0))

    @property
    def corrected(self) -> Decimal:
        return sum((row.amount for row in self.corrections), Decimal(0))

    @property
    def to_the_safe(self) -> Decimal:
        return sum((row.amount for row in self.deposits), Decimal(0))


def figures_of(drawer: DrawerSession) -> Figures:
    """Read the figures of a drawer from its bookings and counts."""
    paid = Payment.objects.filter(drawer=drawer).values_list("amount", flat=True)
    back = Reversal.objects.filter(drawer=drawer).select_related(
        "payment__receipt", "asked_by", "decided_by"
    )
    deposits = DrawerMovement.objects.filter(session=drawer).select_related("by")
    return Figures(
        cash=sum(paid, Decimal(0)),
        payments=len(paid),
        refunds=list(back.money().order_by("settled_at")),
        corrections=list(back.corrections().order_by("settled_at")),
        deposits=list(deposits),
        pieces=_pieces(drawer.opening_counts, drawer.counted_counts or {}),
    )


def _pieces(at_first: Mapping[str, int], counted: Mapping[str, int]) -> list[Pieces]:
    """The notes and coins in either count, the largest first."""
    every = (
        Pieces(
            value=in_euros(cents),
            at_first=at_first.get(str(cents), 0),
            counted=counted.get(str(cents), 0),
        )
        for cents in DENOMINATIONS
    )
    return [pieces for pieces in every if pieces.at_first or pieces.counted]

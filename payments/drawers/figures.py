"""What a counted drawer is made of, for whoever approves it.

The same sum that its count was compared with (payments.drawers.drawers.expected_in),
line by line: the float, the cash that came in, what was given back and what went to the
safe; and each note and coin as it was at the beginning and as it was counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from payments.drawers.denominations import DENOMINATIONS, in_euros
from payments.models import DrawerMovement, DrawerSession, Payment, Reversal


@dataclass(frozen=True)
class Pieces:
    """One note or coin, worth `value` euros, of which the drawer had any."""

    value: Decimal
    at_first: int
    counted: int

    @property
    def worth(self) -> Decimal:
        """Of those that were counted, in euros."""
        return self.value * self.counted


@dataclass(frozen=True)
class Figures:
    """The sum of one drawer in euros, and what it consists of."""

    cash: Decimal
    #: How many payments the cash is of.
    payments: int
    #: What was given back in cash.
    refunds: list[Reversal]
    #: Cash that was another method: taken off again, nobody got money.
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
    """All that was booked on this drawer."""
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
    """The largest first, without those of which there was never any."""
    every = (
        Pieces(
            value=in_euros(cents),
            at_first=at_first.get(str(cents), 0),
            counted=counted.get(str(cents), 0),
        )
        for cents in DENOMINATIONS
    )
    return [pieces for pieces in every if pieces.at_first or pieces.counted]

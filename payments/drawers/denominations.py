"""Notes and coins of the euro, and what a drawer of them is worth.

A count is a mapping of a denomination in cents to a number of pieces; as JSON its
keys are texts. Cents are whole numbers until the last step: no float anywhere.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

#: In cents, the largest first: 500 euros to 1 cent.
NOTES: Final = (50000, 20000, 10000, 5000, 2000, 1000, 500)
COINS: Final = (200, 100, 50, 20, 10, 5, 2, 1)
DENOMINATIONS: Final = NOTES + COINS


def worth(counts: Mapping[str, int]) -> Decimal:
    """The worth in euros of so many pieces of each denomination.

    ValueError for a piece that does not exist or a number below zero.
    """
    cents = 0
    for denomination, pieces in counts.items():
        if int(denomination) not in DENOMINATIONS or pieces < 0:
            raise ValueError(f"No drawer holds {pieces} of {denomination}.")
        cents += int(denomination) * pieces
    return Decimal(cents).scaleb(-2)


def in_euros(denomination: int) -> Decimal:
    """5000 is 50.00."""
    return Decimal(denomination).scaleb(-2)


def fewest(amount: Decimal) -> dict[str, int]:
    """The amount in euros as the fewest pieces, the largest first."""
    left, counts = int(amount.scaleb(2)), {}
    for denomination in DENOMINATIONS:
        pieces, left = divmod(left, denomination)
        if pieces:
            counts[str(denomination)] = pieces
    return counts

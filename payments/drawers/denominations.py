"""The notes and coins of the euro, and the sum of a count of them.

A count maps a denomination in cents to the number of pieces. Its keys are strings,
because it is stored as JSON. Sums are whole cents until the last step, never floats.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

#: Denominations in cents, the largest first: from 500 euros to 1 cent.
NOTES: Final = (50000, 20000, 10000, 5000, 2000, 1000, 500)
COINS: Final = (200, 100, 50, 20, 10, 5, 2, 1)
DENOMINATIONS: Final = NOTES + COINS


def worth(counts: Mapping[str, int]) -> Decimal:
    """The sum of a count, in euros.

    Raises ValueError for a denomination that does not exist or a negative number.
    """
    cents = 0
    for denomination, pieces in counts.items():
        if int(denomination) not in DENOMINATIONS or pieces < 0:
            raise ValueError(f"No drawer holds {pieces} of {denomination}.")
        cents += int(denomination) * pieces
    return Decimal(cents).scaleb(-2)


def in_euros(denomination: int) -> Decimal:
    """Convert cents to euros: 5000 becomes 50.00."""
    return Decimal(denomination).scaleb(-2)


def fewest(amount: Decimal) -> dict[str, int]:
    """The count with the fewest pieces for an amount in euros, the largest first."""
    left, counts = int(amount.scaleb(2)), {}
    for denomination in DENOMINATIONS:
        pieces, left = divmod(left, denomination)
        if pieces:
            counts[str(denomination)] = pieces
    return counts

"""Hides small numbers, because they may tell something about a person: of four people,
a reader may know three (docs/domain.md#statistics).
"""

from collections.abc import Mapping
from typing import Final

#: The smallest number of people that is shown.
FEWEST: Final = 5

#: A number, or None in place of one that is hidden.
type MaybeSuppressed = int | None


def suppress_small(counts: Mapping[str, int]) -> dict[str, MaybeSuppressed]:
    """Each number, or None for one that is hidden. Zero is never hidden.

    The sum of the month is shown too. With it a reader could calculate the hidden
    numbers if there is only one, or if their sum is small (2 is 1 and 1, 8 is 4 and 4).
    So the next smallest numbers are hidden too, as long as this is possible.
    """
    suppressed = {value for value, count in counts.items() if 0 < count < FEWEST}
    others = [v for v, n in counts.items() if n > 0 and v not in suppressed]
    others.sort(key=lambda value: counts[value])
    while suppressed and others and _can_be_calculated(counts, suppressed):
        suppressed.add(others.pop(0))
    return {
        value: None if value in suppressed else count for value, count in counts.items()
    }


def _can_be_calculated(counts: Mapping[str, int], suppressed: set[str]) -> bool:
    together = sum(counts[value] for value in suppressed)
    return len(suppressed) == 1 or together < 2 * FEWEST


def suppress_if_small(count: int) -> MaybeSuppressed:
    """The number, or None when it is hidden; for a number that is part of no sum."""
    return None if 0 < count < FEWEST else count

"""Hides small numbers, because they may tell something about a person: of four people,
a reader may know three (docs/domain.md#statistics).
"""

from collections.abc import Mapping
from typing import Final

#: The smallest number of people that is shown.
FEWEST: Final = 5

type Shown = int | None


def suppress_small(counts: Mapping[str, int]) -> dict[str, Shown]:
    """Each number, or None for one that is hidden. Zero is never hidden.

    The sum of the month is shown too. With it a reader could calculate the hidden
    numbers if there is only one, or if their sum is small (2 is 1 and 1, 8 is 4 and 4).
    So the next smallest numbers are hidden too, as long as this is possible.
    """
    kept_back = {value for value, count in counts.items() if 0 < count < FEWEST}
    others = [v for v, n in counts.items() if n > 0 and v not in kept_back]
    others.sort(key=lambda value: counts[value])
    while kept_back and others and _can_be_worked_out(counts, kept_back):
        kept_back.add(others.pop(0))
    return {
        value: None if value in kept_back else count for value, count in counts.items()
    }


def _can_be_worked_out(counts: Mapping[str, int], kept_back: set[str]) -> bool:
    together = sum(counts[value] for value in kept_back)
    return len(kept_back) == 1 or together < 2 * FEWEST


def shown_alone(count: int) -> Shown:
    """The number, or None when it is hidden; for a number that is part of no sum."""
    return None if 0 < count < FEWEST else count

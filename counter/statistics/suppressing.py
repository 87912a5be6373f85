"""Small numbers are kept back: of four people somebody may know three
(docs/domain.md#statistics).
"""

from collections.abc import Mapping
from typing import Final

#: The smallest number of people that is shown.
FEWEST: Final = 5

type Shown = int | None


def shown(counts: Mapping[str, int]) -> dict[str, Shown]:
    """Each number, None for what is kept back; zero says nothing about anybody.

    One alone that is kept back could be worked out from the sum, so the next smallest
    is kept back with it.
    """
    kept_back = {value for value, count in counts.items() if 0 < count < FEWEST}
    others = {v: n for v, n in counts.items() if n > 0 and v not in kept_back}
    if len(kept_back) == 1 and others:
        kept_back.add(min(others, key=lambda value: others[value]))
    return {
        value: None if value in kept_back else count for value, count in counts.items()
    }


def shown_alone(count: int) -> Shown:
    """A number that is part of no sum."""
    return None if 0 < count < FEWEST else count

"""Rules for the statuses of an HTTP answer, as operators write them: `200-299,409`."""

from typing import Final

_FIRST: Final = 100
_LAST: Final = 599


def read(rule: str) -> frozenset[int]:
    """The statuses that the rule means.

    Raises ValueError for a part that is no status and no span of statuses.
    """
    statuses: set[int] = set()
    for part in rule.split(","):
        first, _, last = part.strip().partition("-")
        span = range(int(first), int(last or first) + 1)
        if not span or span[0] < _FIRST or span[-1] > _LAST:
            raise ValueError(part)
        statuses.update(span)
    return frozenset(statuses)

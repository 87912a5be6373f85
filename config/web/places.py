"""Which connection is closed when there are more than places."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Protocol


class Seated(Protocol):
    """A connection, as far as its place goes.

    `works`: the application is at work for it, or will be; `in_service`: it has begun.
    `since` is when its state began, `household` whose it is.
    """

    household: str
    in_service: int
    since: float

    @property
    def works(self) -> bool: ...

    @property
    def is_idle(self) -> bool: ...

    def handle_close(self) -> None: ...


def make_room(connections: Iterable[Seated]) -> bool:
    """Close one that is idle, or else the one that has waited longest; whether there
    was one.
    """
    waiting = [other for other in connections if not other.works]
    if waiting:
        longest = min(waiting, key=lambda other: (not other.is_idle, other.since))
        longest.handle_close()
    return bool(waiting)


def refuse_the_greediest(before: Collection[Seated], new: Seated) -> None:
    """All connections wait for answers: close one of the address that has most of them.

    That is the new connection, if its address has most; else the last request of the
    other address that no thread has begun with.
    """
    counts = Counter(other.household for other in before)
    most = max(counts.values())
    if counts[new.household] + 1 >= most:
        new.handle_close()
        return
    greedy = [
        other
        for other in before
        if counts[other.household] == most and not other.in_service
    ]
    if greedy:
        max(greedy, key=lambda other: other.since).handle_close()

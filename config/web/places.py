"""Choose the connection to close when there are too many."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Protocol


class Seated(Protocol):
    """What this module needs to know about a connection.

    `works`: the application is working for it, or will be; `in_service`: a thread has
    begun. `since` is when its state began, `household` the address that it comes from.
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
    """Close an idle connection, or else the one that has waited longest; returns
    whether there was one to close.
    """
    waiting = [other for other in connections if not other.works]
    if waiting:
        longest = min(waiting, key=lambda other: (not other.is_idle, other.since))
        longest.handle_close()
    return bool(waiting)


def refuse_the_greediest(before: Collection[Seated], new: Seated) -> None:
    """Close a connection of the address that has most, when all of them wait for
    answers.

    It is the new connection if its address has most; else the newest one of that other
    address that no thread has begun.
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

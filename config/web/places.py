"""Choose the connection to close when there are too many."""

import time
from collections import Counter
from collections.abc import Collection, Iterable
from typing import Protocol

from config.web.limits import Limits


class Seated(Protocol):
    """What this module needs to know about a connection.

    `works`: the application is working for it, or will be; `in_service`: a thread has
    begun. `since` is when its state began, `household` the address that it comes from;
    `is_new`: it connected a moment ago, and its request may be on the way.
    """

    household: str
    in_service: int
    since: float

    @property
    def works(self) -> bool: ...

    @property
    def is_idle(self) -> bool: ...

    def is_new(self, now: float) -> bool: ...

    def handle_close(self) -> None: ...


def make_room(connections: Iterable[Seated], *, most: int = 1) -> bool:
    """Close `most` connections: idle ones, then those that have waited longest; returns
    whether there was one to close.
    """
    waiting = [other for other in connections if not other.works]
    waiting.sort(key=lambda other: (not other.is_idle, other.since))
    for longest in waiting[:most]:
        longest.handle_close()
    return bool(waiting)


def make_room_at_home(mine: Collection[Seated], limits: Limits, *, full: bool) -> bool:
    """Close one of the other connections of a newcomer's address, or two while it has
    too many; returns False if the newcomer has to be closed instead.

    When all others are being answered, the one that has waited longest may be a person
    who connected a moment ago. So new ones are left open, unless there are many of them
    or the process is `full`. Those that are being answered do not count as new ones.
    """
    now = time.monotonic()
    waiting = [other for other in mine if not other.works]
    older = [other for other in waiting if not other.is_new(now)]
    is_spared = not full and len(waiting) - len(older) <= limits.newcomers
    most = 2 if len(mine) > limits.of_an_address else 1
    return make_room(older if is_spared else waiting, most=most) or not full


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

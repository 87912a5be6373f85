"""Which of the web server's processes takes a new connection.

All of them listen at the same socket, and the kernel wakes whoever sleeps there: the
process that has just begun to work takes the next connection too, while another has
nothing to do. So each tells the others how much it has in hand, in memory that they
share, and leaves newcomers to the one that has least.
"""

import mmap
import struct
import time
from collections.abc import Collection
from typing import Final

_NOBODY: Final = 0xFFFF_FFFF
_ENTRY: Final = struct.Struct("=I")
_PLACES: Final = 64
#: The longest that a process leaves newcomers to the others, who may be stuck.
PATIENCE_SECONDS: Final = 0.1

_table = mmap.mmap(-1, _PLACES * _ENTRY.size)
_table.write(_ENTRY.pack(_NOBODY) * _PLACES)


def free_place(taken: Collection[int | None]) -> int | None:
    """One that no process has, if there is any left."""
    return next((place for place in range(_PLACES) if place not in taken), None)


def give_up(place: int | None) -> None:
    """Whose place it was has ended."""
    if place is not None:
        _ENTRY.pack_into(_table, place * _ENTRY.size, _NOBODY)


class Share:
    """What this process has in hand, and whether the next newcomer is its own."""

    def __init__(self, place: int | None) -> None:
        """Without a place it knows of no other process."""
        self.place = place
        self._waits_since: float | None = None

    def is_mine(self, in_hand: int) -> bool:
        """Tell the others, and compare; `in_hand` counts what is not idle.

        Without anything in hand it is everybody's, so that nobody who sleeps has to
        look around.
        """
        if self.place is None:
            return True
        self.tell(in_hand)
        if in_hand == 0 or in_hand <= min(self._others(), default=in_hand):
            self._waits_since = None
            return True
        now = time.monotonic()
        if self._waits_since is None:
            self._waits_since = now
        if now - self._waits_since < PATIENCE_SECONDS:
            return False
        # It goes on looking at the others: one newcomer is not the end of the wait.
        self._waits_since = now
        return True

    def tell(self, in_hand: int) -> None:
        """Let the others know before they look."""
        if self.place is not None:
            _ENTRY.pack_into(_table, self.place * _ENTRY.size, in_hand)

    @property
    def waits(self) -> bool:
        """Whether it leaves newcomers to another process at present."""
        return self._waits_since is not None

    def _others(self) -> list[int]:
        entries = [number for (number,) in _ENTRY.iter_unpack(_table[:])]
        return [
            number
            for place, number in enumerate(entries)
            if place != self.place and number != _NOBODY
        ]

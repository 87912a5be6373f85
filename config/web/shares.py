"""Decide which of the web server's processes accepts a new connection.

All of them listen on the same socket, and the kernel wakes any that waits there: a
process that has just begun to work would accept the next connection too, while another
one has nothing to do. So each writes its number of busy connections to shared memory,
and leaves new connections to the process that has fewest.
"""

import mmap
import struct
import time
from collections.abc import Collection
from typing import Final

_NOBODY: Final = 0xFFFF_FFFF
_ENTRY: Final = struct.Struct("=I")
_PLACES: Final = 64
#: How long a process leaves new connections to others at most: they may be stuck.
PATIENCE_SECONDS: Final = 0.1

_table = mmap.mmap(-1, _PLACES * _ENTRY.size)
_table.write(_ENTRY.pack(_NOBODY) * _PLACES)


def free_place(taken: Collection[int | None]) -> int | None:
    """A place in the table that no process has; None if there is none."""
    return next((place for place in range(_PLACES) if place not in taken), None)


def give_up(place: int | None) -> None:
    """Free a place whose process has ended."""
    if place is not None:
        _ENTRY.pack_into(_table, place * _ENTRY.size, _NOBODY)


class Share:
    """The table's entry of this process, and whether it accepts the next connection."""

    def __init__(self, place: int | None) -> None:
        """Without a place, it does not know of other processes."""
        self.place = place
        self._waits_since: float | None = None

    def is_mine(self, in_hand: int) -> bool:
        """Write this process's number, and return whether it accepts the next
        connection.

        `in_hand` counts the connections that are not idle. A process without any always
        accepts, so no sleeping process has to wake up to compare.
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
        # It leaves the following connections to the others again, for as long.
        self._waits_since = now
        return True

    def tell(self, in_hand: int) -> None:
        """Write this process's number for the others."""
        if self.place is not None:
            _ENTRY.pack_into(_table, self.place * _ENTRY.size, in_hand)

    @property
    def waits(self) -> bool:
        """Whether it is leaving new connections to another process at present."""
        return self._waits_since is not None

    def _others(self) -> list[int]:
        entries = [number for (number,) in _ENTRY.iter_unpack(_table[:])]
        return [
            number
            for place, number in enumerate(entries)
            if place != self.place and number != _NOBODY
        ]

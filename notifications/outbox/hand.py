"""The rows that a pass has claimed and not sent yet: one, or several mails in bulk.

Nobody waits for a reminder, so several are claimed at once. Each has its lease like any
other row. Only as many are taken as can be sent within a second, so a link of the desk
waits no longer than that for them. Rows that were not begun are given back unchanged
when the pass ends, when a message could not be sent, or when the second is over. If the
sender is killed, they are due again when their lease ends; none of them was sent, so
none counts as unknown.
"""

import datetime
import time
from collections import deque
from collections.abc import Collection
from contextlib import nullcontext, suppress
from types import TracebackType
from typing import Final, Self

from django.db import Error

from notifications.enums import Channel, Lane
from notifications.models import Delivery
from notifications.outbox import circuits, outbox
from notifications.outbox.settling import SendingOutcome

MOST_ROWS: Final = 20
LONGEST_SECONDS: Final = 1.0
#: After these outcomes the next message of the same lane can be expected to be sent.
_GOES_ON: Final = frozenset(
    {SendingOutcome.SENT, SendingOutcome.REFUSED, SendingOutcome.DROPPED}
)


class Hand:
    """The rows of one pass.

    with Hand() as hand:
        while row := hand.next(...):
            hand.note(send(row))
    """

    def __init__(self) -> None:
        self._rows: deque[Delivery] = deque()
        self._claimed_at = 0.0
        self._began_at = time.monotonic()
        self._handled = 0
        #: The lanes' state as this pass last read it; None to read it again.
        self.known: circuits.Known | None = None

    def next(
        self,
        *,
        at: datetime.datetime,
        without: Collection[Channel],
        lanes: Collection[Lane],
    ) -> Delivery | None:
        """The next row to send, as `outbox.claim` chooses it; None if none is due."""
        if self._rows:
            row = self._rows[0]
            is_late = time.monotonic() - self._claimed_at > LONGEST_SECONDS
            if not is_late and row.channel not in without and row.lane in lanes:
                return self._rows.popleft()
            self.empty()
        self.known = self.known or circuits.look()
        first = outbox.claim(at=at, without=without, lanes=lanes, known=self.known)
        if first is not None:
            self._claimed_at = time.monotonic()
            more = outbox.claim_more(first, at=at, most=self._as_many_as_leave() - 1)
            self._rows.extend(more)
        return first

    def _as_many_as_leave(self) -> int:
        """How many rows can be sent within a second, at this pass's speed; 1 before the
        first.
        """
        if not self._handled:
            return 1
        each = (time.monotonic() - self._began_at) / self._handled
        return min(MOST_ROWS, int(LONGEST_SECONDS / max(each, 1e-6)))

    def note(self, outcome: SendingOutcome) -> None:
        """Note the outcome of the last row; if it was not sent, its lane may rest by
        now.
        """
        self._handled += 1
        if outcome not in _GOES_ON:
            self.empty()
        if outcome != SendingOutcome.SENT or (self.known and self.known.may_change):
            self.look_again()

    def look_again(self) -> None:
        """Read the lanes' state again before the next row is claimed."""
        self.known = None

    def empty(self) -> None:
        """Give back the rows that were not begun."""
        rows, self._rows = self._rows, deque()
        outbox.release(rows)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # If the database is away, the rows are due again when their lease ends.
        with suppress(Error) if error else nullcontext():
            self.empty()

"""What a pass has claimed and not sent yet: one row, or of mails in bulk several.

Nobody waits for a reminder, so they are claimed many at once. Each has its lease like
any other row, and only as many are taken as leave within a second, so that a link of
the desk waits no longer than that for them. What was not begun with is given back as
it was: when the pass ends, when a message could not be handed over, or when the second
is over. A sender that is killed leaves them to the end of their lease; none of them
was sent, and none counts as unknown.
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
#: Outcomes after which the next message of the same kind may be expected to leave.
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
        #: How the lanes stood when this pass looked last; None to look again.
        self.known: circuits.Known | None = None

    def next(
        self,
        *,
        at: datetime.datetime,
        without: Collection[Channel],
        lanes: Collection[Lane],
    ) -> Delivery | None:
        """The next row to send; `outbox.claim` says which."""
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
        """Within the second, as fast as it went in this pass; one to begin with."""
        if not self._handled:
            return 1
        each = (time.monotonic() - self._began_at) / self._handled
        return min(MOST_ROWS, int(LONGEST_SECONDS / max(each, 1e-6)))

    def note(self, outcome: SendingOutcome) -> None:
        """Hear what became of the last one; its lane may rest by now."""
        self._handled += 1
        if outcome not in _GOES_ON:
            self.empty()
        if outcome != SendingOutcome.SENT or (self.known and self.known.may_change):
            self.look_again()

    def look_again(self) -> None:
        """Ask anew how the lanes stand, before the next row is claimed."""
        self.known = None

    def empty(self) -> None:
        """Give back what was not begun with."""
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
        # With the database away the end of their lease gives them back.
        with suppress(Error) if error else nullcontext():
            self.empty()

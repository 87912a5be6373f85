"""The reminders that will be sent if nobody uses the code or replaces the key
before.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final

from counter.upcoming.brought import Event, Upcoming
from notifications.reminders import reminders


def _events() -> Iterator[Event]:
    for kind in reminders.kinds():
        yield Event(
            label=f"reminder: {kind.label}", due=partial(reminders.going_until, kind)
        )


UPCOMING: Final = (Upcoming(order=20, events=_events),)

"""The events of the counter app: every rule of retention, with its own queryset."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Final

from counter.retention import periods, registry, running
from counter.retention.registry import Rule
from counter.upcoming.brought import Event, Upcoming


def _events() -> Iterator[Event]:
    for rule in registry.rules():
        yield Event(label=f"retention: {rule.data}", due=partial(_due, rule))


def _due(rule: Rule, _now: datetime, until: datetime) -> int:
    """The rows in all offices whose period ends by `until`.

    Rows are left out while a legal hold is in force or they are still needed.
    """
    return sum(
        running.due(rule, office, until).order_by().count()
        for office in periods.offices_of(rule)
    )


UPCOMING: Final = (Upcoming(order=40, events=_events),)

"""What comes until an instant, as a table: a row a kind, a column a stretch of time.

Counted as things stand now. What follows from what comes, such as the end of a dossier
whose code will lapse, is not counted: nobody knows yet who comes in time.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final

from dateutil.relativedelta import relativedelta
from django.utils.timezone import localdate

from counter.offices import midnight
from counter.upcoming.brought import Event, all_upcoming

#: A terminal is not wider.
_COLUMNS: Final = 13
_STEPS: Final = (
    relativedelta(days=1),
    relativedelta(weeks=1),
    relativedelta(months=1),
    relativedelta(months=3),
    relativedelta(years=1),
    relativedelta(years=10),
)


@dataclass(frozen=True)
class Row:
    """`counts` of now, and of each stretch until its column's day included."""

    label: str
    counts: Sequence[int]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Table:
    """`days` are the last days of the stretches; `changes` what changes on a day."""

    days: Sequence[date]
    rows: Sequence[Row]
    changes: Sequence[tuple[date, str]]


def table(*, now: datetime, until: date) -> Table:
    """Everything until the end of this day in Brussels. Writes nothing."""
    today = localdate(now)
    days = _stretches(today, until)
    instants = [now, *(midnight.of(day + timedelta(days=1)) for day in days)]
    rows, changes = list[Row](), list[tuple[date, str]]()
    for upcoming in all_upcoming():
        rows += (_row(event, now, instants) for event in upcoming.events())
        if upcoming.days:
            changes += upcoming.days(today, until)
    return Table(days, rows, sorted(changes))


def _row(event: Event, now: datetime, instants: Iterable[datetime]) -> Row:
    counted = [event.due(now, until) for until in instants]
    more = [later - before for before, later in pairwise(counted)]
    return Row(str(event.label), [counted[0], *more])


def _stretches(today: date, until: date) -> list[date]:
    """Their last days: the shortest stretches that fit the columns."""
    for step in _STEPS:
        days = list(_ends(today, until, step))
        if len(days) <= _COLUMNS:
            return days
    return [until]


def _ends(today: date, until: date, step: relativedelta) -> Iterator[date]:
    """`today` alone first, so that tonight's work stands by itself."""
    nth, day = 0, today
    while day < until:
        yield day
        nth += 1
        day = today + step * nth
    yield until

"""The table of what tasks will do: a row for each kind, a column for each period.

Only today's rows are counted. Later effects, such as the end of a dossier whose code
will expire, are not counted, because the person may still come in time.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice, pairwise
from typing import Final

from dateutil.relativedelta import relativedelta
from django.utils.timezone import localdate

from counter.offices import midnight
from counter.upcoming.brought import Event, all_upcoming

#: The columns for which a terminal is wide enough.
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
    """The counts for one kind: what is due now, then one for each period."""

    label: str
    counts: Sequence[int]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Table:
    """The table. `days` are the last days of the periods; `changes` are the changes on
    a day, such as of a price.
    """

    days: Sequence[date]
    rows: Sequence[Row]
    changes: Sequence[tuple[date, str]]


def table(*, now: datetime, until: date) -> Table:
    """The table until the end of the day `until` in Brussels. It changes no data."""
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
    """The last days of the periods, which are the shortest that fit the columns."""
    for step in _STEPS:
        days = list(islice(_ends(today, until, step), _COLUMNS + 1))
        if len(days) <= _COLUMNS:
            return days
    return [until]


def _ends(today: date, until: date, step: relativedelta) -> Iterator[date]:
    """The last days of periods of length `step`.

    The first period is only `today`, so that tonight's work has its own column.
    """
    nth, day = 0, today
    while day < until:
        yield day
        nth += 1
        day = today + step * nth
    yield until

"""Whether an office is open, until when, and when it opens next.

Pure: rows and an instant in, an answer out. Hours are what the clock on the wall in
Brussels says, so days are counted by date and never as 24 hours:
 in the nights in which the clock changes they last 23 or 25.
"""

import datetime
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from django.utils import timezone

#: Further than this nobody plans a visit, and no office is shut.
_DAYS_AHEAD: Final = 366


class Stretch(Protocol):
    """A row of opening hours; 0 is Monday, `closes` itself is outside."""

    @property
    def weekday(self) -> int: ...
    @property
    def opens(self) -> datetime.time: ...
    @property
    def closes(self) -> datetime.time: ...


@dataclass(frozen=True)
class OpenOrShut:
    """How an office stands at one instant, in the local time of that instant.

    Open: `until` is when it shuts today. Shut: `next_day` and `next_time` are when it
    opens again, both None when it never does within a year.
    """

    today: datetime.date
    until: datetime.time | None = None
    next_day: datetime.date | None = None
    next_time: datetime.time | None = None

    @property
    def is_open(self) -> bool:
        return self.until is not None

    @property
    def opens_today(self) -> bool:
        return self.next_day == self.today

    @property
    def opens_tomorrow(self) -> bool:
        return self.next_day == self.today + datetime.timedelta(days=1)


def standing(
    *,
    hours: Iterable[Stretch],
    closing_days: Collection[datetime.date],
    at: datetime.datetime,
) -> OpenOrShut:
    """How the office stands at the aware instant `at`.

    Stretches that touch or overlap are one: a morning until 12.30 and an afternoon
    from 12.30 mean open until the evening.
    """
    local = timezone.localtime(at)
    today, now = local.date(), local.time()
    rows = list(hours)
    for day in _days(today):
        if day in closing_days:
            continue
        for opens, closes in _joined(rows, day.weekday()):
            if day > today or now < opens:
                return OpenOrShut(today, next_day=day, next_time=opens)
            if now < closes:
                return OpenOrShut(today, until=closes)
    return OpenOrShut(today)


def _days(first: datetime.date) -> Iterator[datetime.date]:
    for ahead in range(_DAYS_AHEAD + 1):
        yield first + datetime.timedelta(days=ahead)


def _joined(
    hours: Iterable[Stretch], weekday: int
) -> list[tuple[datetime.time, datetime.time]]:
    """The stretches of a weekday in order, those that touch made one."""
    joined: list[tuple[datetime.time, datetime.time]] = []
    for opens, closes in sorted(
        (row.opens, row.closes) for row in hours if row.weekday == weekday
    ):
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], closes))
        else:
            joined.append((opens, closes))
    return joined


@dataclass(frozen=True)
class Day:
    """A weekday as the table of hours shows it: the date names it, 0 is Monday."""

    date: datetime.date
    stretches: list[tuple[datetime.time, datetime.time]]
    is_today: bool


def week(*, hours: Iterable[Stretch], today: datetime.date) -> list[Day]:
    """Monday to Sunday of the week of `today`, whatever days the office is shut."""
    rows = list(hours)
    monday = today - datetime.timedelta(days=today.weekday())
    days = [monday + datetime.timedelta(days=ahead) for ahead in range(7)]
    return [Day(day, _joined(rows, day.weekday()), day == today) for day in days]

"""Calculates whether an office is open, until when, and when it opens next.

The functions use no database. Opening hours are in the local time of Brussels, so days
are counted by date and never as 24 hours: when the clock changes, a day has 23 or 25.
"""

import datetime
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from django.utils import timezone

#: How far ahead the next opening is searched for.
_DAYS_AHEAD: Final = 366


class Stretch(Protocol):
    """A row of opening hours. Weekday 0 is Monday; at `closes` the office is shut."""

    @property
    def weekday(self) -> int: ...
    @property
    def opens(self) -> datetime.time: ...
    @property
    def closes(self) -> datetime.time: ...


@dataclass(frozen=True)
class OpenOrShut:
    """Whether an office is open at one instant; its values are in local time.

    When it is open, `until` is when it shuts today. When it is shut, `next_day` and
    `next_time` are when it opens next; both are None if it does not open within a year.
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


def open_or_shut(
    *,
    hours: Iterable[Stretch],
    closing_days: Collection[datetime.date],
    at: datetime.datetime,
) -> OpenOrShut:
    """Whether the office is open at `at`, an aware datetime.

    Rows that touch or overlap count as one: with a morning until 12.30 and an afternoon
    from 12.30, the office is open until the evening.
    """
    local = timezone.localtime(at)
    today, now = local.date(), local.time()
    rows = list(hours)
    if not rows:
        # Without hours there is no need to search a year of days, on each page.
        return OpenOrShut(today)
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
    """The hours of a weekday in order; those that touch or overlap are joined."""
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
    """A weekday in the table of hours; its name is that of the date."""

    date: datetime.date
    stretches: list[tuple[datetime.time, datetime.time]]
    is_today: bool


def week(*, hours: Iterable[Stretch], today: datetime.date) -> list[Day]:
    """Monday to Sunday of the week of `today`, without regard to closing days."""
    rows = list(hours)
    monday = today - datetime.timedelta(days=today.weekday())
    days = [monday + datetime.timedelta(days=ahead) for ahead in range(7)]
    return [Day(day, _joined(rows, day.weekday()), day == today) for day in days]

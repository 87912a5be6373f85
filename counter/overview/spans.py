"""The spans of time that the start page compares, in Brussels time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.timezone import localtime

from counter.offices import midnight

_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Span:
    """The time from `start` until just before `end`."""

    start: datetime
    end: datetime

    def query(self, column: str, **more: object) -> str:
        """The query string for a list of the rows whose `column` is in this span."""
        bounds = {
            f"{column}__gte": self.start.isoformat(),
            f"{column}__lt": self.end.isoformat(),
        }
        return urlencode(bounds | more)


@dataclass(frozen=True)
class Spans:
    """Today and this week until now, and the same spans a week earlier."""

    today: Span
    today_before: Span
    week: Span
    week_before: Span

    def __iter__(self) -> Iterator[Span]:
        return iter((self.today, self.today_before, self.week, self.week_before))

    @property
    def first(self) -> datetime:
        """The start of the earliest span."""
        return self.week_before.start


def until(at: datetime) -> Spans:
    """The four spans; two end at `at`, two exactly a week before.

    They are calculated in local time, so that a week always begins on Monday at
    midnight, also when the clock changes in it.
    """
    now = localtime(at)
    today = localtime(midnight.before(at))
    monday = today - timedelta(days=now.weekday())
    return Spans(
        Span(today, now),
        Span(today - _WEEK, now - _WEEK),
        Span(monday, now),
        Span(monday - _WEEK, now - _WEEK),
    )


def rest_of_year(at: datetime) -> Span:
    """The span from `at` until the end of the year."""
    now = localtime(at)
    return Span(now, midnight.of(date(now.year + 1, 1, 1)))


def list_of(model: str, query: str) -> str:
    """The URL of the admin's list of a model, such as `counter_dossier`."""
    return f"{reverse(f'admin:{model}_changelist')}?{query}"

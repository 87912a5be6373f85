"""The stretches of time that the start page compares, by the clock of Brussels."""

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
    """From `start` until just before `end`."""

    start: datetime
    end: datetime

    def query(self, column: str, **more: object) -> str:
        """What an address asks for to list the rows whose `column` lies in here."""
        bounds = {
            f"{column}__gte": self.start.isoformat(),
            f"{column}__lt": self.end.isoformat(),
        }
        return urlencode(bounds | more)


@dataclass(frozen=True)
class Spans:
    """Today and this week until now, and the same stretch of the week before."""

    today: Span
    today_before: Span
    week: Span
    week_before: Span

    def __iter__(self) -> Iterator[Span]:
        return iter((self.today, self.today_before, self.week, self.week_before))

    @property
    def first(self) -> datetime:
        """Nothing before this is looked at."""
        return self.week_before.start


def until(at: datetime) -> Spans:
    """The four stretches that end at `at`, or a week before it to the minute.

    Reckoned by the clock on the wall, so that a week with the change to summer time
    begins on Monday at midnight too.
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
    """From now until New Year's midnight."""
    now = localtime(at)
    return Span(now, midnight.of(date(now.year + 1, 1, 1)))


def list_of(model: str, query: str) -> str:
    """The address of the admin's list of a model, such as `counter_dossier`."""
    return f"{reverse(f'admin:{model}_changelist')}?{query}"

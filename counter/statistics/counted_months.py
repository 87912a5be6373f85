"""Stores the counts of past months: a nightly task counts, and the page reads them.

Counting a year of a large office takes too long for a page. The records of a month may
still be corrected for a while, so the task counts the month again each night until
RECOUNTED after its end; then its counts no longer change. The page itself counts a
month that the task has not counted yet.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.utils.timezone import localdate

from counter.desk import registry
from counter.models import Dossier, MonthCount, Office, TurnedAway
from counter.offices import midnight
from counter.overview.spans import Span
from counter.statistics.brought import Breakdown, Counted
from counter.statistics.counting import by_month

#: The code of the subject "all visits"; the code of a breakdown is its `order`.
VISITS: Final = 0
RECOUNTED: Final = timedelta(days=62)
#: The value of a row that only says that the month was counted.
_DONE: Final = ""
_MONTHS_A_YEAR: Final = 12
#: Two runs at once would write the same rows; with this lock the second one waits.
_LOCK: Final = "LOCK TABLE counter_monthcount IN SHARE ROW EXCLUSIVE MODE"

type ByMonth = dict[date, dict[str, int]]


@dataclass(frozen=True)
class Subject:
    """Something that is counted by month.

    A visit may change its value until `settles` after the end of its month.
    """

    code: int
    count: Callable[[Office, Span], Counted]
    settles: timedelta

    def settled(self, months: Sequence[date], at: datetime) -> list[date]:
        """The months whose visits no longer change their values at `at`."""
        return [month for month in months if end_of(month) + self.settles <= at]


def of_breakdown(breakdown: Breakdown) -> Subject:
    return Subject(breakdown.order, breakdown.count, breakdown.settles)


def of_visits() -> Subject:
    return Subject(VISITS, _visits, timedelta(0))


def _visits(office: Office, span: Span) -> Counted:
    return by_month(
        Dossier.objects.filter(office=office), "recorded_at", span, "office"
    )


def end_of(month: date) -> datetime:
    year, following = divmod(month.month, _MONTHS_A_YEAR)
    return midnight.of(date(month.year + year, following + 1, 1))


def kept(office: Office, months: Sequence[date]) -> dict[int, ByMonth]:
    """The stored counts of these months, by subject; in one query."""
    by_subject: dict[int, ByMonth] = defaultdict(dict)
    rows = MonthCount.objects.filter(office=office, month__in=months).order_by()
    for subject, month, value, count in rows.values_list(
        "subject", "month", "value", "count"
    ):
        of_month = by_subject[subject].setdefault(month, {})
        if value != _DONE:
            of_month[value] = count
    return by_subject


def count(subject: Subject, office: Office, months: Sequence[date]) -> ByMonth:
    """Count each of these months now. The months are in order; for none, no query."""
    counted: ByMonth = {month: {} for month in months}
    if months:
        span = Span(midnight.of(months[0]), end_of(months[-1]))
        for month, value, many in subject.count(office, span):
            if month in counted:
                counted[month][value] = many
    return counted


def keep(at: datetime) -> int:
    """Count the past months that are not stored yet, and the recent ones again.

    Returns the number of months counted; a month counts once for each subject and
    office.
    """
    counted = 0
    for office in Office.objects.all():
        months = list(_months_over(office, at))
        there = kept(office, months)
        for subject in _subjects():
            settled = subject.settled(months, at)
            known = there.get(subject.code, {})
            wanted = [
                month
                for month in settled
                if month not in known or end_of(month) + RECOUNTED > at
            ]
            _write(office, subject, count(subject, office, wanted))
            counted += len(wanted)
    return counted


def differing(at: datetime) -> Iterator[tuple[Office, date, int]]:
    """The stored months whose counts would differ now: office, month and subject."""
    for office in Office.objects.all():
        months = list(_months_over(office, at))
        there = kept(office, months)
        for subject in _subjects():
            known = there.get(subject.code, {})
            now = count(subject, office, sorted(known))
            yield from (
                (office, month, subject.code)
                for month in sorted(known)
                if known[month] != now[month]
            )


def _subjects() -> list[Subject]:
    return [of_visits(), *map(of_breakdown, registry.breakdowns())]


def _months_over(office: Office, at: datetime) -> Iterator[date]:
    """The months from the office's first visit to the last month that is over."""
    first_of_each = (
        Dossier.objects.filter(office=office).order_by("recorded_at"),
        TurnedAway.objects.filter(office=office).order_by("at"),
    )
    columns = ("recorded_at", "at")
    begun = [
        rows.values_list(column, flat=True).first()
        for rows, column in zip(first_of_each, columns, strict=True)
    ]
    month = localdate(min(filter(None, begun), default=at)).replace(day=1)
    while end_of(month) <= at:
        yield month
        month = localdate(end_of(month))


@transaction.atomic
def _write(office: Office, subject: Subject, counted: ByMonth) -> None:
    if not counted:
        return
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    before = MonthCount.objects.filter(office=office, subject=subject.code)
    before.filter(month__in=list(counted)).delete()
    MonthCount.objects.bulk_create(
        MonthCount(
            office=office, month=month, subject=subject.code, value=value, count=many
        )
        for month, values in counted.items()
        for value, many in {_DONE: 0, **values}.items()
    )

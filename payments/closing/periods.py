"""The days, weeks and months of a report, and their names."""

import datetime
from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _

_DAY = datetime.timedelta(days=1)


def starts(
    first: datetime.date, last: datetime.date, period: str
) -> Iterator[datetime.date]:
    """The first day of each period that has a day from `first` to `last`, in order."""
    start = _start(first, period)
    while start <= last:
        yield start
        start = _next(start, period)


def code(start: datetime.date, period: str) -> str:
    """The label of a period, 2026-11-24, 2026-W48 or 2026-11; labels sort by time."""
    if period == "month":
        return f"{start:%Y-%m}"
    if period == "week":
        year, week, _day = start.isocalendar()
        return f"{year}-W{week:02d}"
    return f"{start:%Y-%m-%d}"


def words(start: datetime.date, period: str) -> str:
    """The name of a period, such as “week 48 of 2026” or “November 2026”."""
    if period == "month":
        return date_format(start, "F Y")
    if period == "week":
        year, week, _day = start.isocalendar()
        return _("week %(week)d of %(year)d") % {"week": week, "year": year}
    return date_format(start, "l j F Y")


def short(start: datetime.date, period: str) -> str:
    """The short name for the axis of the chart: 24/11, 48 or nov."""
    if period == "month":
        return date_format(start, "M")
    if period == "week":
        return str(start.isocalendar().week)
    return f"{start.day}/{start.month}"


def _start(day: datetime.date, period: str) -> datetime.date:
    if period == "month":
        return day.replace(day=1)
    if period == "week":
        return day - day.weekday() * _DAY
    return day


def _next(start: datetime.date, period: str) -> datetime.date:
    if period == "month":
        return (start + 31 * _DAY).replace(day=1)
    return start + (7 * _DAY if period == "week" else _DAY)

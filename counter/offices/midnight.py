"""The instant at which a day begins: midnight by the local time of Brussels."""

from datetime import date, datetime, time

from django.utils import timezone


def of(day: date) -> datetime:
    """The instant at which this day begins."""
    return datetime.combine(day, time.min, timezone.get_default_timezone())


def before(at: datetime) -> datetime:
    """The instant at which the day of `at` began."""
    return of(timezone.localdate(at, timezone.get_default_timezone()))

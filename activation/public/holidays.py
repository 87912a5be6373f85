"""What closing days are called in the visitor's language."""

from dataclasses import dataclass
from datetime import date

from counter.models import ClosingDay
from counter.offices import legal_holidays


@dataclass(frozen=True)
class Closed:
    """A day, what it is called, and whether those are the supervisor's own words."""

    date: date
    occasion: str
    is_typed: bool


def closed(day: ClosingDay) -> Closed:
    name = legal_holidays.name_of(day.date, day.occasion)
    return Closed(date=day.date, occasion=name or day.occasion, is_typed=name is None)

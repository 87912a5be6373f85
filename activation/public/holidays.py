"""The names of closing days in the visitor's language."""

from dataclasses import dataclass
from datetime import date

from counter.models import ClosingDay
from counter.offices import legal_holidays


@dataclass(frozen=True)
class Closed:
    """A closing day and its name; `is_typed` if the supervisor wrote the name."""

    date: date
    occasion: str
    is_typed: bool


def closed(day: ClosingDay) -> Closed:
    name = legal_holidays.name_of(day.date, day.occasion)
    return Closed(date=day.date, occasion=name or day.occasion, is_typed=name is None)

"""The century of a birth date: a machine-readable zone has two digits of the year.

Where 1926 and 2026 are both possible the clerk is asked, so that somebody of a hundred
is not refused as a child.
"""

import datetime
from typing import Final

from counter.identity import documents
from counter.identity.national_number import NationalNumber
from counter.scans.mrz import Mrz

_CENTURY: Final = 100


def births(
    read: Mrz, *, today: datetime.date, minimum_age: int
) -> tuple[datetime.date, ...]:
    """The birth dates that the document leaves possible, the earlier first.

    Empty when the zone has no whole date; two when the later one makes a child, who
    would be refused, and nothing tells that it is one. The national number on a
    Belgian card knows the century.
    """
    later = read.birth_date
    if later is None:
        return ()
    earlier = _century_before(later)
    known = _year_by_number(read.national_number, later)
    if known == later.year or earlier is None:
        return (later,)
    if known == earlier.year:
        return (earlier,)
    # An office that serves children too is asked about babies all the same.
    child = max(minimum_age, documents.MINIMUM_AGE)
    return (earlier, later) if documents.age_on(later, today) < child else (later,)


def _year_by_number(number: NationalNumber | None, shown: datetime.date) -> int | None:
    """The year that the number knows, if it is about the same day as far as it goes."""
    if number is None or number.birth_year is None:
        return None
    same = (
        number.birth_year % _CENTURY == shown.year % _CENTURY
        and number.birth_month in (None, shown.month)
        and number.birth_day in (None, shown.day)
    )
    return number.birth_year if same else None


def _century_before(day: datetime.date) -> datetime.date | None:
    """None for 29 February 2000: 1900 was no leap year."""
    try:
        return day.replace(year=day.year - _CENTURY)
    except ValueError:
        return None

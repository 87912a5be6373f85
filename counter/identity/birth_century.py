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
    """Return the birth dates that the zone leaves possible, the earlier first.

    Empty when the zone has no whole date. Two when the later date would make the holder
    a child, who is refused, and nothing says which of the two it is. The national
    number of a Belgian card says the century.
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
    # Also an office that serves children is asked: a baby here may be a hundred.
    child = max(minimum_age, documents.MINIMUM_AGE)
    return (earlier, later) if documents.age_on(later, today) < child else (later,)


def _year_by_number(number: NationalNumber | None, shown: datetime.date) -> int | None:
    """The national number's year; None when it is about another day than the zone."""
    if number is None or number.birth_year is None:
        return None
    same = (
        number.birth_year % _CENTURY == shown.year % _CENTURY
        and number.birth_month in (None, shown.month)
        and number.birth_day in (None, shown.day)
    )
    return number.birth_year if same else None


def _century_before(day: datetime.date) -> datetime.date | None:
    """The same day a hundred years earlier; None for 29 February 2000, as 1900 had
    none.
    """
    try:
        return day.replace(year=day.year - _CENTURY)
    except ValueError:
        return None

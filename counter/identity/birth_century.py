"""Finds the century of a birth date, as a machine-readable zone has two year digits.

When 1926 and 2026 are both possible, the clerk is asked. Otherwise a hundred-year-old
would be refused as a child.
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
    """Return the possible birth dates for a zone, the earlier first.

    None when the zone has no whole date. Two when the holder would be a child by the
    later date, and nothing tells which date is right. The national number of a Belgian
    card tells the century.
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
    # An office that serves younger children is asked too: the holder whom the later
    # date makes a baby may be a hundred years old.
    child = max(minimum_age, documents.MINIMUM_AGE)
    return (earlier, later) if documents.age_on(later, today) < child else (later,)


def _year_by_number(
    number: NationalNumber | None, birth_date: datetime.date
) -> int | None:
    """The national number's birth year; None when its date is not the zone's date."""
    if number is None or number.birth_year is None:
        return None
    same = (
        number.birth_year % _CENTURY == birth_date.year % _CENTURY
        and number.birth_month in (None, birth_date.month)
        and number.birth_day in (None, birth_date.day)
    )
    return number.birth_year if same else None


def _century_before(day: datetime.date) -> datetime.date | None:
    """The same day a hundred years earlier; None for 29 February 2000, because 1900
    was no leap year.
    """
    try:
        return day.replace(year=day.year - _CENTURY)
    except ValueError:
        return None

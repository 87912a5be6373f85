"""Reads the dates of a machine-readable zone: six digits, two of them for the year.

The rules are in docs/domain.md#identity-documents.
"""

import datetime
from typing import Final

# Longer than any card is valid: Hungary gives people over 65 a card for sixty years,
# and a card may be valid until the birthday after its term. A two-digit year that would
# be later than this is read as 19xx.
_FURTHEST_EXPIRY_YEARS: Final = 62
# The year 9999, which means no last day, as two digits.
_NO_END_YEAR: Final = 99


class DateError(ValueError):
    """The date does not exist. The error has no part of the field."""


def birth_parts(
    field: str, today: datetime.date
) -> tuple[int | None, int | None, int | None]:
    """Year, month and day, each None when unknown.

    Without a year the month counts as unknown, and without a month the day. The century
    is the latest in which the date is not after `today`. Raises DateError.
    """
    year, month, day = (_two_digits(field[i : i + 2]) for i in (0, 2, 4))
    # Some states write 00 for an unknown month or day, though not for a year.
    month = month or None
    day = (day or None) if month else None
    if year is None:
        return None, None, None
    year += 2000
    if (year, month or 1, day or 1) > (today.year, today.month, today.day):
        year -= 100
    whole_date(year, month or 1, day or 1)
    return year, month, day


def expiry(
    field: str, today: datetime.date, *, unlimited: bool
) -> datetime.date | None:
    """Return the last day, or None when there is none.

    There is none when the field is empty, or when a document that may be `unlimited`
    has the year 9999. Raises DateError.
    """
    if not field.strip("<"):
        return None
    year, month, day = (_two_digits(field[i : i + 2]) for i in (0, 2, 4))
    if year is None or month is None or day is None:
        raise DateError
    ahead = year + 2000
    if ahead > today.year + _FURTHEST_EXPIRY_YEARS:
        ahead -= 100
    last_day = whole_date(ahead, month, day)
    return None if unlimited and year == _NO_END_YEAR else last_day


def whole_date(
    year: int | None, month: int | None, day: int | None
) -> datetime.date | None:
    if year is None or month is None or day is None:
        return None
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise DateError from None


def _two_digits(pair: str) -> int | None:
    if pair == "<<":
        return None
    if not pair.isdigit():
        raise DateError
    return int(pair)

"""When links and keys end (docs/domain.md#two-weeks-and-ten-years)."""

import datetime
from typing import Final
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")
#: The texts of pages and mails also name these numbers.
LINK_DAYS: Final = 14
KEY_YEARS: Final = 10


def link_end(issued_at: datetime.datetime) -> datetime.datetime:
    """14 calendar days later, at the same wall-clock time in Brussels, as UTC.

    When the clock changes in between that is 335 or 337 hours instead of 336. `fold=0`
    decides in the nights of the change: a time that does not exist in spring gets the
    offset from before the change, and of a time that exists twice in autumn it takes
    the first.
    """
    local = issued_at.astimezone(BRUSSELS)
    end = (local + datetime.timedelta(days=LINK_DAYS)).replace(fold=0)
    return end.astimezone(datetime.UTC)


def last_whole_day(end: datetime.datetime) -> datetime.date:
    """The day before the link ends: the last day that paper and mails promise."""
    return end.astimezone(BRUSSELS).date() - datetime.timedelta(days=1)


def key_end(activated_at: datetime.datetime) -> datetime.datetime:
    """The same date and time in Brussels ten years later, as UTC.

    29 February becomes 28 February when that year has no 29th.
    """
    local = activated_at.astimezone(BRUSSELS)
    year = local.year + KEY_YEARS
    try:
        end = local.replace(year=year, fold=0)
    except ValueError:
        end = local.replace(year=year, day=28, fold=0)
    return end.astimezone(datetime.UTC)

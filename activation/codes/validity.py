"""When links and keys end (docs/domain.md#two-weeks-and-ten-years)."""

import datetime
from typing import Final
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")
#: Both stand in sentences of pages and mails too.
LINK_DAYS: Final = 14
KEY_YEARS: Final = 10


def link_end(issued_at: datetime.datetime) -> datetime.datetime:
    """14 calendar days later, at the same time on the clock in Brussels.

    Not 336 hours: 335 or 337 when the clock changes in between. A time that the
    spring night skips is read with the offset before it, one that the autumn night
    has twice is the first of them.
    """
    local = issued_at.astimezone(BRUSSELS)
    end = (local + datetime.timedelta(days=LINK_DAYS)).replace(fold=0)
    return end.astimezone(datetime.UTC)


def last_whole_day(end: datetime.datetime) -> datetime.date:
    """The day before the link ends: what paper and mails promise."""
    return end.astimezone(BRUSSELS).date() - datetime.timedelta(days=1)


def key_end(activated_at: datetime.datetime) -> datetime.datetime:
    """The same date and time ten years on, in Brussels; 29 February becomes 28."""
    local = activated_at.astimezone(BRUSSELS)
    year = local.year + KEY_YEARS
    try:
        end = local.replace(year=year, fold=0)
    except ValueError:
        end = local.replace(year=year, day=28, fold=0)
    return end.astimezone(datetime.UTC)

"""The day and hour of the tests about a day's money."""

import datetime
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")
NINE = datetime.datetime(2026, 11, 24, 9, tzinfo=BRUSSELS)
TUESDAY = NINE.date()
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)

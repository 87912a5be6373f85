"""When an office is open: now, in a week, and on the closing days ahead."""

import datetime
from typing import Final

from django.utils import timezone

from activation.public import holidays
from counter.models import Office
from counter.offices import opening_hours

#: Closing days are shown this long before.
CLOSING_DAYS_TOLD: Final = datetime.timedelta(weeks=6)


def opening_context(office: Office, *, at: datetime.datetime) -> dict[str, object]:
    """The context of pages with opening hours: `opening_now`, `week`, `closed`."""
    today = timezone.localdate(at)
    hours = list(office.hours.all())
    closed = list(office.closing_days.filter(date__gte=today))
    dates = {day.date for day in closed}
    return {
        "opening_now": opening_hours.open_or_shut(
            hours=hours, closing_days=dates, at=at
        ),
        "week": opening_hours.week(hours=hours, today=today) if hours else [],
        "closed": [
            holidays.closed(day)
            for day in closed
            if day.date <= today + CLOSING_DAYS_TOLD
        ],
    }

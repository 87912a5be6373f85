"""Until when a message of the public is answered in time."""

from datetime import datetime, timedelta
from typing import Final

from django.utils.timezone import localdate

from counter.offices import midnight

#: The days in which a message is answered (docs/domain.md#messages-of-the-public).
ANSWER_WITHIN: Final = timedelta(days=10)


def in_time_since(at: datetime) -> datetime:
    """The open messages that were received before this instant are late at `at`.

    Days count as on the calendar: a message is in time until the end of the last day.
    """
    return midnight.of(localdate(at) - ANSWER_WITHIN)

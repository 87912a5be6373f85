"""On which days a reminder may be sent, counted in calendar days in Brussels.

Each kind has a period of several days, so that a worker that was down on the first day
can catch up. The periods of one subject have a gap between them, so that catching up
never sends two reminders at once. The period is checked when the row is put in and
again when it is sent. A reminder that a dead mail server held back until its period was
over is dropped, because the next one follows or because its text would be wrong.
"""

import datetime
from typing import Final

from django.utils import timezone

from activation.codes.validity import BRUSSELS
from activation.models import ActivationCode, DigitalKey
from notifications.enums import Kind

#: Days until the code's end. Mails name the day before the end as the last one.
OF_CODES: Final = {
    Kind.REMINDER_WEEK: range(4, 8),
    Kind.REMINDER_LAST: range(1, 3),
}
#: Days until the key's last date.
OF_KEYS: Final = {
    Kind.KEY_EXPIRES_90: range(61, 91),
    Kind.KEY_EXPIRES_30: range(31),
}
_BEFORE_END: Final = OF_CODES | OF_KEYS


def start_of(day: datetime.date) -> datetime.datetime:
    """The instant at which a day begins in Brussels; two days a year have 23 or 25
    hours.
    """
    midnight = datetime.datetime.combine(day, datetime.time.min, tzinfo=BRUSSELS)
    return midnight.astimezone(datetime.UTC)


def ends_between(
    kind: Kind, *, at: datetime.datetime
) -> tuple[datetime.datetime, datetime.datetime]:
    """Start (included) and end of a period: if a code or key ends in it, its reminder
    may be sent now.
    """
    days, today = _BEFORE_END[kind], timezone.localdate(at, BRUSSELS)
    return start_of(_in_days(today, days[0])), start_of(_in_days(today, days[-1] + 1))


def _in_days(day: datetime.date, days: int) -> datetime.date:
    return day + datetime.timedelta(days=days)


def is_its_day(
    kind: Kind, subject: ActivationCode | DigitalKey, *, at: datetime.datetime
) -> bool:
    """Whether this reminder may be sent at this instant."""
    start, end = ends_between(kind, at=at)
    return subject.valid_until is not None and start <= subject.valid_until < end


def days_left(code: ActivationCode, *, at: datetime.datetime) -> int:
    """How many days remain, including today and the last whole day: 7 on day 7."""
    today = timezone.localdate(at, BRUSSELS)
    return (code.last_day - today).days + 1

"""The days on which a reminder may be sent, compared with a count made another way."""

import datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from activation.codes.validity import key_end, link_end
from activation.models import ActivationCode, DigitalKey
from notifications.enums import Kind
from notifications.reminders.timing import days_left, ends_between, is_its_day

BRUSSELS = ZoneInfo("Europe/Brussels")
INSTANTS = st.datetimes(
    datetime.datetime(2026, 1, 1),  # noqa: DTZ001 (hypothesis adds the zone)
    datetime.datetime(2037, 12, 31),  # noqa: DTZ001
    timezones=st.just(datetime.UTC),
)


def up_to_days(days: int) -> st.SearchStrategy[datetime.timedelta]:
    return st.timedeltas(datetime.timedelta(0), datetime.timedelta(days=days))


def date_in_brussels(moment: datetime.datetime) -> datetime.date:
    return moment.astimezone(BRUSSELS).date()


@given(
    issued_at=INSTANTS,
    later=st.timedeltas(datetime.timedelta(0), max_value=datetime.timedelta(days=16)),
)
def test_a_code_is_reminded_of_on_calendar_days(
    issued_at: datetime.datetime, later: datetime.timedelta
) -> None:
    at = issued_at + later
    code = ActivationCode(issued_at=issued_at, valid_until=link_end(issued_at))
    day = (date_in_brussels(at) - date_in_brussels(issued_at)).days

    assert is_its_day(Kind.REMINDER_WEEK, code, at=at) == (7 <= day <= 10)
    assert is_its_day(Kind.REMINDER_LAST, code, at=at) == (12 <= day <= 13)
    assert days_left(code, at=at) == 14 - day
    start, end = ends_between(Kind.REMINDER_WEEK, at=at)
    assert (start <= code.valid_until < end) == (7 <= day <= 10)


@given(
    end=INSTANTS,
    before=st.timedeltas(datetime.timedelta(0), max_value=datetime.timedelta(days=22)),
)
def test_a_code_with_another_time_is_reminded_of_before_its_own_end(
    end: datetime.datetime, before: datetime.timedelta
) -> None:
    """With a link of three weeks, reminders go a week and two days before its end."""
    at = end - before
    issued_at = end - datetime.timedelta(days=21)
    code = ActivationCode(issued_at=issued_at, valid_until=end)
    left = (date_in_brussels(end) - date_in_brussels(at)).days
    assert is_its_day(Kind.REMINDER_WEEK, code, at=at) == (4 <= left <= 7)
    assert is_its_day(Kind.REMINDER_LAST, code, at=at) == (1 <= left <= 2)


@given(
    activated_at=INSTANTS,
    before=st.timedeltas(datetime.timedelta(0), max_value=datetime.timedelta(days=100)),
)
def test_a_key_is_reminded_of_on_calendar_days(
    activated_at: datetime.datetime, before: datetime.timedelta
) -> None:
    key = DigitalKey(activated_at=activated_at, valid_until=key_end(activated_at))
    assert key.valid_until is not None
    at = key.valid_until - before
    left = (date_in_brussels(key.valid_until) - date_in_brussels(at)).days

    assert is_its_day(Kind.KEY_EXPIRES_90, key, at=at) == (61 <= left <= 90)
    assert is_its_day(Kind.KEY_EXPIRES_30, key, at=at) == (0 <= left <= 30)
    start, end = ends_between(Kind.KEY_EXPIRES_30, at=at)
    assert (start <= key.valid_until < end) == (0 <= left <= 30)

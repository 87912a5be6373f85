"""Whether an office is open or shut, and until when. The hours are those of Leuven."""

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest

from counter.offices.opening_hours import open_or_shut, week

BRUSSELS = ZoneInfo("Europe/Brussels")
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)


@dataclass(frozen=True)
class Row:
    weekday: int
    opens: datetime.time
    closes: datetime.time


def row(weekday: int, opens: str, closes: str) -> Row:
    read = datetime.time.fromisoformat
    return Row(weekday, read(opens), read(closes))


LEUVEN = [
    row(MONDAY, "09:00", "20:00"),
    row(TUESDAY, "09:00", "12:30"),
    row(WEDNESDAY, "09:00", "16:30"),
    row(THURSDAY, "09:00", "20:00"),
    row(FRIDAY, "09:00", "12:30"),
]
# The days in docs/domain.md#the-leuven-office, in 2023: Easter, 1 May, Ascension and
# the day after, Whitsun, the feasts of July and August, Kermis Monday, November and
# Christmas.
CLOSED = {
    datetime.date(2023, month, day)
    for month, day in [
        (4, 9), (4, 10), (5, 1), (5, 18), (5, 19), (5, 28), (5, 29), (7, 11),
        (7, 21), (8, 15), (9, 4), (11, 1), (11, 2), (11, 11), (12, 25), (12, 26),
    ]
}  # fmt: skip


def instant(local: str, *, fold: int = 0) -> datetime.datetime:
    """The instant, in UTC, at which a clock in Brussels shows this time."""
    read = datetime.datetime.fromisoformat(local).replace(tzinfo=BRUSSELS, fold=fold)
    return read.astimezone(datetime.UTC)


def summary(local: str, *, rows: list[Row] = LEUVEN, fold: int = 0) -> str:
    state = open_or_shut(hours=rows, closing_days=CLOSED, at=instant(local, fold=fold))
    if state.until:
        return f"open until {state.until:%H:%M}"
    if state.next_day is None:
        return "shut"
    when = f"{state.next_day} {state.next_time:%H:%M}"
    if state.opens_today:
        return f"today {when}"
    return f"tomorrow {when}" if state.opens_tomorrow else when


@pytest.mark.parametrize(
    ("local", "answer"),
    [
        ("2023-03-01 09:00:00", "open until 16:30"),
        ("2023-03-01 16:29:59", "open until 16:30"),
        ("2023-03-01 16:30:00", "tomorrow 2023-03-02 09:00"),
        ("2023-03-01 08:59:59", "today 2023-03-01 09:00"),
        ("2023-02-28 12:29:00", "open until 12:30"),
        ("2023-02-27 19:59:00", "open until 20:00"),
        # Over the weekend.
        ("2023-03-03 12:30:00", "2023-03-06 09:00"),
        ("2023-03-04 10:00:00", "2023-03-06 09:00"),
        ("2023-03-05 23:59:59", "tomorrow 2023-03-06 09:00"),
        # Easter Monday; Ascension with its bridge; the two days of November.
        ("2023-04-07 13:00:00", "2023-04-11 09:00"),
        ("2023-05-18 10:00:00", "2023-05-22 09:00"),
        ("2023-11-01 10:00:00", "2023-11-03 09:00"),
        # Christmas on a Monday and the day after.
        ("2023-12-22 12:30:00", "2023-12-27 09:00"),
    ],
)
def test_the_hours_of_leuven(local: str, answer: str) -> None:
    assert summary(local) == answer


NIGHT = [*LEUVEN, row(SUNDAY, "01:00", "04:00")]


@pytest.mark.parametrize(
    ("local", "fold", "answer"),
    [
        # 26 March 2023: 2 o'clock becomes 3. The day has 23 hours.
        ("2023-03-26 00:30:00", 0, "today 2023-03-26 01:00"),
        ("2023-03-26 01:59:59", 0, "open until 04:00"),
        ("2023-03-26 03:00:00", 0, "open until 04:00"),
        ("2023-03-26 04:00:00", 0, "tomorrow 2023-03-27 09:00"),
        ("2023-03-25 23:30:00", 0, "tomorrow 2023-03-26 01:00"),
        # 29 October 2023: 3 o'clock becomes 2. The day has 25 hours.
        ("2023-10-29 02:30:00", 0, "open until 04:00"),
        ("2023-10-29 02:30:00", 1, "open until 04:00"),
        ("2023-10-29 04:00:00", 0, "tomorrow 2023-10-30 09:00"),
        ("2023-10-28 23:59:59", 0, "tomorrow 2023-10-29 01:00"),
    ],
)
def test_the_nights_in_which_the_clock_changes(
    local: str, fold: int, answer: str
) -> None:
    assert summary(local, rows=NIGHT, fold=fold) == answer


def test_the_day_is_the_one_in_brussels() -> None:
    late = datetime.datetime(2023, 3, 1, 23, 30, tzinfo=datetime.UTC)
    state = open_or_shut(hours=LEUVEN, closing_days=CLOSED, at=late)
    assert state.today == datetime.date(2023, 3, 2)
    assert state.opens_today


def test_a_break_at_noon_and_none() -> None:
    broken = [row(MONDAY, "13:30", "17:00"), row(MONDAY, "09:00", "12:00")]
    assert summary("2023-03-06 11:00", rows=broken) == "open until 12:00"
    assert summary("2023-03-06 12:30", rows=broken) == "today 2023-03-06 13:30"
    whole = [row(MONDAY, "09:00", "12:30"), row(MONDAY, "12:30", "17:00")]
    assert summary("2023-03-06 11:00", rows=whole) == "open until 17:00"


def test_an_office_without_hours_promises_nothing() -> None:
    assert summary("2023-03-06 11:00", rows=[]) == "shut"


def test_the_week_has_seven_days_and_knows_today() -> None:
    days = week(hours=LEUVEN, today=datetime.date(2023, 3, 1))
    assert [day.date.day for day in days] == [27, 28, 1, 2, 3, 4, 5]
    assert [day.is_today for day in days].index(True) == WEDNESDAY
    assert days[SUNDAY].stretches == []
    assert days[MONDAY].stretches == [(datetime.time(9), datetime.time(20))]

"""The ends of links (two weeks) and of keys (ten years), in cases known by hand.

`test_instants` compares them at very many instants.
"""

from datetime import date, datetime, timedelta

import pytest

from activation.codes.validity import (
    KEY_YEARS,
    LINK_DAYS,
    key_end,
    last_whole_day,
    link_end,
)
from tests.own_files import TEMPLATES


@pytest.mark.parametrize(
    ("issued", "end", "hours"),
    [
        ("2026-03-20T10:00:00+01:00", "2026-04-03T10:00:00+02:00", 335),
        ("2026-10-20T10:00:00+02:00", "2026-11-03T10:00:00+01:00", 337),
        ("2026-06-01T10:00:00+02:00", "2026-06-15T10:00:00+02:00", 336),
        # 02.30 is skipped on 29 March 2026, and comes twice on 25 October 2026.
        ("2026-03-15T02:30:00+01:00", "2026-03-29T02:30:00+01:00", 336),
        ("2026-10-11T02:30:00+02:00", "2026-10-25T02:30:00+02:00", 336),
        # Issued in the second 02.30 of the autumn night.
        ("2026-10-25T02:30:00+01:00", "2026-11-08T02:30:00+01:00", 336),
    ],
)
def test_a_link_works_for_fourteen_days_on_the_calendar(
    issued: str, end: str, hours: int
) -> None:
    start = datetime.fromisoformat(issued)
    assert link_end(start) == datetime.fromisoformat(end)
    assert link_end(start) - start == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("end", "day"),
    [
        ("2026-04-03T10:00:00+02:00", date(2026, 4, 2)),
        # Just after midnight on 3 April in Brussels, and still 2 April in UTC.
        ("2026-04-02T22:00:01+00:00", date(2026, 4, 2)),
    ],
)
def test_paper_names_the_day_before_the_last(end: str, day: date) -> None:
    assert last_whole_day(datetime.fromisoformat(end)) == day


@pytest.mark.parametrize(
    ("activated", "end"),
    [
        ("2028-02-29T12:00:00+01:00", "2038-02-28T12:00:00+01:00"),
        ("2026-11-24T09:30:00+01:00", "2036-11-24T09:30:00+01:00"),
        # 31 December in UTC is 1 January in Brussels.
        ("2026-12-31T23:30:00+00:00", "2037-01-01T00:30:00+01:00"),
        # A day in summer is in summer time in both years.
        ("2026-07-01T00:00:00+02:00", "2036-07-01T00:00:00+02:00"),
    ],
)
def test_a_key_works_for_ten_years(activated: str, end: str) -> None:
    assert key_end(datetime.fromisoformat(activated)) == datetime.fromisoformat(end)


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("public/information.html", f"works for {LINK_DAYS // 7} weeks"),
        ("public/information.html", f"valid for {KEY_YEARS} years"),
        ("web/code_locked.html", f"the {LINK_DAYS // 7} weeks"),
        ("web/link_ended.html", f"valid for {LINK_DAYS // 7} weeks"),
        ("journey/_about_the_code.html", f"works for {KEY_YEARS} years"),
        ("holder/keys/replace_key.html", f"works for {KEY_YEARS} years"),
    ],
)
def test_the_pages_say_the_same_times(template: str, says: str) -> None:
    assert says in (TEMPLATES / "activation" / template).read_text()

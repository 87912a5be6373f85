"""How slips and mails write dates, names and the last day of a code."""

import datetime
from zoneinfo import ZoneInfo

import pytest

from activation.codes.validity import last_whole_day
from activation.letters.wording import one_line, written_date, written_time

BRUSSELS = ZoneInfo("Europe/Brussels")


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("nl", "3 april 2026"),
        ("fr", "3 avril 2026"),
        ("de", "3. April 2026"),
        ("en", "3 April 2026"),
    ],
)
def test_a_date_is_written_out(language: str, written: str) -> None:
    assert written_date(datetime.date(2026, 4, 3), language) == written


def test_french_writes_the_first_as_an_ordinal() -> None:
    assert written_date(datetime.date(2026, 4, 1), "fr") == "1er avril 2026"
    assert written_date(datetime.date(2026, 4, 11), "fr") == "11 avril 2026"


@pytest.mark.parametrize(
    ("language", "written"),
    [("nl", "9.05"), ("fr", "9h05"), ("de", "9:05"), ("en", "9.05")],
)
def test_a_time_is_written_as_the_opening_hours_are(
    language: str, written: str
) -> None:
    assert written_time(datetime.time(9, 5), language) == written


def test_another_language_is_refused() -> None:
    with pytest.raises(ValueError, match="es"):
        written_date(datetime.date(2026, 4, 1), "es")


@pytest.mark.parametrize(
    ("ends_at", "last_day"),
    [
        # The two examples of docs/domain.md#two-weeks-and-ten-years.
        (
            datetime.datetime(2026, 4, 3, 10, tzinfo=BRUSSELS),
            datetime.date(2026, 4, 2),
        ),
        (
            datetime.datetime(2026, 11, 3, 10, tzinfo=BRUSSELS),
            datetime.date(2026, 11, 2),
        ),
        # 23:30 UTC is the next day in Brussels.
        (
            datetime.datetime(2026, 4, 3, 23, 30, tzinfo=datetime.UTC),
            datetime.date(2026, 4, 3),
        ),
        (datetime.datetime(2026, 4, 3, tzinfo=BRUSSELS), datetime.date(2026, 4, 2)),
    ],
)
def test_only_the_day_before_the_end_is_promised(
    ends_at: datetime.datetime, last_day: datetime.date
) -> None:
    assert last_whole_day(ends_at) == last_day


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Peter Peeters", "Peter Peeters"),
        (
            "  Peter \t Peeters\r\nBcc: x@example.com",
            "Peter Peeters Bcc: x@example.com",
        ),
        ("Peter\N{LINE SEPARATOR}Peeters\x85\x0b\x00", "Peter Peeters"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}retep\N{POP DIRECTIONAL FORMATTING}", "retep"),
        ("Ame\N{COMBINING ACUTE ACCENT}lie", "Amélie"),
        # Persian needs its zero-width non-joiner.
        (
            "علی\N{ZERO WIDTH NON-JOINER}رضا",
            "علی\N{ZERO WIDTH NON-JOINER}رضا",
        ),
        ("\ud800Peter", "Peter"),
        ("Peter \N{ZERO WIDTH SPACE} Peeters", "Peter Peeters"),
        ("x" * 300, "x" * 199 + "…"),
    ],
)
def test_a_name_is_one_line(typed: str, printed: str) -> None:
    assert one_line(typed) == printed

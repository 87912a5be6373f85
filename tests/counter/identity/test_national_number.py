"""National register and bis numbers: every rule of docs/domain.md.

Numbers not printed there are generated: made up by these tests, issued to no one as
far as anyone knows, and marked as such.
"""

import calendar
import datetime
import re

import pytest

from counter.identity import national_number
from counter.identity.national_number import (
    NumberKind,
    Sex,
    contradicts_birth_date,
    contradicts_sex,
)
from tests.counter.numbers import (
    BIS,
    FEMALE,
    MALE,
    REGISTER,
    UNKNOWN,
    generated,
    read,
    refusal,
)


@pytest.mark.parametrize(
    ("text", "kind", "year", "month", "day", "sex"),
    [
        ("85073003328", REGISTER, 1985, 7, 30, MALE),
        ("17073003384", REGISTER, 2017, 7, 30, MALE),
        ("75.06.08-980.09", REGISTER, 1975, 6, 8, FEMALE),
        ("42012205181", REGISTER, 1942, 1, 22, MALE),
        ("19082416188", REGISTER, 2019, 8, 24, MALE),
        ("00022999719", REGISTER, 2000, 2, 29, MALE),
        ("95.02.28-998.74", REGISTER, 1995, 2, 28, FEMALE),
        ("81050003552", REGISTER, 1981, 5, None, MALE),
        ("81000003517", REGISTER, 1981, None, None, MALE),
        ("00000000128", REGISTER, 2000, None, None, MALE),
        ("98472899765", BIS, 1998, 7, 28, MALE),
        ("23292805780", BIS, 1923, 9, 28, UNKNOWN),
        ("70252501507", BIS, 1970, 5, 25, UNKNOWN),
        ("92321506985", BIS, 1992, 12, 15, UNKNOWN),
        ("92521506931", BIS, 1992, 12, 15, MALE),
        ("80240199943", BIS, 1980, 4, 1, UNKNOWN),
    ],
)
def test_the_number_tells_what_it_knows(
    text: str,
    kind: NumberKind,
    year: int,
    month: int | None,
    day: int | None,
    sex: Sex,
) -> None:
    number = read(text)

    assert number.kind == kind
    assert (number.birth_year, number.birth_month, number.birth_day) == (
        year,
        month,
        day,
    )
    whole = datetime.date(year, month, day) if month and day else None
    assert number.birth_date == whole
    assert number.sex == sex
    assert number.digits == re.sub("[^0-9]", "", text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("81050103521", "check"),
        ("81022903534", "day"),
        ("85133000105", "month"),
        ("85073500107", "day"),
        ("99020299964", "serial"),
        ("8507300332", "format"),
        ("850730033281", "format"),
        ("85O73003328", "format"),
        ("", "format"),
        ("   ", "format"),
    ],
)
def test_a_wrong_number_is_refused_for_its_own_reason(text: str, code: str) -> None:
    assert refusal(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "85073003328",
        "85.07.30-033.28",
        "85.07.30-033-28",
        " 85 07 30 033 28 \r\n",
        "85/07/30 033/28",
        "85.07.30\N{EN DASH}033.28",
        "85\N{NO-BREAK SPACE}07\N{NARROW NO-BREAK SPACE}30-033.28",
        "\t85\t07\t30\t033\t28",
        # Full-width digits are the same digits to NFKC.
        "".join(chr(ord(digit) + 0xFEE0) for digit in "85073003328"),
    ],
)
def test_however_it_is_written_it_is_the_same_number(text: str) -> None:
    assert read(text).digits == "85073003328"


@pytest.mark.parametrize("check", ["00", "98", "99"])
def test_check_digits_outside_01_to_97_never_pass(check: str) -> None:
    # 000000097 leaves remainder 0 in the 1900s, where a plain modulo would write 00.
    for first_nine in ("850730033", "000000097", "970100000"):
        assert refusal(first_nine + check) == "check"


def test_remainder_zero_is_written_97() -> None:
    # Generated: the first serial of this birth date that leaves remainder 0.
    first_nine = next(
        f"850730{serial:03d}"
        for serial in range(1, 999)
        if int(f"850730{serial:03d}") % 97 == 0
    )
    assert read(first_nine + "97").birth_year == 1985


def test_the_check_digits_decide_the_century() -> None:
    # Generated, both: the same nine digits in two centuries.
    assert read(generated("200101001", 1900)).birth_year == 1920
    assert read(generated("200101001", 2000)).birth_year == 2020


@pytest.mark.parametrize(
    ("first_six", "code"),
    [
        ("260320", None),  # born today
        ("260321", "future"),  # born tomorrow
        ("260400", "future"),  # next month, day unknown
        ("260300", None),
        ("260000", None),  # this year, month unknown
        ("270000", "future"),
        ("270101", "future"),
        ("850730", "future"),  # 2085
        ("264321", "future"),  # bis
        ("262321", "future"),
    ],
)
def test_no_one_is_born_after_today(first_six: str, code: str | None) -> None:
    text = generated(f"{first_six}001", 2000)  # generated
    if code:
        assert refusal(text) == code
    else:
        assert read(text).birth_year == 2026


@pytest.mark.parametrize("month", [*range(13, 20), *range(33, 40), *range(53, 100)])
def test_other_months_are_refused(month: int) -> None:
    assert refusal(generated(f"85{month:02d}15001")) == "month"  # generated


@pytest.mark.parametrize(
    ("offset", "kind", "sex"),
    [(0, REGISTER, FEMALE), (20, BIS, UNKNOWN), (40, BIS, FEMALE)],
)
@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_of_every_kind(
    offset: int, kind: NumberKind, sex: Sex, month: int
) -> None:
    number = read(generated(f"85{month + offset:02d}15002"))  # generated
    assert (number.kind, number.birth_month, number.sex) == (kind, month, sex)


@pytest.mark.parametrize("month", ["00", "20", "40"])
@pytest.mark.parametrize("day", ["01", "02", "31", "32", "99"])
def test_the_fictitious_date_says_nothing(month: str, day: str) -> None:
    for century in (1900, 2000):
        number = read(generated(f"00{month}{day}005", century))  # generated
        assert number.birth_date is None
        assert (number.birth_year, number.birth_month, number.birth_day) == (
            None,
            None,
            None,
        )


@pytest.mark.parametrize("day", range(100))
def test_without_a_month_any_day_is_a_counter(day: int) -> None:
    number = read(generated(f"8100{day:02d}005"))  # generated
    assert (number.birth_year, number.birth_month, number.birth_day) == (
        1981,
        None,
        None,
    )


@pytest.mark.parametrize("year", [1981, 1984, 1900, 2000, 2024, 2025])
@pytest.mark.parametrize("month", range(1, 13))
def test_a_month_has_its_days_and_no_more(year: int, month: int) -> None:
    last = calendar.monthrange(year, month)[1]
    century = year // 100 * 100
    for day in range(100):
        text = generated(
            f"{year % 100:02d}{month:02d}{day:02d}005", century
        )  # generated
        if day > last:
            assert refusal(text) == "day"
        else:
            assert read(text).birth_day == (day or None)


def test_an_impossible_day_can_be_switched_to_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(national_number, "REJECT_IMPOSSIBLE_DAY", False)
    number = read("81022903534")
    assert (number.birth_month, number.birth_day, number.birth_date) == (2, None, None)


@pytest.mark.parametrize("serial", ["000", "999"])
def test_serials_000_and_999_are_for_bis_numbers_only(serial: str) -> None:
    assert refusal(generated(f"850730{serial}")) == "serial"  # generated
    assert read(generated(f"854730{serial}")).kind == BIS  # generated
    assert read(generated(f"852730{serial}")).kind == BIS  # generated


@pytest.mark.parametrize(
    ("text", "birth_date", "contradicts"),
    [
        ("85073003328", (1985, 7, 30), False),
        ("85073003328", (1985, 7, 31), True),
        ("85073003328", (1985, 8, 30), True),
        ("85073003328", (1986, 7, 30), True),
        ("98472899765", (1998, 7, 28), False),
        ("81050003552", (1981, 5, 17), False),
        ("81050003552", (1981, 6, 17), True),
        ("81000003517", (1981, 12, 31), False),
        ("81000003517", (1982, 1, 1), True),
        (generated("000001005"), (1957, 2, 3), False),  # generated
    ],
)
def test_only_the_known_parts_can_contradict_the_document(
    text: str, birth_date: tuple[int, int, int], *, contradicts: bool
) -> None:
    number = read(text)
    assert contradicts_birth_date(number, datetime.date(*birth_date)) is contradicts


@pytest.mark.parametrize(
    ("text", "sex", "contradicts"),
    [
        ("85073003328", MALE, False),
        ("85073003328", FEMALE, True),
        ("85073003328", UNKNOWN, False),
        ("75060898009", MALE, True),
        ("70252501507", FEMALE, False),
        ("70252501507", MALE, False),
    ],
)
def test_sex_contradicts_only_when_both_sides_know(
    text: str, sex: Sex, *, contradicts: bool
) -> None:
    assert contradicts_sex(read(text), sex) is contradicts

"""The rules are those of python-stdnum, except for differences that have a name."""

import datetime
from collections.abc import Iterator

import pytest
import time_machine
from hypothesis import example, given, settings
from hypothesis import strategies as st
from stdnum.be import bis, nn

from counter.identity.national_number import NationalNumberError
from tests.counter.numbers import (
    BIS,
    REGISTER,
    TODAY,
    UNKNOWN,
    generated,
    read,
)


@st.composite
def eleven_digits(draw: st.DrawFn) -> str:
    """Generated numbers, most with a good check, many on the edges of the rules."""
    year = draw(st.integers(0, 99) | st.sampled_from([0, 25, 26, 27]))
    month = draw(st.sampled_from([*range(13)] * 3 + [*range(20, 33), *range(40, 53)]))
    month = draw(st.just(month) | st.just(month) | st.integers(0, 99))
    day = draw(st.integers(0, 31) | st.integers(0, 99))
    serial = draw(st.integers(0, 999) | st.sampled_from([0, 1, 2, 997, 998, 999]))
    first_nine = f"{year:02d}{month:02d}{day:02d}{serial:03d}"
    return draw(
        st.just(generated(first_nine, 1900))
        | st.just(generated(first_nine, 2000))
        | st.integers(0, 99).map(lambda check: f"{first_nine}{check:02d}")
    )


Facts = tuple[str, int | None, int | None, datetime.date | None, str]


def facts_here(digits: str) -> Facts | str:
    """What this module says: the facts, or the code of its refusal."""
    try:
        number = read(digits)
    except NationalNumberError as error:
        return error.code
    return (
        number.kind.value,
        number.birth_year,
        number.birth_month,
        number.birth_date,
        number.sex.value,
    )


def facts_stdnum(digits: str) -> Facts | None:
    """What python-stdnum says; None when it refuses."""
    if nn.is_valid(digits):
        kind, sex = REGISTER, nn.get_gender(digits)
    elif bis.is_valid(digits):
        kind, sex = BIS, bis.get_gender(digits) or UNKNOWN.value
    else:
        return None
    return (
        kind.value,
        nn.get_birth_year(digits),
        nn.get_birth_month(digits),
        nn.get_birth_date(digits),
        sex,
    )


def why_different(digits: str, here: Facts | str, there: Facts | None) -> str | None:
    """The name of a difference that is on purpose; None when there is no reason."""
    month, day, serial = int(digits[2:4]) % 20, int(digits[4:6]), digits[6:9]
    if isinstance(here, str) and there is not None:
        kind, year, _month, birth_date, _sex = there
        if here == "serial" and kind == REGISTER and serial in {"000", "999"}:
            return "stdnum lets serials 000 and 999 through"
        # stdnum looks at the year only, so this year's later dates pass.
        if here == "future" and year == TODAY.year:
            if birth_date is not None and birth_date > TODAY:
                return "stdnum accepts a birth date later this year"
            if month > TODAY.month and day == 0:
                return "stdnum accepts a birth month later this year"
        if here == "day" and month > 0 and day > 28 and birth_date is None:
            return "stdnum reads an impossible day as an unknown one"
    if isinstance(here, tuple) and there is not None:
        # The fictitious date overflows as well (docs/domain.md#incomplete-birth-dates);
        # stdnum knows day 1 only.
        only_the_year = here[1] is None and there[1] in {1900, 2000}
        if (
            digits[:2] == "00"
            and month == 0
            and day > 1
            and only_the_year
            and (here[0], *here[2:]) == (there[0], *there[2:])
        ):
            return "stdnum takes the overflow of the unknown date for a known year"
    return None


@pytest.fixture(scope="module")
def _stdnum_today() -> Iterator[None]:
    """Stdnum reads the machine's date; our module gets TODAY as a value."""
    with time_machine.travel(datetime.datetime.combine(TODAY, datetime.time(12))):
        yield


@pytest.mark.usefixtures("_stdnum_today")
@settings(max_examples=2000)
@given(digits=eleven_digits())
@example("00000000000")
@example("81022903534")
@example("99020299964")
@example("80240199943")
@example(generated("261231001", 2000))  # generated
@example(generated("000032001", 2000))  # generated
def test_agrees_with_stdnum_except_on_purpose(digits: str) -> None:
    here, there = facts_here(digits), facts_stdnum(digits)
    both_refuse = isinstance(here, str) and there is None
    if both_refuse or here == there:
        return
    reason = why_different(digits, here, there)
    assert reason, f"unexplained: here {here}, stdnum {there}, generated {digits}"


@pytest.mark.usefixtures("_stdnum_today")
@pytest.mark.parametrize(
    ("digits", "reason"),
    [
        ("99020299964", "stdnum lets serials 000 and 999 through"),
        ("81022903534", "stdnum reads an impossible day as an unknown one"),
        (
            generated("261231001", 2000),  # generated
            "stdnum accepts a birth date later this year",
        ),
        (
            generated("261200001", 2000),  # generated
            "stdnum accepts a birth month later this year",
        ),
        (
            generated("000032001", 2000),  # generated
            "stdnum takes the overflow of the unknown date for a known year",
        ),
    ],
)
def test_each_named_difference_exists(digits: str, reason: str) -> None:
    """When a newer stdnum closes a gap, this test fails and its name can go."""
    assert why_different(digits, facts_here(digits), facts_stdnum(digits)) == reason


@pytest.mark.usefixtures("_stdnum_today")
@settings(max_examples=300)
@given(
    digits=eleven_digits(),
    separators=st.lists(
        st.sampled_from(["", " ", ".", "-", "/", "\N{EN DASH}", "\N{NO-BREAK SPACE}"]),
        min_size=4,
        max_size=4,
    ),
)
def test_separators_change_nothing(digits: str, separators: list[str]) -> None:
    groups = [digits[:2], digits[2:4], digits[4:6], digits[6:9], digits[9:]]
    text = "".join(map("".join, zip(groups, [*separators, ""], strict=True)))
    assert facts_here(text) == facts_here(digits)


def test_stdnum_takes_the_same_separators_but_for_the_slash() -> None:
    assert nn.is_valid("85.07.30\N{EN DASH}033.28")
    assert not nn.is_valid("85/07/30 033/28")  # we take it: people type dates so

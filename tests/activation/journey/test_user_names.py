"""User names: free to choose, but never with a national number in them."""

from datetime import date

import pytest

from activation.journey import user_names
from activation.journey.user_names import UserNameRefusedError
from tests.cast import ANNA_NUMBER, LEILA_NUMBER, PETER_NUMBER

pytestmark = pytest.mark.usefixtures("english")

TODAY = date(2026, 11, 24)


def check(user_name: str) -> None:
    user_names.check(user_name, national_number=PETER_NUMBER, today=TODAY)


@pytest.mark.parametrize(
    "user_name",
    ["abc", "peter.janssens", "Peter-1985", "1234567890", "a" * 50, "x12345678901x"],
)
def test_letters_digits_dots_and_dashes_are_fine(user_name: str) -> None:
    check(user_name)


@pytest.mark.parametrize(
    "user_name",
    [
        "",
        "ab",
        "a" * 51,
        "peter janssens",
        "pétér",
        "peter@home",
        ".peter",
        "-peter",
        "peter_j",
        "пётр",
        "pe\u202eter",
        "peter\x00",
        "٣٤٥٦",
    ],
)
def test_anything_else_is_refused(user_name: str) -> None:
    with pytest.raises(UserNameRefusedError):
        check(user_name)


@pytest.mark.parametrize(
    "user_name",
    [
        PETER_NUMBER,
        "85.07.30-033.28",
        f"peter{PETER_NUMBER}",
        f"9{PETER_NUMBER}9",
        f"p-{ANNA_NUMBER}",
        LEILA_NUMBER,
        "98.47.28-997.65",
    ],
)
def test_a_national_number_is_refused_and_not_repeated(user_name: str) -> None:
    with pytest.raises(UserNameRefusedError) as refused:
        check(user_name)
    assert "national register number" in str(refused.value)
    assert PETER_NUMBER not in str(refused.value)


@pytest.mark.parametrize(
    ("first", "last", "suggested"),
    [
        ("Peter Jan", "Janssens", "peter.janssens"),
        ("José", "Núñez García", "jose.nunez-garcia"),
        ("", "O\u2019Brien", "o-brien"),
        ("An", "D'Hondt", "an.d-hondt"),
        ("Σωκράτης", "Παπάς", "sleutel"),
        ("Łukasz", "Żak", "ukasz.zak"),
        ("A" * 60, "B" * 60, "a" * 46),
    ],
)
def test_a_suggestion_is_made_of_the_name(
    first: str, last: str, suggested: str
) -> None:
    assert user_names.from_name(first, last) == suggested
    check(suggested)

"""A zone that was misread or made up is refused."""

import pytest

from tests.counter.scans.zones import NAMES, SPECIMENS, TD3, digit, read, refusal, td1


@pytest.mark.parametrize("text", SPECIMENS, ids=NAMES)
def test_any_one_changed_digit_is_noticed(text: str) -> None:
    for position, character in enumerate(text):
        if not character.isdigit():
            continue
        for other in "0123456789":
            if other == character:
                continue
            changed = text[:position] + other + text[position + 1 :]
            assert refusal(changed) in {"check", "date"}, (position, other)


@pytest.mark.parametrize("text", SPECIMENS, ids=NAMES)
@pytest.mark.parametrize("line", [0, 1])
def test_a_line_too_short_or_too_long_is_refused(text: str, line: int) -> None:
    lines = text.split("\n")
    for wrong in (lines[line][:-1], lines[line] + "<", lines[line] + "0"):
        broken = [*lines[:line], wrong, *lines[line + 1 :]]
        assert refusal("\n".join(broken)) == "format"
        assert refusal("".join(broken)) == "format"


def test_43_and_45_characters_are_no_passport() -> None:
    first, second = TD3.split("\n")
    assert refusal(f"{first}<\n{second[:-1]}") == "format"
    assert refusal(f"{first[:-1]}\n{second}0") == "format"


@pytest.mark.parametrize("check", ["<", "0"])
def test_an_empty_optional_field_may_leave_its_check_digit_out(check: str) -> None:
    first, second = TD3.split("\n")
    body = f"{second[:28]}{'<' * 14}{check}"
    # Generated: the specimen without its optional data.
    composite = digit(body[:10] + body[13:20] + body[21:])
    assert read(f"{first}\n{body}{composite}").number == "L898902C3"


def test_a_filled_optional_field_may_not() -> None:
    first, second = TD3.split("\n")
    body = f"{second[:42]}<"
    composite = digit(body[:10] + body[13:20] + body[21:])
    assert refusal(f"{first}\n{body}{composite}") == "check"


@pytest.mark.parametrize(
    "head",
    [
        "IDBEL000001115<<",  # nothing follows
        "IDBEL000001115<7",
        "IDBEL000001115<702A",
        "IDBEL000001115A",
        "IDBEL<<<<<<<<<0",  # no number at all
        "IDBEL<<<<<<<<<<",
        "IDBEL<<<<<<<<<<0",
    ],
)
def test_a_number_without_a_right_check_digit_is_refused(head: str) -> None:
    assert refusal(td1(head)) == "check"


def test_a_visa_is_no_passport() -> None:
    assert refusal("V" + TD3[1:]) == "format"

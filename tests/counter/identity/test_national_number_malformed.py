"""Texts that are no national number, also when they look like one."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counter.identity.national_number import NationalNumberError
from tests.counter.cpu_time import assert_refused_unread
from tests.counter.numbers import (
    read,
    refusal,
)

NUL = "\x00"
SUPERSCRIPT = "850730033\N{SUPERSCRIPT TWO}8"


@pytest.mark.parametrize(
    "text",
    [
        NUL,
        f"85073003328{NUL}",
        f"8507300{NUL}3328",
        "8507300332\N{CIRCLED DIGIT EIGHT}8",
        "\ud800" * 11,
        SUPERSCRIPT,
        "8507300332\N{ROMAN NUMERAL EIGHT}",
        "+85073003328",
        "8.5073003328e10",
        "85073003328; DROP TABLE",
        "<script>85073003328</script>",
    ],
)
def test_malformed_input_is_refused(text: str) -> None:
    assert refusal(text) == "format"


@pytest.mark.parametrize(
    ("before", "sign", "after"),
    [
        ("", "8", ""),
        ("85073003328", " ", "1"),
        ("", ".", ""),
        # Each of these becomes eighteen characters in NFKC.
        ("", "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}", ""),
        ("", NUL, ""),
    ],
    ids=["digits", "spaces", "separators", "ligatures", "NUL"],
)
def test_a_megabyte_is_refused_unread(before: str, sign: str, after: str) -> None:
    assert refusal(before + sign * 1_000_000 + after) == "format"
    assert_refused_unread(refusal, before, sign, after)


def accepted_by_hand(digits: str) -> bool:
    """Whether the check digits are right; computed apart from the module under test."""
    first, check = divmod(int(digits), 100)
    return check in {97 - first % 97, 97 - (first + 2 * 10**9) % 97}


odd_characters = st.sampled_from(
    "0123456789 .-/\N{EN DASH}\x00\u200f\u202e\u0660\u0665\uff10\u00b2oO\u00a0\ud800"
)


@settings(max_examples=500)
@given(text=st.one_of(st.text(), st.text(odd_characters, max_size=30)))
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    try:
        number = read(text)
    except NationalNumberError:
        return
    assert re.fullmatch("[0-9]{11}", number.digits, re.ASCII)
    assert accepted_by_hand(number.digits)

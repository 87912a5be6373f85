"""Readers type the zone in several ways; the field gets other texts as well."""

import logging
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counter.scans.mrz import MrzError
from tests.counter.cpu_time import assert_refused_unread
from tests.counter.scans.zones import (
    BELGIAN,
    NAMES,
    SPECIMENS,
    TD3,
    on_azerty,
    on_french_azerty,
    read,
    refusal,
)


@pytest.mark.parametrize("text", SPECIMENS, ids=NAMES)
@pytest.mark.parametrize(
    ("before", "between", "after"),
    [
        ("", "\n", ""),
        ("", "\r\n", "\r\n"),
        ("", "\r", "\r"),
        ("", "\t", "\t"),
        ("", "", ""),  # 72, 88 or 90 characters in one go
        ("", "", "\r"),
        ("\x02", "\r", "\x03"),
        ("  ", " \n   ", "  \n\n"),
        ("#", "\n", "*"),
    ],
)
def test_however_the_reader_ends_its_lines(
    text: str, before: str, between: str, after: str
) -> None:
    typed = before + between.join(text.split("\n")) + after
    assert read(typed) == read(text)
    assert read(typed.lower()) == read(text)


@pytest.mark.parametrize("text", SPECIMENS, ids=NAMES)
@pytest.mark.parametrize("between", ["\n", ""])
@pytest.mark.parametrize("keyboard", [on_azerty, on_french_azerty])
def test_the_wrong_keyboard_layout_is_undone_and_told(
    text: str, between: str, keyboard: Callable[[str], str]
) -> None:
    typed = keyboard(text).replace("\n", between)
    mrz, right = read(typed), read(text)
    assert mrz.repaired
    assert vars(mrz) | {"repaired": False} == vars(right)
    # A browser or Caps Lock may have made the text upper-case.
    assert read(typed.upper()).number == right.number


@pytest.mark.parametrize("text", SPECIMENS, ids=NAMES)
def test_a_repair_needs_every_check_digit(text: str) -> None:
    for position, character in enumerate(text):
        if character.isdigit():
            changed = str((int(character) + 1) % 10)
            typed = on_azerty(text[:position] + changed + text[position + 1 :])
            assert refusal(typed) == "format"


def test_a_good_layout_is_never_repaired() -> None:
    # Z became W: the check fails, and no other layout is tried on plain lines.
    assert refusal(TD3.replace("ZE184226B", "WE184226B")) == "check"


# --- malformed input, and what must not be shown ------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n\n",
        "\x00",
        TD3.replace("7408122", "74\x0008122"),
        TD3.replace("ANNA", "AN\N{RIGHT-TO-LEFT MARK}A"),
        TD3.replace("7408122", "\u0667\u0664\u0660\u0668\u0661\u0662\u0662"),
        TD3.replace("ANNA", "ANN\N{LATIN SMALL LETTER SHARP S}"),
        TD3.replace("ANNA", "AN\ud800A"),
        "85.07.30-033.28",
        "." * 200,
    ],
)
def test_malformed_input_is_refused(text: str) -> None:
    assert refusal(text) == "format"


@pytest.mark.parametrize("sign", ["A", "<", "\n"])
def test_a_megabyte_is_refused_unread(sign: str) -> None:
    assert refusal(sign * 1_000_000) == "format"
    assert_refused_unread(refusal, "", sign)


@settings(max_examples=500)
@given(
    text=st.text(max_size=100)
    | st.text("AQ<.0189&é\n", min_size=60, max_size=95)
    | st.lists(st.text("AM<0189", min_size=30, max_size=30), max_size=3).map("\n".join)
    | st.builds(
        lambda text, at, new: text[:at] + new + text[at + 1 :],
        st.sampled_from(SPECIMENS),
        st.integers(0, 95),
        st.characters(),
    )
)
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    try:
        mrz = read(text)
    except MrzError:
        return
    assert mrz.number.isascii()
    assert mrz.number.isalnum()


def test_neither_refusal_nor_result_repeats_the_lines(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(MrzError) as refused:
        read(BELGIAN.replace("9502286F", "9502287F"))
    error = refused.value
    assert str(error).endswith(".")
    traces = f"{error} {error!r} {error.__dict__} {read(BELGIAN)!r} {caplog.text}"
    for secret in ("SPECIMEN", "000001115", "950228", "1995", "300106"):
        assert secret not in traces

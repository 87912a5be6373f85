"""Texts that a document reader typed are recognised, and texts of people are not."""

import pytest
from django.contrib.staticfiles import finders
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from counter.scans.scan_shape import holds_national_number, looks_like_zone
from tests.browser.chromium import (
    IN_CHROMIUM,
    browser_type_launch_args,
    database_beside_playwright,
)
from tests.counter.scans.zones import (
    LAYOUTS,
    on_azerty,
    on_french_azerty,
    on_qwerty,
    peters_card,
)

__all__ = ["browser_type_launch_args", "database_beside_playwright"]

LINES = sorted(
    {line for text, _number in LAYOUTS.values() for line in text.split("\n")}
)

TYPED_BY_PEOPLE = [
    "",
    "Janssens",
    "VAN DEN BERG",
    "D'Hondt-Vanderstraeten",
    "Nguyễn Thị",
    "hottentottententententoonstelling",
    "wacht nog... hij komt",
    "WACHT NOG...",
    "004471",
    "A-17",
    "2026-000123",
    "BAG-123456",
    "12,50",
    "30.07.1985",
    "peter.janssens.van.den.berg@burgerzaken.vlaanderen.be",
    "burgerzaken.stadskantoor.leuven.be",
    "https://www.leuven.be/nl/a/AbCdEf0123456789AbCdEf0123456789AbCdEf0123/",
    "BE68 5390 0754 7034",
    "BE68539007547034",
    "+++090/9337/55493+++",
    "EN123456",
    "I12345678",
    "irene19850730",
    "pedro19850730",
    "alita1985073",
    "aubel2024101",
    "affaire201234",
    "AFFAIRE201234",
    "x < y",
    "Peter <peter@example.org>",
    "J.P.M.A.",
    "!!!",
]


@pytest.mark.parametrize("line", LINES)
def test_every_line_of_a_zone_is_told(line: str) -> None:
    for typed in (
        line,
        line.lower(),
        line[:30],
        line + "\t",
        f"bon {line}",
        f"{line} van Peter",
        on_azerty(line),
        on_french_azerty(line),
        on_azerty(line)[:30],
        on_azerty(line).lower(),
        on_qwerty(line),
    ):
        assert looks_like_zone(typed), typed


@pytest.mark.parametrize(
    "line", [on(line) for line in peters_card().split("\n") for on in (str, on_azerty)]
)
def test_a_line_behind_what_stood_in_the_field_is_told(line: str) -> None:
    assert looks_like_zone(f"Jans{line}")


@pytest.mark.parametrize("line", LINES)
def test_twenty_characters_of_a_line_are_enough(line: str) -> None:
    assert looks_like_zone(line[:20])


@pytest.mark.parametrize(
    "text",
    [
        "Ann IDBEL000001115<7027<<<",
        "JANSSENS<<PETER",
        "JANSSENS..PETER",
        "8507309M34",
        "IDBEL000001115",
    ],
)
def test_a_part_that_is_left_in_a_field_is_told(text: str) -> None:
    assert looks_like_zone(text)


@pytest.mark.parametrize("text", TYPED_BY_PEOPLE)
def test_what_people_type_is_no_scan(text: str) -> None:
    assert not looks_like_zone(text)
    assert not holds_national_number(text)


@given(st.text(max_size=60))
def test_any_text_is_answered(text: str) -> None:
    assert looks_like_zone(text) in {True, False}
    assert holds_national_number(text) in {True, False}


@IN_CHROMIUM[0]
@IN_CHROMIUM[1]
def test_the_page_tells_the_same(browser: Browser) -> None:
    """static/js/zone.js has the same rule, for a text while it is typed."""
    page = browser.new_page()
    path = finders.find("js/zone.js")
    assert isinstance(path, str)
    page.add_script_tag(path=path)
    variants = (str, str.lower, on_azerty, on_qwerty, lambda line: line[:20])
    texts = [vary(line) for line in LINES for vary in variants] + TYPED_BY_PEOPLE
    answers = page.evaluate("texts => texts.map(text => zone.looksTyped(text))", texts)
    page.close()
    assert dict(zip(texts, answers, strict=True)) == {
        text: looks_like_zone(text) for text in texts
    }


# National numbers (docs/domain.md#national-numbers)


@pytest.mark.parametrize(
    "number",
    [
        "85073003328",
        "85.07.30-033.28",
        "85 07 30 033 28",
        "8 5 0 7 3 0 0 3 3 2 8",
        "850730-033-28",
        "85/07/30 033/28",
        "85,07,30,033,28",
        "85_07_30_033_28",
        "85\N{MIDDLE DOT}07\N{MIDDLE DOT}30\N{MIDDLE DOT}033\N{MIDDLE DOT}28",
        "85.07.30 \N{EN DASH} 033.28",
        "8507\N{ZERO WIDTH SPACE}3003328",
        "8507\N{NO-BREAK SPACE}3003328",
        "85073003328".translate({ord("0") + n: 0x660 + n for n in range(10)}),
        "85.07.30  -  033.28",
        "85    07    30    033    28",
        "85....07....30....033....28",
        "85*07*30*033*28",
        "85+07+30+033+28",
        "85.07.30 (033.28)",
        "85'07'30'033'28",
        "85|07|30|033|28",
        "85\\07\\30\\033\\28",
        "85=07=30=033=28",
        "85\N{BULLET}07\N{BULLET}30\N{BULLET}033\N{BULLET}28",
        "85\N{HYPHENATION POINT}07\N{BULLET OPERATOR}30\N{DOT OPERATOR}033 28",
        "1985.07.30-033.28",
        "1985 07 30 033 28",
        "19850730-033-28",
        "30/07/1985-033.28",
        "30 7 1985 03328",
        "98472899765",
        "17073003384",
    ],
)
def test_a_national_number_is_found_anywhere(number: str) -> None:
    for text in (number, f"nr. {number} van Peter", f"2026-000123 {number}"):
        assert holds_national_number(text), text


@pytest.mark.parametrize(
    "text",
    [
        "81050103521",  # its check digits are wrong
        "850730033281",  # twelve digits
        "000-0011157-02",
        "+32 470 12 34 56",
        "0470 12 34 56",
        "30/07/1985 100",
        "30-07-2026, 125 euro",
        "85.07.30-033",
    ],
)
def test_other_digits_are_no_national_number(text: str) -> None:
    assert not holds_national_number(text)

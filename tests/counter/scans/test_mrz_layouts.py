"""Cards and passports of people in Belgium: server and page read them in the same way.

Specimens are in docs/domain.md; the others are generated (tests.counter.scans.zones).
"""

import datetime
from collections.abc import Iterator

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page

from counter.identity.documents import DocumentError, DocumentType, why_refused
from counter.identity.national_number import Sex
from counter.scans.mrz_fields import MrzFormat
from tests.browser.chromium import (
    IN_CHROMIUM,
    browser_type_launch_args,
    database_beside_playwright,
)
from tests.counter.scans.zones import (
    FRENCH,
    LAYOUTS,
    TODAY,
    UNLIMITED,
    card_of,
    digit,
    french,
    on_azerty,
    read,
    refusal,
    td1,
    td2,
    td3,
)

__all__ = ["browser_type_launch_args", "database_beside_playwright"]


@pytest.mark.parametrize(("text", "number"), LAYOUTS.values(), ids=list(LAYOUTS))
def test_the_number_is_read(text: str, number: str) -> None:
    assert read(text).number == number
    assert read(text.replace("\n", "")).number == number
    assert read(on_azerty(text)).number == number


# The old French card


def test_the_old_french_card_has_a_layout_of_its_own() -> None:
    mrz = read(FRENCH)
    assert mrz.format is MrzFormat.FRENCH_CARD
    assert (mrz.issuing_state, mrz.nationality) == ("FRA", "FRA")
    assert mrz.number == "110675123456"
    assert (mrz.surname, mrz.given_names) == ("TESTNOM", "CAMILLE ODE")
    assert mrz.birth_date == datetime.date(1985, 7, 30)
    assert mrz.sex is Sex.FEMALE
    assert mrz.document_type is DocumentType.EU_ID
    assert mrz.expiry is None
    assert not mrz.without_end  # it has a last day, which the zone leaves out


def test_names_that_fill_their_fields_on_the_french_card() -> None:
    mrz = read(french("W" * 25, "X" * 14))
    assert (mrz.surname, mrz.given_names) == ("W" * 25, "X" * 14)
    mrz = read(french())
    assert (mrz.surname, mrz.given_names) == ("LE GOFF", "ANNE MARIE ZO")


@pytest.mark.parametrize("place", range(len(FRENCH)))
def test_a_changed_digit_of_the_french_card_is_noticed(place: int) -> None:
    if FRENCH[place].isdigit():
        changed = str((int(FRENCH[place]) + 1) % 10)
        wrong = FRENCH[:place] + changed + FRENCH[place + 1 :]
        assert refusal(wrong) in {"check", "date"}


# Cards without an end


@pytest.mark.parametrize("end", ["990101", "991231", "990630", "<<<<<<"])
@pytest.mark.parametrize(
    "card", [card_of("ESP", "ABC123456"), card_of("ITA", "CA00000AA", "C"), td2()]
)
def test_a_card_of_another_state_may_have_no_end(card: str, end: str) -> None:
    text = with_expiry(card, end)
    assert read(text).expiry is None
    assert read(text).without_end


def test_the_unlimited_specimen_is_good() -> None:
    mrz = read(UNLIMITED)
    assert mrz.document_type is DocumentType.EU_ID
    assert mrz.without_end
    refused = why_refused(
        mrz.document_type, expiry=mrz.expiry, birth_date=mrz.birth_date, today=TODAY
    )
    assert refused is None


def test_an_unlimited_zone_still_needs_a_date_that_exists() -> None:
    assert refusal(with_expiry(card_of("ESP", "ABC123456"), "990230")) == "date"


@pytest.mark.parametrize(
    "text", [td1(expiry="990101"), td3(expiry="990101"), td3(expiry="991231")]
)
def test_belgian_cards_and_passports_always_end(text: str) -> None:
    mrz = read(text)
    assert not mrz.without_end
    assert mrz.expiry is not None
    with pytest.raises(DocumentError) as refused:
        raise why_refused(  # type: ignore[misc]
            mrz.document_type, expiry=mrz.expiry, birth_date=None, today=TODAY
        )
    assert refused.value.code == "expired"


@pytest.mark.parametrize("text", [td1(expiry="<<<<<<"), td3(expiry="<<<<<<")])
def test_a_missing_last_day_of_these_is_typed(text: str) -> None:
    mrz = read(text)
    assert (mrz.expiry, mrz.without_end) == (None, False)


@pytest.mark.parametrize(
    ("expiry", "year"), [("760319", 2076), ("860319", 2086), ("880101", 2088)]
)
def test_cards_of_fifty_and_sixty_years_have_not_ended(expiry: str, year: int) -> None:
    last_day = read(with_expiry(card_of("HUN", "123456AE"), expiry)).expiry
    assert last_day is not None
    assert last_day.year == year


def with_expiry(text: str, expiry: str) -> str:
    """The same zone with another last day and the check digits that go with it."""
    lines = text.split("\n")
    if len(lines) == 3:
        first, second, name = lines
        second = second[:8] + expiry + digit(expiry) + second[15:29]
        composite = digit(first[5:] + second[:7] + second[8:15] + second[18:29])
        return "\n".join([first, second + composite, name])
    first, second = lines
    second = second[:21] + expiry + digit(expiry) + second[28:35]
    composite = digit(second[:10] + second[13:20] + second[21:35])
    return f"{first}\n{second}{composite}"


# Which kind of document


@pytest.mark.parametrize("name", ["Croatian", "Irish passport card", "old Romanian"])
def test_any_card_for_the_states_own_people_is_an_identity_card(name: str) -> None:
    assert read(LAYOUTS[name][0]).document_type is DocumentType.EU_ID


@pytest.mark.parametrize("code", ["IR", "AR", "AC", "CR"])
def test_a_permit_is_no_identity_card(code: str) -> None:
    assert read(card_of("NLD", "SPECI2014", code)).document_type is None


# The page


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    path = finders.find("js/zone.js")
    assert isinstance(path, str)
    page.add_script_tag(path=path)
    yield page
    page.close()


def in_the_page(page: Page, text: str) -> str:
    state: str = page.evaluate("text => zone.read(text)", text)
    return state


@pytest.mark.parametrize("text", [pair[0] for pair in LAYOUTS.values()], ids=LAYOUTS)
@IN_CHROMIUM[0]
@IN_CHROMIUM[1]
def test_the_page_reads_what_the_server_reads(page: Page, text: str) -> None:
    for typed in (text, text.replace("\n", ""), on_azerty(text), text.lower()):
        assert in_the_page(page, typed) == "whole"
    for place, character in enumerate(text):
        if character.isdigit():
            changed = str((int(character) + 1) % 10)
            wrong = text[:place] + changed + text[place + 1 :]
            assert in_the_page(page, wrong) == "wrong", place
            assert refusal(wrong) in {"check", "date"}, place

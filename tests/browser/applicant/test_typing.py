"""What the pages say while something is typed, before anything is sent."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from activation.codes.activation_code import ALPHABET, grouped
from activation.journey import passwords
from activation.journey.passwords import PasswordRefusedError
from activation.models import ActivationCode
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import link
from tests.activation.journey.traces import all_tables
from tests.activation.separators import MISTAKES, SEPARATORS
from tests.browser.chromium import (
    IN_CHROMIUM,
    browser_type_launch_args,
    database_beside_playwright,
)

__all__ = ["browser_type_launch_args", "database_beside_playwright"]

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def code_and_text(dossier: Dossier, els: Clerk) -> tuple[ActivationCode, str]:
    return cast.make_code(dossier, els)


def test_a_mistyped_code_is_told_while_it_is_typed(
    live_server: LiveServer, page: Page, code_and_text: tuple[ActivationCode, str]
) -> None:
    code, text = code_and_text
    page.goto(live_server.url + link(code))
    field, verdict = page.locator("#id_code"), page.locator("#code_verdict")
    before = all_tables()
    for place in range(14):
        other = ALPHABET[(ALPHABET.index(text[place]) + 7) % 32]
        slip = text[:place] + other + text[place + 1 :]
        field.fill(slip.lower())
        expect(verdict).to_contain_text("There is a typing mistake in this code.")
        expect(field).to_have_value(grouped(slip))
    field.fill(f"{text[:4]} {text[4:8]}-{text[8:]}".lower())
    expect(verdict).to_have_text("There is no typing mistake in this code.")
    expect(field).to_have_value(grouped(text))
    field.fill("".join({"0": "o", "1": "l"}.get(sign, sign) for sign in text))
    expect(verdict).to_have_text("There is no typing mistake in this code.")
    field.fill(text[:5] + "u")
    expect(verdict).to_contain_text("The character U is never in a code.")
    field.fill(text[:9])
    field.blur()
    expect(verdict).to_contain_text("Some are still missing.")
    field.fill(text + "0")
    expect(verdict).to_contain_text("too long")
    assert all_tables() == before


def test_the_page_takes_the_same_signs_for_separators_as_the_server(
    live_server: LiveServer, page: Page, code_and_text: tuple[ActivationCode, str]
) -> None:
    code, text = code_and_text
    page.goto(live_server.url + link(code))
    page.wait_for_load_state()
    field, verdict = page.locator("#id_code"), page.locator("#code_verdict")
    for between in SEPARATORS.values():
        field.fill("")
        field.fill(between.join([text[:4], text[4:8], text[8:12], text[12:]]))
        expect(verdict).to_have_text("There is no typing mistake in this code.")
        expect(field).to_have_value(grouped(text))
    for sign in MISTAKES:
        field.fill(text[:4] + sign + text[4:])
        expect(verdict).to_contain_text("is never in a code.")


PASSWORDS = (
    "kort",
    "elf tekens!",
    "passwordpassword",
    "PASSWORD12345!",
    "qwertyuiop1234",
    "abcabcabcabc",
    "welcome2026!!",
    "michaeljackson",
    "peterjanssens1",
    "Leuven Janssens!",
    "sleutelloket leuven",
    "cl\u00e9num\u00e9rique2026",
    "digitalesleutel",
    "x9k2" * 33,
    "vier gewone paarse koeien",
    "Zq8!xk2@Lw9#",
    "пароль для ключа один",
    "👵🏽 oma bakt graag taart",
)


def refusal(password: str) -> str:
    known = ("peter.janssens", "Peter", "Janssens", "Leuven")
    try:
        passwords.check(password, known_words=known)
    except PasswordRefusedError as error:
        return str(error)
    return ""


@pytest.mark.usefixtures("english")
def test_a_password_is_judged_while_it_is_typed_as_the_server_does(
    live_server: LiveServer, page: Page, code_and_text: tuple[ActivationCode, str]
) -> None:
    code, text = code_and_text
    page.goto(live_server.url + link(code))
    page.fill("#id_code", text)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/account/*")
    page.wait_for_load_state()
    field, sentence = page.locator("#id_password"), page.locator("[data-sentence]")
    with page.expect_response("**/common-passwords.txt"):
        field.focus()
    for password in PASSWORDS:
        field.fill(password)
        refused = refusal(password)
        if refused.startswith("Use at least 12"):
            left = 12 - len(password)
            wanted = "One more character." if left == 1 else f"{left} more characters."
            expect(sentence).to_have_text(wanted)
        elif refused:
            expect(sentence).to_have_text(refused)
        else:
            expect(sentence).to_have_text(
                "Long enough. One more word makes it stronger."
                if len(password) < 16
                else "This is a very good password."
            )


@pytest.mark.usefixtures("english")
def test_what_was_refused_is_not_held_against_what_is_typed_now(
    live_server: LiveServer, page: Page, code_and_text: tuple[ActivationCode, str]
) -> None:
    """The server's sentence disappears as soon as the text is changed."""
    code, text = code_and_text
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_server.url + link(code))
    page.fill("#id_code", text[:9])
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#id_code_error")).to_contain_text("You typed 9.")
    page.wait_for_load_state()
    page.fill("#id_code", text)
    expect(page.locator("#id_code_error")).to_be_hidden()
    expect(page.locator("#id_code")).to_have_accessible_description(
        "The code has 14 letters and digits. Capitals and dashes do not matter."
    )
    expect(page.locator("#id_code")).to_have_attribute("aria-invalid", "false")
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/account/*")
    page.fill("#id_password", "kort")
    page.get_by_role("button", name="Go on").click()
    mistake, field = page.locator("#id_password_error"), page.locator("#id_password")
    expect(mistake).to_contain_text("Use at least 12 characters.")
    page.wait_for_load_state()
    field.fill("vier gewone paarse koeien")
    expect(page.locator("[data-sentence]")).to_have_text(
        "This is a very good password."
    )
    expect(mistake).to_be_hidden()
    expect(field).to_have_accessible_description(
        "At least 12 characters. Three or four words in a row make a good password."
    )
    expect(field).not_to_have_class("form-control is-invalid")
    expect(field).not_to_have_attribute("aria-invalid", "true")

"""After a refusal the field with the mistake has the focus and says what is wrong."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from activation.models import ActivationCode, DigitalKey
from counter.models import Clerk, Dossier, Office
from tests import cast
from tests.activation.helpers import (
    GOOD_PASSWORD,
    digits_of,
    link,
    other_digits,
    path,
    wrong,
)
from tests.activation.holder.helpers import make_holder
from tests.activation.holder.helpers import path as keys_path
from tests.browser.applicant.test_pages import Phone, phone
from tests.browser.chromium import (
    IN_CHROMIUM,
    browser_type_launch_args,
    database_beside_playwright,
)

__all__ = ["browser_type_launch_args", "database_beside_playwright", "phone"]

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]

SEEN = """
() => {
  const field = document.activeElement;
  const ids = (field.getAttribute("aria-describedby") ?? "").split(" ");
  const group = field.closest("[role=radiogroup]") ?? field;
  return {
    id: field.id,
    invalid: group.getAttribute("aria-invalid"),
    red: field.classList.contains("is-invalid"),
    said: ids.map((id) => document.getElementById(id)?.textContent ?? "").join(" "),
  };
}
"""


def assert_mistake_at(page: Page, field: str, sentence: str) -> None:
    """The focus is in the field, which is marked, and the message describes it."""
    page.wait_for_load_state()
    page.wait_for_function(
        "(id) => document.activeElement.id === id", arg=field, timeout=5000
    )
    seen = page.evaluate(SEEN)
    assert seen["invalid"] == "true", seen
    assert seen["red"], seen
    assert sentence in seen["said"], seen
    assert page.title().startswith("Mistake: "), page.title()


@pytest.fixture
def code_and_text(dossier: Dossier, els: Clerk) -> tuple[ActivationCode, str]:
    return cast.make_code(dossier, els)


@pytest.fixture
def at(
    live_server: LiveServer, phone: Phone, code_and_text: tuple[ActivationCode, str]
) -> Callable[[str], Page]:
    """A function that goes to the named step on the way to a key; returns the page."""
    page = phone.page
    code, text = code_and_text

    def go(step: str) -> Page:
        page.goto(live_server.url + link(code))
        if step == "code":
            return page
        page.fill("#id_code", text)
        press(page)
        page.wait_for_url("**/account/*")
        if step == "account":
            return page
        choose(page, "peter.janssens")
        page.wait_for_url("**/key/*")
        if step == "key":
            return page
        kind = "sms" if step == "number" else step
        page.locator(f"label[for=kind_{kind}]").click()
        press(page)
        page.wait_for_url(f"**/key/{'number' if step == 'number' else 'confirm'}/*")
        return page

    return go


def press(page: Page, name: str = "Go on") -> None:
    page.get_by_role("button", name=name, exact=True).click()


def choose(page: Page, user_name: str, password: str = GOOD_PASSWORD) -> None:
    page.fill("#id_user_name", user_name)
    page.fill("#id_password", password)
    again = page.locator("#id_password_again")
    if again.count():
        again.fill(password)
    press(page)


def test_a_code_that_is_not_this_one(
    at: Callable[[str], Page], code_and_text: tuple[ActivationCode, str]
) -> None:
    page = at("code")
    page.fill("#id_code", wrong(code_and_text[1]))
    press(page)
    assert_mistake_at(page, "id_code", "This is not the right code.")


def test_a_code_of_another_length(at: Callable[[str], Page]) -> None:
    page = at("code")
    page.fill("#id_code", "ABCD")
    press(page)
    assert_mistake_at(page, "id_code", "You typed 4.")


def test_a_user_name_that_somebody_has(at: Callable[[str], Page], els: Clerk) -> None:
    anna = cast.make_applicant(cast.ANNA_NUMBER, first_names="Anna")
    theirs = cast.make_dossier(anna, els, email="anna@example.org")
    make_holder(theirs, els, user_name="pj1985")
    page = at("account")
    choose(page, "pj1985")
    taken = "Somebody else has the user name pj1985. This one is free: pj19852."
    assert_mistake_at(page, "id_user_name", taken)
    expect(page.locator("#id_user_name")).to_have_value("pj19852")
    expect(page.locator("#id_password")).to_have_accessible_description(
        "We remember the password that you typed here. Leave this empty, or type "
        "another one."
    )
    press(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose your key")


def test_a_password_that_is_too_short(at: Callable[[str], Page]) -> None:
    page = at("account")
    choose(page, "peter.janssens", "kort")
    assert_mistake_at(page, "id_password", "Use at least 12")


def test_a_kind_of_key_that_is_no_longer_offered(
    at: Callable[[str], Page], office: Office
) -> None:
    page = at("key")
    page.locator("label[for=kind_email]").click()
    Office.objects.update(email_keys=False)
    press(page)
    assert_mistake_at(page, "kind_app", "This office does not offer this key.")


def test_a_kind_of_key_that_is_none(at: Callable[[str], Page]) -> None:
    page = at("key")
    page.locator("#kind_app").evaluate("radio => { radio.value = 'itsme' }")
    press(page)
    assert_mistake_at(page, "kind_app", "Choose one of these.")


def test_a_number_that_does_not_exist(at: Callable[[str], Page]) -> None:
    page = at("number")
    page.fill("#id_mobile", "0470")
    press(page, "Send me the digits")
    assert_mistake_at(page, "id_mobile", "This number does not exist.")


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("app", "These are not the current digits."),
        ("email", "These are not the right digits."),
    ],
)
def test_six_other_digits(at: Callable[[str], Page], kind: str, sentence: str) -> None:
    page = at(kind)
    page.fill("#id_digits", other_digits(digits_of(DigitalKey.objects.get())))
    press(page, "Activate my key")
    assert_mistake_at(page, "id_digits", sentence)


def test_a_box_that_is_not_ticked(
    at: Callable[[str], Page], live_server: LiveServer
) -> None:
    page = at("code")
    page.goto(live_server.url + path("not_mine"))
    press(page, "Stop this code")
    assert_mistake_at(page, "id_sure", "Tick the box first.")


def test_a_sign_in_that_is_wrong(live_server: LiveServer, phone: Phone) -> None:
    """Nobody learns which of the two is wrong: both are marked, the first has focus."""
    page = phone.page
    page.goto(live_server.url + keys_path("sign_in"))
    page.fill("#id_user_name", "nobody")
    page.fill("#id_password", GOOD_PASSWORD)
    press(page)
    assert_mistake_at(page, "id_user_name", "")
    expect(page.locator("#id_password")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_password")).to_have_attribute(
        "aria-describedby", "form_error"
    )
    expect(page.locator("#form_error")).to_be_visible()

"""Back and reload after a refusal: no browser asks to send a form again.

This needs JavaScript. Without it the browser asks, which no page can prevent.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Response, expect
from pytest_django.live_server_helper import LiveServer

from activation.models import ActivationCode, DigitalKey
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import (
    GOOD_PASSWORD,
    digits_of,
    link,
    other_digits,
    path,
    wrong,
)
from tests.activation.holder.helpers import path as keys_path
from tests.browser.applicant.test_pages import PHONE
from tests.browser.chromium import (
    IN_CHROMIUM,
    browser_type_launch_args,
    database_beside_playwright,
)

__all__ = ["browser_type_launch_args", "database_beside_playwright"]

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": PHONE["width"], "height": PHONE["height"]}, locale="nl-BE"
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


@pytest.fixture
def code_and_text(dossier: Dossier, els: Clerk) -> tuple[ActivationCode, str]:
    return cast.make_code(dossier, els)


def press(page: Page, name: str = "Go on") -> None:
    page.wait_for_load_state()
    page.get_by_role("button", name=name, exact=True).click()


def to_key(page: Page, site: str, code: ActivationCode, text: str, kind: str) -> None:
    page.goto(site + link(code))
    page.fill("#id_code", text)
    press(page)
    page.fill("#id_password", GOOD_PASSWORD)
    press(page)
    page.locator(f"label[for=kind_{kind}]").click()
    press(page)


def is_looked_at(answer: Response | None) -> None:
    assert answer is not None
    assert answer.request.method == "GET", answer.url
    assert answer.status == 200, answer.url


def refused(page: Page, sentence: str) -> None:
    expect(page.locator("main")).to_contain_text(sentence)
    page.wait_for_load_state()


def goes_back_and_reloads(page: Page, elsewhere: str, act: Callable[[], None]) -> None:
    """Reload; be refused again, leave, go back and reload: each time with a GET."""
    is_looked_at(page.reload())
    act()
    page.goto(elsewhere)
    is_looked_at(page.go_back())
    is_looked_at(page.reload())


def test_after_a_wrong_code(
    live_server: LiveServer, page: Page, code_and_text: tuple[ActivationCode, str]
) -> None:
    code, text = code_and_text
    page.goto(live_server.url + link(code))

    def mistype() -> None:
        page.fill("#id_code", wrong(text))
        press(page)
        refused(page, "This is not the right code.")

    mistype()
    goes_back_and_reloads(page, live_server.url + path("not_mine"), mistype)


def test_after_a_refused_password(
    live_server: LiveServer, page: Page, code_and_text: tuple[ActivationCode, str]
) -> None:
    page.goto(live_server.url + link(code_and_text[0]))
    page.fill("#id_code", code_and_text[1])
    press(page)

    def mistype() -> None:
        page.fill("#id_password", "kort")
        press(page)
        refused(page, "Use at least 12")

    mistype()
    goes_back_and_reloads(page, live_server.url + path("not_mine"), mistype)


def test_after_a_number_that_does_not_exist(
    live_server: LiveServer, page: Page, code_and_text: tuple[ActivationCode, str]
) -> None:
    to_key(page, live_server.url, *code_and_text, "sms")

    def mistype() -> None:
        page.fill("#id_mobile", "0470")
        press(page, "Send me the digits")
        refused(page, "This number does not exist.")

    mistype()
    goes_back_and_reloads(page, live_server.url + path("not_mine"), mistype)


def test_after_wrong_digits(
    live_server: LiveServer, page: Page, code_and_text: tuple[ActivationCode, str]
) -> None:
    to_key(page, live_server.url, *code_and_text, "email")
    page.wait_for_url("**/confirm/*")

    def mistype() -> None:
        page.fill("#id_digits", other_digits(digits_of(DigitalKey.objects.get())))
        press(page, "Activate my key")
        refused(page, "These are not the right digits.")

    mistype()
    goes_back_and_reloads(page, live_server.url + path("not_mine"), mistype)


def test_after_a_box_that_was_not_ticked(
    live_server: LiveServer, page: Page, code_and_text: tuple[ActivationCode, str]
) -> None:
    page.goto(live_server.url + link(code_and_text[0]))
    page.goto(live_server.url + path("not_mine"))

    def forget() -> None:
        press(page, "Stop this code")
        refused(page, "Tick the box first.")

    forget()
    goes_back_and_reloads(page, live_server.url + path("enter_code"), forget)


@pytest.mark.usefixtures("dossier")
def test_after_a_wrong_sign_in(live_server: LiveServer, page: Page) -> None:
    page.goto(live_server.url + keys_path("sign_in"))

    def mistype() -> None:
        page.fill("#id_user_name", "nobody")
        page.fill("#id_password", GOOD_PASSWORD)
        press(page)
        expect(page.locator("#form_error")).to_be_visible()
        page.wait_for_load_state()

    mistype()
    goes_back_and_reloads(page, live_server.url + keys_path("forgotten"), mistype)


def test_back_step_by_step_with_what_was_typed(
    live_server: LiveServer, page: Page, code_and_text: tuple[ActivationCode, str]
) -> None:
    back = page.get_by_role("link", name="Back", exact=True)
    to_key(page, live_server.url, *code_and_text, "sms")
    page.fill("#id_mobile", "0470 12 34 56")
    press(page, "Send me the digits")
    page.wait_for_url("**/confirm/*")
    box = back.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    back.click()
    expect(page.locator("#id_mobile")).to_have_value("0470 12 34 56")
    back.click()
    expect(page.locator("#kind_sms")).to_be_checked()
    back.click()
    expect(page.locator("#id_user_name")).to_have_value("peter.janssens")
    expect(page.locator("#id_password")).to_have_value("")
    page.get_by_role("link", name="Keep what I chose before").click()
    expect(page.locator("#kind_sms")).to_be_checked()

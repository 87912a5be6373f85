"""The page where an app is set up: the way that suits this screen stands first.

On a phone that is the button, elsewhere the QR code; the other way stands below it.
With the keyboard, the focus can be seen and goes down the page.
"""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from activation.enums import KeyKind
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import GOOD_PASSWORD, link
from tests.browser.chromium import IN_CHROMIUM, PHONE
from tests.browser.pages.looking import MAIN_BUTTON

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]

TELEPHONE = {"is_mobile": True, "has_touch": True}
BUTTON = "a[href^='otpauth:']"
FIRST = f"""
() => document.querySelector("{BUTTON}").getBoundingClientRect().top
    < document.querySelector(".qr").getBoundingClientRect().top
"""
#: A script: the place of the focus, whether it can be seen, and the element's HTML.
FOCUSED = """
() => {
  const it = document.activeElement
  if (!it.closest("main") || it.id === "main") return null
  const shown = it.matches("[type=radio]") ? it.closest(".form-check") : it
  const outline = getComputedStyle(shown)
  return [
    it.getBoundingClientRect().top + scrollY,
    outline.outlineStyle !== "none" && parseFloat(outline.outlineWidth) >= 2,
    it.outerHTML.slice(0, 80),
  ]
}
"""


def come_to_the_app(page: Page, address: str, text: str) -> None:
    page.goto(address)
    page.fill("#id_code", text)
    page.locator(MAIN_BUTTON).click()
    page.fill("#id_password", GOOD_PASSWORD)
    again = page.locator("#id_password_again")
    if again.count() and again.is_visible():
        again.fill(GOOD_PASSWORD)
    page.locator(MAIN_BUTTON).click()
    page.locator(f"label[for=kind_{KeyKind.APP}]").click()
    page.locator(MAIN_BUTTON).click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize(
    ("screen", "is_telephone"),
    [(TELEPHONE, True), ({}, False)],
    ids=["telephone", "computer"],
)
def test_the_way_that_the_screen_is_for_stands_first(
    browser: Browser,
    live_server: LiveServer,
    dossier: Dossier,
    els: Clerk,
    screen: dict[str, Any],
    is_telephone: bool,  # noqa: FBT001 (as pytest calls tests)
    scripts: bool,  # noqa: FBT001 (as pytest calls tests)
) -> None:
    code, text = cast.make_code(dossier, els)
    context = browser.new_context(viewport=PHONE, java_script_enabled=scripts, **screen)
    page = context.new_page()
    come_to_the_app(page, live_server.url + link(code), text)
    assert page.evaluate(FIRST) is is_telephone
    assert page.locator(BUTTON).is_visible()
    assert page.locator(".qr img").is_visible()
    page.emulate_media(media="print")
    assert page.evaluate(FIRST) is False
    assert page.locator(BUTTON).is_visible()
    assert page.locator(".qr img").is_visible()
    context.close()


def test_the_focus_is_seen_and_goes_down_the_page(
    browser: Browser, live_server: LiveServer, dossier: Dossier, els: Clerk
) -> None:
    code, text = cast.make_code(dossier, els)
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    address = live_server.url + link(code)
    page.goto(address)
    focus_goes_down(page)
    come_to_the_app(page, address, text)
    focus_goes_down(page)
    for place in page.locator(".step-back a").all():
        place.click()
        focus_goes_down(page)
    context.close()


def focus_goes_down(page: Page) -> None:
    page.wait_for_load_state()
    page.evaluate("document.querySelector('.skip-link').focus()")
    places: list[float] = []
    for _turn in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            if places:
                break
            continue
        place, is_seen, html = focused
        assert is_seen, (page.url, html)
        places.append(place)
    assert len(places) > 1, page.url
    assert places == sorted(places), page.url

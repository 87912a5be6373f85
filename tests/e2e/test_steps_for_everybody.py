"""Each step of the activation for who reads, sees or moves differently (issue 5).

Narrow, zoomed, dark, from right to left, without motion, and from the keyboard alone.
"""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from activation.enums import KeyKind
from activation.models import ActivationCode, DigitalKey
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import GOOD_PASSWORD, digits_of, link, path
from tests.browser import (
    IN_CHROMIUM,
    browser_type_launch_args,
    database_beside_playwright,
)

__all__ = ["browser_type_launch_args", "database_beside_playwright"]

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]

OUTSIDE = """
() => [...document.querySelectorAll("body *")]
  .filter((it) => !it.matches(".skip-link, .visually-hidden"))
  .map((it) => [it.outerHTML.slice(0, 80), it.getBoundingClientRect()])
  .filter(([_, box]) => box.width && (box.left < -1 || box.right > innerWidth + 1))
  .map(([html]) => html)
"""
OVERFLOWS = "document.documentElement.scrollWidth > innerWidth"
MOVES = "document.getAnimations().some(it => it.effect.getTiming().duration > 1)"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def code_and_text(dossier: Dossier, els: Clerk) -> tuple[ActivationCode, str]:
    return cast.make_code(dossier, els)


def look_in_every_way(page: Page) -> None:
    page.wait_for_load_state()
    name = page.url.partition("/a/")[2]
    assert not page.evaluate(MOVES), name
    page.set_viewport_size({"width": 320, "height": 700})
    assert not page.evaluate(OVERFLOWS), f"{name} at 320 px"
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert page.evaluate(OUTSIDE) == [], f"{name} from right to left"
    page.evaluate("document.documentElement.dir = 'ltr'")
    # 200 %: the letters twice as large, on the 640 that are left of 1280 pixels.
    page.set_viewport_size({"width": 640, "height": 700})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert not page.evaluate(OVERFLOWS), f"{name} at 200 %"
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.wait_for_timeout(300)  # the colours have changed everywhere
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name} dark\n{found.generate_report()}"
    page.emulate_media(color_scheme="light", reduced_motion="reduce")


def test_each_step_in_every_way(
    live_server: LiveServer, page: Page, code_and_text: tuple[ActivationCode, str]
) -> None:
    code, text = code_and_text
    page.goto(live_server.url + path("enter_code"))
    look_in_every_way(page)
    page.goto(live_server.url + link(code))
    look_in_every_way(page)
    page.goto(live_server.url + path("not_mine"))
    look_in_every_way(page)
    page.goto(live_server.url + path("enter_code"))
    page.fill("#id_code", text[:13] + ("A" if text[13] != "A" else "B"))
    look_in_every_way(page)
    page.fill("#id_code", text)
    page.locator("main form button").click()
    page.wait_for_url("**/account/")
    page.wait_for_load_state()
    page.fill("#id_password", "te kort")
    look_in_every_way(page)
    page.fill("#id_password", GOOD_PASSWORD)
    look_in_every_way(page)
    page.get_by_role("button", name="Go on").click()
    for kind in (KeyKind.SMS, KeyKind.EMAIL, KeyKind.APP):
        page.goto(live_server.url + path("choose_key"))
        look_in_every_way(page)
        page.locator(f"label[for=kind_{kind}]").click()
        page.get_by_role("button", name="Go on").click()
        if kind is KeyKind.SMS:
            look_in_every_way(page)
        else:
            expect(page.locator("#id_digits")).to_be_visible()
            look_in_every_way(page)
    page.fill("#id_digits", digits_of(DigitalKey.objects.get(kind=KeyKind.APP)))
    page.get_by_role("button", name="Activate my key").click()
    page.wait_for_url("**/done/")
    look_in_every_way(page)
    page.goto(live_server.url + path("open_link", "A" * 64))
    look_in_every_way(page)


def reach(page: Page, selector: str) -> None:
    """With the Tab key, as many times as it takes."""
    for _turn in range(40):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not get to {selector}")


def test_from_the_keyboard_alone(
    live_server: LiveServer, page: Page, code_and_text: tuple[ActivationCode, str]
) -> None:
    code, text = code_and_text
    page.goto(live_server.url + link(code))
    reach(page, "#id_code")
    page.keyboard.type(text.lower())
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/")
    reach(page, "#id_password")
    page.keyboard.type(GOOD_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/key/")
    reach(page, "#kind_app")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#kind_sms")).to_be_checked()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/confirm/")
    reach(page, "summary")
    page.keyboard.press("Enter")
    expect(page.locator("#secret")).to_be_visible()
    reach(page, "[data-copies]")
    reach(page, "#id_digits")
    page.keyboard.type(digits_of(DigitalKey.objects.get()))
    page.keyboard.press("Enter")
    page.wait_for_url("**/done/")
    reach(page, "[data-print]")

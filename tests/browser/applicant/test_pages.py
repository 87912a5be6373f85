"""The applicant's pages in a real Chromium, on a phone's screen."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from activation.codes.activation_code import grouped
from activation.enums import KeyKind
from activation.models import ActivationCode, DigitalKey
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import GOOD_PASSWORD, digits_of, link, path, wrong
from tests.browser.chromium import (
    IN_CHROMIUM,
    assert_axe_finds_nothing,
    browser_type_launch_args,
    database_beside_playwright,
    watched,
)

PHONE = {"width": 390, "height": 844}
# SCREENSHOTS=/some/directory keeps a picture of each page.
SCREENSHOTS = os.environ.get("SCREENSHOTS")

__all__ = ["browser_type_launch_args", "database_beside_playwright"]

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True)
class Phone:
    page: Page
    complaints: list[str]
    scripts: bool


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def phone(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Phone]:
    context = browser.new_context(
        viewport={"width": PHONE["width"], "height": PHONE["height"]},
        java_script_enabled=request.param,
        locale="nl-BE",
    )
    yield Phone(*watched(context), scripts=request.param)
    context.close()


@pytest.fixture
def code_and_text(dossier: Dossier, els: Clerk) -> tuple[ActivationCode, str]:
    return cast.make_code(dossier, els)


TARGETS = """
() => [...document.querySelectorAll("button, .btn, input:not([type=hidden]), summary")]
  .map((it) => it.closest(".form-check") ?? it)
  .filter((it) => it.getClientRects().length && it.getBoundingClientRect().height < 44)
  .map((it) => it.outerHTML)
"""


def look(phone: Phone, name: str) -> None:
    """Check axe, small targets and sideways scrolling; keep a picture if wanted."""
    page = phone.page
    page.wait_for_load_state()
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.evaluate("innerWidth"), name
    assert page.evaluate(TARGETS) == [], name
    if phone.scripts:  # without scripts, axe would wait for its timers forever
        assert_axe_finds_nothing(page, name)
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=True)


def test_from_the_link_to_each_kind_of_key(
    live_server: LiveServer,
    phone: Phone,
    code_and_text: tuple[ActivationCode, str],
    kind: str,
) -> None:
    page, complaints = phone.page, phone.complaints
    code, text = code_and_text
    page.goto(live_server.url + link(code))
    assert code.pk.hex not in page.url
    look(phone, "1 enter_code")
    page.get_by_label("The code on your paper").fill(text.lower())
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("user name")
    look(phone, "2 choose_account")
    expect(page.get_by_label("User name")).to_have_value("peter.janssens")
    page.get_by_label("Password", exact=True).fill(GOOD_PASSWORD)
    again = page.get_by_label("The same password again")
    if again.count():
        again.fill(GOOD_PASSWORD)
    page.get_by_role("button", name="Go on").click()
    look(phone, "3 choose_key")
    page.locator(f"label[for=kind_{kind}]").click()
    page.get_by_role("button", name="Go on").click()
    if kind == KeyKind.SMS:
        look(phone, "4 enter_number")
        page.get_by_label("Your mobile number").fill("0470 12 34 56")
        page.get_by_role("button", name="Send me the digits").click()
    expect(page.get_by_label("The six digits")).to_be_visible()
    look(phone, f"5 confirm {kind}")
    if kind == KeyKind.APP:
        picture = page.locator(".qr img")
        assert picture.evaluate("image => image.complete && image.naturalWidth") > 0
    key = DigitalKey.objects.get()
    page.get_by_label("The six digits").fill(digits_of(key))
    page.get_by_role("button", name="Activate my key").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your key is active")
    look(phone, f"6 done {kind}")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your key is active")
    assert complaints == []


@pytest.fixture(params=list(KeyKind))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_wrong_turns(
    live_server: LiveServer,
    phone: Phone,
    code_and_text: tuple[ActivationCode, str],
) -> None:
    page, complaints = phone.page, phone.complaints
    code, text = code_and_text
    go_on = page.get_by_role("button", name="Go on")
    page.goto(live_server.url + path("open_link", "A" * 64))
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "This link no longer works"
    )
    look(phone, "7 link_ended")
    page.goto(live_server.url + path("enter_code"))
    look(phone, "7 link_needed")
    page.goto(live_server.url + link(code))
    slip = text[:5] + ("A" if text[5] != "A" else "B") + text[6:]
    page.get_by_label("The code on your paper").fill(slip.lower())
    go_on.click()
    expect(page.get_by_label("The code on your paper")).to_have_value(grouped(slip))
    look(phone, "7 enter_code mistyped")
    for _turn in range(5):
        page.get_by_label("The code on your paper").fill(wrong(text))
        go_on.click()
        page.wait_for_load_state()
    expect(page.get_by_role("heading", level=1)).to_have_text("This code is locked")
    look(phone, "7 code_locked")
    assert complaints == []

"""The applicant's pages in a real Chromium, on a phone's screen."""

import os
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from activation.enums import KeyKind
from activation.models import ActivationCode, DigitalKey
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import GOOD_PASSWORD, digits_of, link

CHROMIUM = which("chromium") or which("chromium-browser") or which("google-chrome")
PHONE = {"width": 390, "height": 844}
# SCREENSHOTS=/some/directory keeps a picture of each page.
SCREENSHOTS = os.environ.get("SCREENSHOTS")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": CHROMIUM, "args": ["--no-sandbox"]}


@pytest.fixture(scope="session", autouse=True)
def database_beside_playwright() -> Iterator[None]:
    """Playwright's own event loop runs in this thread; Django would object."""
    patch = pytest.MonkeyPatch()
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    yield
    patch.undo()


def watched(context: BrowserContext) -> tuple[Page, list[str]]:
    """A page, and what its console complains of: CSP violations among others."""
    page = context.new_page()
    complaints: list[str] = []
    page.on(
        "console",
        lambda line: (
            complaints.append(line.text)
            if line.type == "error" and "the server responded with" not in line.text
            else None
        ),
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def phone(
    request: pytest.FixtureRequest, browser: Browser
) -> Iterator[tuple[Page, list[str]]]:
    context = browser.new_context(
        viewport={"width": PHONE["width"], "height": PHONE["height"]},
        java_script_enabled=request.param,
        locale="nl-BE",
    )
    yield watched(context)
    context.close()


@pytest.fixture
def code_and_text(dossier: Dossier, els: Clerk) -> tuple[ActivationCode, str]:
    return cast.make_code(dossier, els)


def look(page: Page, name: str) -> None:
    """Keep a picture, and check that nothing has to be scrolled sideways."""
    page.wait_for_load_state("networkidle")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.evaluate("innerWidth"), name
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=True)


def test_from_the_link_to_each_kind_of_key(
    live_server: LiveServer,
    phone: tuple[Page, list[str]],
    code_and_text: tuple[ActivationCode, str],
    kind: str,
) -> None:
    page, complaints = phone
    code, text = code_and_text
    page.goto(live_server.url + link(code))
    assert code.pk.hex not in page.url
    look(page, "1 enter_code")
    page.get_by_label("The code on your paper").fill(text.lower())
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("user name")
    look(page, "2 choose_account")
    expect(page.get_by_label("User name")).to_have_value("peter.janssens")
    page.get_by_label("Password", exact=True).fill(GOOD_PASSWORD)
    again = page.get_by_label("The same password again")
    if again.count():
        again.fill(GOOD_PASSWORD)
    page.get_by_role("button", name="Go on").click()
    look(page, "3 choose_key")
    page.locator(f"label[for=kind_{kind}]").click()
    page.get_by_role("button", name="Go on").click()
    if kind == KeyKind.SMS:
        look(page, "4 enter_number")
        page.get_by_label("Your mobile number").fill("0470 12 34 56")
        page.get_by_role("button", name="Send me the digits").click()
    expect(page.get_by_label("The six digits")).to_be_visible()
    look(page, f"5 confirm {kind}")
    if kind == KeyKind.APP:
        picture = page.locator(".qr img")
        assert picture.evaluate("image => image.complete && image.naturalWidth") > 0
    key = DigitalKey.objects.get()
    page.get_by_label("The six digits").fill(digits_of(key))
    page.get_by_role("button", name="Activate my key").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your key is active")
    look(page, f"6 done {kind}")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your key is active")
    assert complaints == []


@pytest.fixture(params=list(KeyKind))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)

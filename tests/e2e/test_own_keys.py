"""A holder on a phone: sign in with the app, add a key by e-mail, revoke the app."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from activation.enums import KeyKind, KeyState
from activation.models import DigitalKey, KeyHolder
from counter.models import Clerk, Dossier
from tests.activation.helpers import GOOD_PASSWORD
from tests.activation.keys.helpers import digits_of, fresh, make_holder, make_key
from tests.browser import IN_CHROMIUM, watched

# SCREENSHOTS=/some/directory keeps a picture of each page.
SCREENSHOTS = os.environ.get("SCREENSHOTS")
TARGETS = """
() => [...document.querySelectorAll("button, .btn, input:not([type=hidden]), summary")]
  .map((it) => it.closest(".form-check") ?? it)
  .filter((it) => it.getClientRects().length && it.getBoundingClientRect().height < 44)
  .map((it) => it.outerHTML)
"""

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]


class Phone:
    def __init__(self, browser: Browser, site: str, *, scripts: bool) -> None:
        self.context = browser.new_context(
            viewport={"width": 390, "height": 844},
            java_script_enabled=scripts,
            locale="nl-BE",
        )
        self.context.set_default_timeout(5_000)
        self.page, self.complaints = watched(self.context)
        self.site, self.scripts = site, scripts

    def open(self, name: str, *args: object) -> Page:
        with translation.override("en"):
            self.page.goto(self.site + reverse(f"keys:{name}", args=args))
        return self.page

    def look(self, name: str) -> None:
        """Keep a picture; what axe finds, small targets, sideways scrolling."""
        self.page.wait_for_load_state("networkidle")
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= self.page.evaluate("innerWidth"), name
        assert self.page.evaluate(TARGETS) == [], name
        if self.scripts:
            found = Axe().run(self.page)
            assert found.violations_count == 0, f"{name}\n{found.generate_report()}"
        if SCREENSHOTS:
            path = Path(SCREENSHOTS) / f"keys {name}.png"
            self.page.screenshot(path=path, full_page=True)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def type_digits(self, digits: str, button: str) -> None:
        self.page.get_by_label("The six digits").fill(digits)
        self.press(button)

    def heading(self, words: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(words)


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def phone(
    request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer
) -> Iterator[Phone]:
    phone = Phone(browser, live_server.url, scripts=request.param)
    yield phone
    phone.context.close()


@pytest.fixture
def holder(dossier: Dossier, els: Clerk) -> KeyHolder:
    return make_holder(dossier, els)


def sign_in(phone: Phone, app: DigitalKey) -> None:
    page = phone.open("overview")
    phone.heading("Sign in to my keys")
    phone.look("1 sign_in")
    page.get_by_label("User name").fill("peter.janssens")
    page.get_by_label("Password", exact=True).fill(GOOD_PASSWORD)
    phone.press("Go on")
    phone.heading("Show your key")
    phone.look("2 show_key")
    phone.type_digits(digits_of(app), "Sign in")
    phone.heading("My keys")
    phone.look("3 overview")


def add_by_mail(phone: Phone, holder: KeyHolder) -> DigitalKey:
    phone.page.get_by_role("link", name="Add a key").click()
    phone.look("4 add_key")
    phone.page.locator("label[for=kind_email]").click()
    phone.press("Go on")
    phone.look("5 add_destination")
    phone.press("Go on")
    phone.heading("Type the six digits")
    phone.look("6 confirm_new_key")
    key = holder.keys.get(state=KeyState.PENDING)
    phone.type_digits(digits_of(key), "Activate my key")
    phone.heading("My keys")
    return key


def test_sign_in_add_a_key_and_revoke_one(phone: Phone, holder: KeyHolder) -> None:
    app = make_key(holder, KeyKind.APP)
    sign_in(phone, app)
    mail = add_by_mail(phone, holder)
    phone.look("7 overview")
    phone.page.get_by_role("link", name="Revoke: Mobile app").click()
    phone.heading("Revoke a key")
    phone.look("8 revoke_key")
    phone.type_digits(fresh(app), "Revoke this key")
    phone.heading("My keys")
    expect(phone.page.get_by_role("status").first).to_contain_text("revoked")
    assert holder.keys.get(state=KeyState.ACTIVE) == mail
    assert phone.complaints == []


def test_every_other_page(phone: Phone, holder: KeyHolder) -> None:
    app = make_key(holder, KeyKind.APP)
    sms = make_key(holder, KeyKind.SMS)
    sign_in(phone, app)
    for name in (
        *("change_password", "change_email", "change_language"),
        *("activity", "forgotten", "no_key"),
    ):
        phone.open(name)
        phone.look(name)
    for name in ("rename_key", "revoke_key"):
        phone.open(name, sms.pk)
        phone.look(f"{name} sms")
    phone.page.get_by_role("button", name="Text message").click()
    phone.heading("Revoke a key")
    phone.look("revoke_key by message")
    phone.open("add_key").locator("label[for=kind_app]").click()
    phone.press("Go on")
    phone.heading("Set up your app")
    phone.look("confirm_new_key app")
    assert phone.complaints == []

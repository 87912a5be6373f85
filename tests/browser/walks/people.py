"""Somebody with a phone in the hand: Peter before he has a key, and with keys."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Page, expect

from activation.enums import KeyKind
from activation.models import ActivationCode, DigitalKey, KeyHolder
from tests.activation.helpers import GOOD_PASSWORD, link
from tests.activation.holder.helpers import USER_NAME, digits_of
from tests.browser.chromium import assert_axe_finds_nothing

# SCREENSHOTS=/some/directory keeps a picture of each page.
SCREENSHOTS = os.environ.get("SCREENSHOTS")
TARGETS = """
() => [...document.querySelectorAll("button, .btn, input:not([type=hidden]), summary")]
  .map((it) => it.closest(".form-check") ?? it)
  .filter((it) => it.getClientRects().length && it.getBoundingClientRect().height < 44)
  .map((it) => it.outerHTML)
"""

# For a walk that runs only once, because other walks open its pages the other way.
WITH_SCRIPTS = pytest.mark.parametrize("scripts", [True], ids=["with JavaScript"])
BARE = pytest.mark.parametrize("scripts", [False], ids=["without JavaScript"])


@dataclass
class Phone:
    page: Page
    site: str
    scripts: bool
    complaints: list[str]

    def goto(self, path: str) -> None:
        self.page.goto(self.site + path)

    def heading(self, words: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(words)

    def reads(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.locator("main")).to_contain_text(words)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_load_state()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).click()
        self.page.wait_for_load_state()

    def choose_kind(self, kind: KeyKind) -> None:
        self.page.locator(f"label[for=kind_{kind}]").click()
        self.press("Go on")

    def choose(self, kind: KeyKind) -> DigitalKey:
        """Choose a kind that needs no number or address first; returns the new key."""
        self.choose_kind(kind)
        expect(self.page.get_by_label("The six digits")).to_be_visible()
        return DigitalKey.objects.filter(kind=kind).latest("created_at")

    def type_digits(self, digits: str, button: str) -> None:
        self.page.get_by_label("The six digits").fill(digits)
        self.press(button)

    def confirm(self, digits: str) -> None:
        self.type_digits(digits, "Activate my key")

    def type_password(self, password: str = GOOD_PASSWORD) -> None:
        """Type the password; twice if no script can show it."""
        self.page.fill("#id_password", password)
        again = self.page.locator("#id_password_again")
        if again.count() and again.is_visible():
            again.fill(password)

    def look(self, name: str) -> None:
        """Check axe, small targets and sideways scrolling; keep a picture if wanted."""
        self.page.wait_for_load_state()
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= self.page.evaluate("innerWidth"), name
        assert self.page.evaluate(TARGETS) == [], name
        if self.scripts:  # without scripts, axe would wait for its timers forever
            assert_axe_finds_nothing(self.page, name)
        assert self.complaints == [], name
        if SCREENSHOTS:
            picture = Path(SCREENSHOTS) / f"phone {name}.png"
            self.page.screenshot(path=picture, full_page=True)


@dataclass
class Applicant(Phone):
    """Peter with the link in his mail and the code on his paper."""

    code: ActivationCode
    text: str

    def open_link(self) -> None:
        self.goto(link(self.code))

    def type_code(self, text: str) -> None:
        self.page.fill("#id_code", text)
        self.press("Go on")

    def come_to_the_choice(self) -> None:
        self.open_link()
        self.type_code(self.text)
        self.type_password()
        self.press("Go on")


@dataclass
class Holder(Phone):
    """Peter with an account; each test says with which keys."""

    account: KeyHolder

    def open(self, name: str, *args: object) -> None:
        with translation.override("en"):
            self.goto(reverse(f"activation_holder:{name}", args=args))

    def show_password(self, password: str = GOOD_PASSWORD) -> None:
        self.page.fill("#id_user_name", USER_NAME)
        self.page.fill("#id_password", password)
        self.press("Go on")

    def sign_in(self, key: DigitalKey) -> None:
        self.open("sign_in")
        self.show_password()
        self.heading("Show your key")
        self.type_digits(digits_of(key), "Sign in")
        self.heading("My keys")

"""A passkey of Chromium's own virtual device: added, used, and removed again."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from counter.models import Clerk, Passkey, SecondFactor
from tests import cast
from tests.browser.chromium import (
    IN_CHROMIUM,
    browser_type_launch_args,
    database_beside_playwright,
    watched,
)
from tests.browser.desk.test_recording import look
from tests.browser.desk.test_second_factor import type_digits, type_password
from tests.counter.app import digits, set_up

__all__ = ["browser_type_launch_args", "database_beside_playwright"]

pytestmark = [
    *IN_CHROMIUM,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("digits_asked"),
]
BUTTON = "form[data-passkey] button"
DESK = f"**{reverse('counter_desk:desk')}"


@pytest.fixture(autouse=True)
def address(live_server: LiveServer, settings: Settings) -> str:
    """The server's address by name: browsers make no passkeys for an IP address."""
    url: str = live_server.url
    settings.SITE_URL = url
    assert url.startswith("http://localhost:")
    return url


@pytest.fixture
def context(browser: Browser, address: str) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="en-GB", base_url=address)
    yield context
    context.close()


def with_device(page: Page, *, is_verified: bool = True) -> tuple[Any, str]:
    """Add a device that recognises a finger, or not; returns its session and its id."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": is_verified,
        "automaticPresenceSimulation": True,
    }
    added = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, added["authenticatorId"]


def prove(page: Page, clerk: Clerk) -> None:
    SecondFactor.objects.update(last_step=1)  # half a minute later
    expect(page.locator("[name=password]")).to_be_focused()
    page.keyboard.type(cast.PASSWORD)
    page.keyboard.press("Enter")
    type_digits(page, digits(clerk))


def add(page: Page, clerk: Clerk, name: str) -> None:
    page.goto(reverse("counter_passkeys:overview"))
    page.get_by_role("link", name="Add a passkey").click()
    page.wait_for_url("**/second-factors/prove/**")
    look(page, "prove oneself")
    prove(page, clerk)
    expect(page.locator("[name=name]")).to_be_focused()
    look(page, "add a passkey")
    page.keyboard.type(name)
    page.keyboard.press("Enter")


def half_way(page: Page, clerk: Clerk) -> None:
    """Sign out and type the password again, up to the second factor."""
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/")
    type_password(page, clerk)
    page.wait_for_url("**/sign-in/code/**")


def test_els_adds_a_passkey_and_signs_in_with_it(
    context: BrowserContext, els: Clerk
) -> None:
    set_up(els)
    page, complaints = watched(context)
    device, id_ = with_device(page)
    type_password(page, els)
    page.wait_for_url("**/sign-in/code/**")
    type_digits(page, digits(els))
    page.wait_for_url(DESK)

    add(page, els, "My phone")
    page.wait_for_url(f"**{reverse('counter_passkeys:overview')}")
    expect(page.get_by_role("rowheader", name="My phone")).to_be_visible()
    look(page, "own second factors")

    half_way(page, els)
    expect(page.locator(BUTTON)).to_be_focused()
    look(page, "passkey at sign-in")
    page.keyboard.press("Enter")
    page.wait_for_url(DESK)
    passkey = Passkey.objects.get()
    assert passkey.last_used_at is not None
    kept = device.send("WebAuthn.getCredentials", {"authenticatorId": id_})
    assert kept["credentials"][0]["signCount"] == passkey.sign_count
    assert kept["credentials"][0]["rpId"] == "localhost"

    # The finger is not recognised: the passkey fails, and the digits are typed.
    verified = {"authenticatorId": id_, "isUserVerified": False}
    half_way(page, els)
    device.send("WebAuthn.setUserVerified", verified)
    page.keyboard.press("Enter")
    expect(page.locator("[data-passkey-failed]")).to_be_visible()
    SecondFactor.objects.update(last_step=1)
    page.locator("[name=digits]").focus()
    type_digits(page, digits(els))
    page.wait_for_url(DESK)

    # After the passkey is removed, the page no longer asks for it.
    page.goto(reverse("counter_passkeys:overview"))
    page.get_by_role("link", name="Remove My phone").click()
    prove(page, els)
    page.wait_for_url("**/remove/")
    look(page, "remove a passkey")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("main")).to_contain_text("You have none")
    half_way(page, els)
    expect(page.locator("[name=digits]")).to_be_focused()
    assert page.locator(BUTTON).count() == 0
    assert complaints == []


def test_without_script_the_digits_are_typed(
    browser: Browser, address: str, els: Clerk
) -> None:
    set_up(els)
    Passkey.objects.create(
        clerk=els, name="Ring", credential_id=b"id", added_at=els.date_joined
    )
    context = browser.new_context(
        locale="en-GB", base_url=address, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(reverse("counter_desk:desk"))
    page.locator("[name=username]").fill(els.username)
    page.locator("[name=password]").fill(cast.PASSWORD)
    page.locator("[name=password]").press("Enter")
    expect(page.locator(BUTTON)).to_be_hidden()
    page.locator("[name=digits]").fill(digits(els))
    page.locator("[name=digits]").press("Enter")
    page.wait_for_url(DESK)
    page.goto(reverse("counter_passkeys:add"))
    page.locator("[name=password]").fill(cast.PASSWORD)
    SecondFactor.objects.update(last_step=1)
    page.locator("[name=digits]").fill(digits(els))
    page.locator("[name=digits]").press("Enter")
    expect(page.get_by_role("main")).to_contain_text("runs no scripts")
    expect(page.locator("form[data-passkey]")).to_be_hidden()
    context.close()

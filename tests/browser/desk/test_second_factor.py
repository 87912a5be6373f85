"""Signing in from the keyboard alone, with the digits that a phone would show."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from counter.models import Clerk, SecondFactor
from tests import cast
from tests.browser.chromium import (
    IN_CHROMIUM,
    browser_type_launch_args,
    database_beside_playwright,
    watched,
)
from tests.browser.desk.test_recording import look
from tests.counter.app import digits

__all__ = ["browser_type_launch_args", "database_beside_playwright"]

pytestmark = [
    *IN_CHROMIUM,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("digits_asked"),
]


@pytest.fixture
def context(browser: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="en-GB", base_url=live_server.url)
    yield context
    context.close()


def type_password(page: Page, clerk: Clerk) -> None:
    page.goto(reverse("counter_desk:desk"))
    expect(page.locator("[name=username]")).to_be_focused()
    page.keyboard.type(clerk.username)
    page.keyboard.press("Enter")
    page.keyboard.type(cast.PASSWORD)
    page.keyboard.press("Enter")


def type_digits(page: Page, typed: str) -> None:
    expect(page.locator("[name=digits]")).to_be_focused()
    page.keyboard.type(typed)
    page.keyboard.press("Enter")


def test_the_app_is_set_up_and_asked_for_without_a_mouse(
    context: BrowserContext, els: Clerk
) -> None:
    page, complaints = watched(context)
    type_password(page, els)
    page.wait_for_url("**/sign-in/app/**")
    # The QR code is drawn, and the secret beside it is the one that was stored.
    drawn = "img => img.complete && img.naturalWidth > 0"
    assert page.locator(".qr img").evaluate(drawn)
    secret = page.locator(".secret").inner_text().replace(" ", "")
    step = SecondFactor.objects.get(pk=els.pk)
    assert step.secret == secret
    look(page, "set up app")
    type_digits(page, digits(els))
    page.wait_for_url(f"**{reverse('counter_desk:desk')}")

    SecondFactor.objects.update(last_step=1)  # half a minute later
    other = context.browser.new_context(  # type: ignore[union-attr]
        locale="en-GB", base_url=page.url.removesuffix(reverse("counter_desk:desk"))
    )
    second, more = watched(other)
    type_password(second, els)
    second.wait_for_url("**/sign-in/code/**")
    type_digits(second, "12345")
    expect(second.locator("[name=digits].is-invalid")).to_be_focused()
    look(second, "wrong digits")
    type_digits(second, digits(els))
    second.wait_for_url(f"**{reverse('counter_desk:desk')}")

    page.reload()
    page.wait_for_url("**/sign-in/**")
    expect(page.get_by_role("main")).to_contain_text("somewhere else")
    other.close()
    assert complaints + more == []


def test_escape_leads_back_to_the_password(context: BrowserContext, els: Clerk) -> None:
    page, complaints = watched(context)
    type_password(page, els)
    page.wait_for_url("**/sign-in/app/**")
    expect(page.locator("[name=digits]")).to_be_focused()
    page.keyboard.press("Escape")
    page.wait_for_url("**/sign-in/")
    expect(page.locator("[name=username]")).to_be_focused()
    assert complaints == []

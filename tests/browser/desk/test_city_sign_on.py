"""Els links her account, signs in, locks and signs out, with a real provider."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from counter.city_sign_on import exchange
from counter.models import CityIdentity, Clerk
from tests import cast
from tests.browser.chromium import (
    IN_CHROMIUM,
    browser_type_launch_args,
    database_beside_playwright,
    watched,
)
from tests.browser.desk.test_passkeys import prove
from tests.browser.desk.test_recording import look
from tests.browser.desk.test_second_factor import type_digits
from tests.city_sign_on.provider import DESK, IS_HERE, CityProvider
from tests.counter.app import digits, set_up

__all__ = ["browser_type_launch_args", "database_beside_playwright"]

pytestmark = [
    *IN_CHROMIUM,
    IS_HERE,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("digits_asked"),
]
DESK_PAGE = f"**{reverse('counter_desk:desk')}"
#: The button's name, whichever language the sign-in page has.
BUTTON = re.compile("Stad Leuven")


@pytest.fixture
def city(
    live_server: LiveServer, settings: Settings, tmp_path: Path
) -> Iterator[CityProvider]:
    """A provider on another site than ours, which gets no Strict cookies of ours."""
    exchange.forget()
    settings.SITE_URL = live_server.url
    log = tmp_path / "provider.log"
    with CityProvider(log, site=live_server.url, host="127.0.0.1") as city:
        settings.CITY_SIGN_ON = city.settings()
        city.person("els", DESK)
        yield city


@pytest.fixture
def context(
    context: BrowserContext, live_server: LiveServer, city: CityProvider
) -> BrowserContext:
    assert live_server.url.startswith("http://localhost:")
    assert city.issuer.startswith("http://127.0.0.1:")
    return context


@pytest.fixture(scope="module")
def browser_context_args(live_server: LiveServer) -> dict[str, str]:
    return {"locale": "en-GB", "base_url": live_server.url}


def at_the_city(page: Page, who: str) -> None:
    """Say on the provider's own page who this is."""
    page.wait_for_url("**/interaction/**")
    page.get_by_label("Who are you?").fill(who)
    page.get_by_role("button", name="Continue").click()


def test_els_links_her_account_and_signs_in_with_it(
    context: BrowserContext, els: Clerk
) -> None:
    set_up(els)
    page, complaints = watched(context)
    page.goto(reverse("counter_desk:desk"))
    page.locator("[name=username]").fill(els.username)
    page.locator("[name=password]").fill(cast.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/code/**")
    type_digits(page, digits(els))
    page.wait_for_url(DESK_PAGE)
    page.goto(reverse("counter_passkeys:overview"))
    page.get_by_role("link", name="Link with Stad Leuven").click()
    page.wait_for_url("**/second-factors/prove/**")
    prove(page, els)
    page.wait_for_url("**/second-factors/city/")
    look(page, "link with the city")
    page.keyboard.press("Enter")
    at_the_city(page, "els")
    page.wait_for_url(f"**{reverse('counter_passkeys:overview')}")
    expect(page.get_by_role("main")).to_contain_text("You sign in with Stad Leuven")
    assert CityIdentity.objects.get().clerk == els

    # Signing out here also signs out at the city, which then asks again.
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/")
    expect(page.get_by_role("button", name=BUTTON)).to_be_focused()
    look(page, "sign-in page with the city")
    page.keyboard.press("Enter")
    at_the_city(page, "els")
    page.wait_for_url(DESK_PAGE)

    # The city's sign-on opens the lock for Els, and for no colleague.
    page.get_by_role("button", name="Lock").first.click()
    page.wait_for_url("**/unlock/**")
    look(page, "locked, with the city")
    page.get_by_role("button", name=BUTTON).click()
    at_the_city(page, "bart")
    page.wait_for_url("**/sign-in/city/back/**")
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "refused by the city's sign-on")
    page.locator(".actions a").click()
    page.get_by_role("button", name=BUTTON).click()
    at_the_city(page, "els")
    page.wait_for_url(DESK_PAGE)

    # Whoever signed in by the city is led to the city's page when signing out.
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign out here too").click()
    page.wait_for_url("**/counter/sign-in/**")
    assert complaints == []


def test_whoever_stops_there_is_back_and_tries_again(
    context: BrowserContext, els: Clerk
) -> None:
    page = context.new_page()
    page.goto(reverse("counter_sign_in:sign_in"))
    page.get_by_role("button", name=BUTTON).click()
    page.wait_for_url("**/interaction/**")
    page.get_by_role("button", name="Cancel").click()
    page.wait_for_url("**/sign-in/city/back/**")
    expect(page.get_by_role("status")).to_be_visible()
    page.locator(".actions a").click()
    expect(page.locator("[name=username]")).to_be_visible()

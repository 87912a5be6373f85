"""A link on another site to a page of the desk, in a real browser."""

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from counter.models import Clerk
from tests import cast
from tests.browser.chromium import (
    IN_CHROMIUM,
    browser_type_launch_args,
    database_beside_playwright,
    watched,
)

__all__ = ["browser_type_launch_args", "database_beside_playwright"]
pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]

OUTSIDE = "http://intranet.example/"


def follows_a_link_from_outside(page: Page, to: str) -> None:
    def answer(route: Route) -> None:
        route.fulfill(body=f'<a href="{to}">Loket</a>', content_type="text/html")

    page.route(OUTSIDE, answer)
    page.goto(OUTSIDE)
    page.click("a")


def test_a_clerk_gets_the_page_she_asked_for(
    browser: Browser, live_server: LiveServer, els: Clerk
) -> None:
    context = browser.new_context()
    page, complaints = watched(context)
    page.goto(f"{live_server.url}/counter/sign-in/")
    page.fill("[name=username]", els.username)
    page.fill("[name=password]", cast.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/counter/**")
    expect(page.locator("[name=password]")).to_have_count(0)
    before = {c["name"]: c["value"] for c in context.cookies(live_server.url)}

    wanted = f"{live_server.url}/counter/dossiers/new/?from=mail"
    follows_a_link_from_outside(page, wanted)
    page.wait_for_url(wanted)
    expect(page.locator("[name=last_name]")).to_be_visible()
    after = {c["name"]: c["value"] for c in context.cookies(live_server.url)}
    assert after["sessionid"] == before["sessionid"]
    assert after["csrftoken"] == before["csrftoken"]
    # Going back leads to the other site, and does not return here.
    page.go_back()
    expect(page).to_have_url(OUTSIDE)
    assert not complaints
    context.close()


def test_who_is_not_signed_in_signs_in_and_gets_it(
    browser: Browser, live_server: LiveServer, els: Clerk
) -> None:
    context = browser.new_context()
    page, complaints = watched(context)
    follows_a_link_from_outside(page, f"{live_server.url}/counter/dossiers/new/")
    page.fill("[name=username]", els.username)
    page.fill("[name=password]", cast.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("[name=last_name]")).to_be_visible()
    assert not complaints
    context.close()

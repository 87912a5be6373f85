"""A passport reader types into the desk's one field, in a real Chromium."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from counter.models import Clerk, TurnedAway
from tests.browser.chromium import (
    IN_CHROMIUM,
    browser_type_launch_args,
    database_beside_playwright,
    watched,
)
from tests.counter.scans.zones import SPECIMENS, TD2, TD3, on_azerty, peters_card, td3

__all__ = ["browser_type_launch_args", "database_beside_playwright"]

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]

CARD = peters_card()
NUMBER_FIELD = "[name=national_number]"


def at_the_desk(context: BrowserContext, site: str, clerk: Client) -> Page:
    cookie = clerk.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": site}])
    page, complaints = watched(context)
    page.goto(site + reverse("counter_desk:desk"))
    expect(page.locator("[name=q]")).to_be_focused()
    assert not complaints
    return page


@pytest.fixture
def desk(
    browser: Browser, live_server: LiveServer, els_client: Client
) -> Iterator[Page]:
    context = browser.new_context()
    yield at_the_desk(context, live_server.url, els_client)
    context.close()


def read_by(page: Page, text: str, *, key: str = "", last: bool = True) -> list[str]:
    """Type as a reader does; returns the bodies of the searches that this sends."""
    bodies: list[str] = []
    page.on(
        "request",
        lambda request: (
            bodies.append(request.post_data or "")
            if request.method == "POST" and "search" in request.url
            else None
        ),
    )
    lines = text.split("\n")
    for place, line in enumerate(lines):
        page.keyboard.type(line)
        if key and (last or place < len(lines) - 1):
            page.keyboard.press(key)
    return bodies


@pytest.mark.parametrize(
    ("key", "last"),
    [("Enter", True), ("Enter", False), ("Tab", True), ("", True)],
)
def test_a_card_fills_the_form_however_its_lines_end(
    desk: Page,
    key: str,
    last: bool,  # noqa: FBT001
) -> None:
    bodies = read_by(desk, CARD, key=key, last=last)
    expect(desk.locator(NUMBER_FIELD)).to_have_value("85.07.30-033.28")
    expect(desk.locator("[name=document_number]")).to_have_value("000001115702")
    expect(desk.locator("[data-from-scan]")).to_have_count(9)
    assert len(bodies) == 1


@pytest.mark.parametrize("text", [td3(), td3().replace("\n", ""), on_azerty(CARD)])
def test_a_passport_in_one_go_and_a_wrong_keyboard(desk: Page, text: str) -> None:
    read_by(desk, text, key="Enter")
    expect(desk.locator("[name=birth_date]")).to_have_value("30/07/1985")


@pytest.mark.parametrize("text", [*SPECIMENS[:4], TD2.replace("\n", "")])
def test_the_expired_specimens_are_refused(desk: Page, text: str) -> None:
    read_by(desk, text, key="Enter")
    expect(desk.locator(".alert-danger")).to_be_visible()
    expect(desk.locator("[name=document_number]")).to_have_value("")


def test_wrong_check_digits_are_told_without_sending_anything(desk: Page) -> None:
    bodies = read_by(desk, TD3.replace("7408122", "7408123"), key="Enter")
    expect(desk.locator("#scan-said")).to_be_visible()
    expect(desk.locator("[name=q]")).to_have_value("")
    assert bodies == []
    # And the field is ready for the next try.
    desk.keyboard.type("85073003328")
    expect(desk.locator("#scan-said")).to_be_hidden()
    desk.keyboard.press("Enter")
    expect(desk.locator(NUMBER_FIELD)).to_have_value("85073003328")


def test_the_lines_are_gone_when_the_clerk_goes_back(desk: Page) -> None:
    read_by(desk, CARD, key="Enter")
    expect(desk.locator(NUMBER_FIELD)).to_be_visible()
    assert "IDBEL" not in desk.content()
    desk.go_back()
    expect(desk.locator("[name=q]")).to_have_value("")


def test_only_what_the_scan_left_open_is_typed(desk: Page, els: Clerk) -> None:
    """Enter skips what was read, so a reason, a box and the e-mail are left."""
    read_by(desk, CARD, key="Enter")
    expect(desk.locator(NUMBER_FIELD)).to_be_visible()
    desk.wait_for_load_state()
    desk.keyboard.press("1")
    expect(desk.locator("[name=original_seen]")).to_be_focused()
    desk.keyboard.press("Space")
    desk.keyboard.press("Enter")
    expect(desk.locator("[name=email]")).to_be_focused()
    desk.keyboard.type("peter@example.org")
    desk.keyboard.press("Enter")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/pay/")


def test_without_a_script_there_is_a_button(
    browser: Browser, live_server: LiveServer, els_client: Client
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = at_the_desk(context, live_server.url, els_client)
    read_by(page, CARD, key="Enter")
    page.locator("form.start button").click()
    expect(page.locator(NUMBER_FIELD)).to_have_value("85.07.30-033.28")
    context.close()


def test_a_scan_beside_the_field_presses_no_key(desk: Page) -> None:
    """On the recording page its characters would be keys, and 3 closes a visit."""
    desk.goto(desk.url + "dossiers/new/")
    desk.locator("[name=reason]").first.focus()
    read_by(desk, CARD)
    expect(desk.locator(NUMBER_FIELD)).to_have_value("85.07.30-033.28")
    assert TurnedAway.objects.count() == 0
    desk.locator("[name=reason]").first.focus()
    desk.keyboard.press("2")
    expect(desk.locator("[name=reason][value=leaving]")).to_be_checked()


def test_a_pause_within_a_line_is_no_mistake(desk: Page) -> None:
    first, second = td3().split("\n")
    desk.keyboard.type(first)
    desk.keyboard.press("Enter")
    desk.keyboard.type(second[:20])
    desk.wait_for_timeout(500)
    desk.keyboard.type(second[20:])
    desk.keyboard.press("Enter")
    expect(desk.locator("[name=document_number]")).not_to_have_value("")

"""A document reader types wherever the focus is, in a real Chromium."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from counter.models import Clerk, Dossier, TurnedAway
from payments.models import Payment
from tests.browser.chromium import (
    IN_CHROMIUM,
    browser_type_launch_args,
    database_beside_playwright,
    watched,
)
from tests.cast import PASSWORD
from tests.counter.scans.zones import FRENCH, on_azerty, peters_card, td3
from tests.litany import signed_in
from tests.size import SOAK

__all__ = ["browser_type_launch_args", "database_beside_playwright"]

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]

CARD = peters_card()
SAID = "#reader-said"


@pytest.fixture
def context(
    browser: Browser, live_server: LiveServer, els_client: Client
) -> Iterator[BrowserContext]:
    context = browser.new_context()
    cookie = els_client.cookies["sessionid"].value
    context.add_cookies(
        [{"name": "sessionid", "value": cookie, "url": str(live_server)}]
    )
    yield context
    context.close()


@pytest.fixture
def record(context: BrowserContext, live_server: LiveServer) -> Iterator[Page]:
    page, complaints = watched(context)
    page.goto(live_server.url + reverse("counter_dossiers:record_applicant"))
    yield page
    assert not complaints


def press(page: Page, line: str) -> None:
    """Press keys of a Belgian keyboard; Playwright would only insert their text."""
    session = page.context.new_cdp_session(page)
    for character in line:
        for kind in ("keyDown", "keyUp"):
            text = {"text": character} if kind == "keyDown" else {}
            session.send(
                "Input.dispatchKeyEvent", {"type": kind, "key": character, **text}
            )


def read_by(page: Page, text: str, key: str = "Enter", *, delay: float = 0) -> None:
    """Type as a reader does: with a key at the end of each line, or without one."""
    for line in text.split("\n"):
        if line.isascii():
            page.keyboard.type(line, delay=delay)
        else:
            press(page, line)
        if key:
            page.keyboard.press(key)


def lay_on_the_reader(page: Page) -> None:
    """Wait as long as anybody needs to go from the keyboard to the reader.

    That is longer than GAP_MS in static/js/reader.js.
    """
    page.wait_for_timeout(700)


def assert_filled_in(page: Page) -> None:
    expect(page.locator("[name=document_number]")).to_have_value("000001115702")
    expect(page.locator("[name=last_name]")).to_have_value("Janssens")
    expect(page.locator("[name=national_number]")).to_have_value("85.07.30-033.28")


@pytest.mark.parametrize(
    "where",
    [
        "[name=reason]",
        "[name=document_type]",
        "[name=last_name]",
        "[name=birth_date]",
        "[name=national_number]",
        "[name=original_seen]",
        "[name=email]",
        "body",
    ],
)
def test_the_recording_page_reads_a_scan_wherever_the_focus_is(
    record: Page, where: str
) -> None:
    record.locator("[name=email]").fill("peter@example.org")
    if where == "body":
        record.evaluate("document.activeElement.blur()")
    else:
        record.locator(where).first.focus()
    lay_on_the_reader(record)
    read_by(record, CARD)
    assert_filled_in(record)
    expect(record.locator("[name=email]")).to_have_value("peter@example.org")
    assert not TurnedAway.objects.exists()


@pytest.mark.parametrize(
    "pressed", ["[lang=nl]", "a[href*='next=']", "[data-hotkey=q]"]
)
def test_what_was_scanned_is_there_after_the_header_led_elsewhere(
    record: Page, pressed: str
) -> None:
    """Another language, another desk and the lock screen come back by GET."""
    record.locator("[name=last_name]").focus()
    read_by(record, CARD)
    assert_filled_in(record)
    record.locator(f"header {pressed}").click()
    if pressed.startswith("a"):
        record.locator("main [data-escape]").click()
    elif pressed == "[data-hotkey=q]":
        record.fill("[name=password]", PASSWORD)
        record.press("[name=password]", "Enter")
    assert_filled_in(record)


@pytest.mark.parametrize(
    ("key", "delay"),
    [("Tab", 0), ("", 0), ("Enter", 30), ("Tab", 90)] + [("Enter", 90)] * SOAK,
)
def test_whatever_ends_the_lines_and_however_slowly(
    record: Page, key: str, delay: float
) -> None:
    record.locator("[name=last_name]").focus()
    read_by(record, CARD, key, delay=delay)
    assert_filled_in(record)


@pytest.mark.parametrize(
    "text", [on_azerty(CARD), CARD.replace("\n", ""), CARD.lower()]
)
def test_another_keyboard_all_in_one_go_and_caps_lock(record: Page, text: str) -> None:
    record.locator("[name=first_names]").focus()
    read_by(record, text)
    assert_filled_in(record)


def test_an_input_method_tells_no_keys(record: Page) -> None:
    """The page then sees no keys, only the text that arrives in the field."""
    name = record.locator("[name=last_name]")
    name.fill("Jans")
    lay_on_the_reader(record)
    for line in CARD.split("\n"):
        for part in (line[:7], line[7:19], line[19:]):
            record.keyboard.insert_text(part)
        record.keyboard.press("Enter")
    assert_filled_in(record)


@pytest.mark.parametrize("text", [td3(), FRENCH])
def test_a_passport_and_an_old_french_card(record: Page, text: str) -> None:
    record.locator("[name=last_name]").focus()
    read_by(record, text)
    expect(record.locator("[name=birth_date]")).to_have_value("30/07/1985")


def test_a_pause_between_the_lines_is_no_end(record: Page) -> None:
    record.locator("[name=last_name]").focus()
    for line in CARD.split("\n"):
        record.keyboard.type(line)
        record.keyboard.press("Enter")
        record.wait_for_timeout(400)
    assert_filled_in(record)


def test_wrong_check_digits_are_said_and_fields_keep_what_they_held(
    record: Page,
) -> None:
    name = record.locator("[name=last_name]")
    name.fill("Jans")
    lay_on_the_reader(record)
    read_by(record, CARD.replace("8507", "8508"))
    expect(record.locator(SAID)).to_be_visible()
    expect(name).to_have_value("Jans")
    expect(name).to_be_focused()
    name.press_sequentially("sens")
    expect(name).to_have_value("Janssens")
    expect(record.locator(SAID)).to_be_hidden()


@pytest.mark.parametrize("delay", [15, 70] + [45] * SOAK)
def test_a_fast_person_is_no_reader(record: Page, delay: float) -> None:
    """At forty words a minute a key takes 300 ms; the fastest people need 70 ms."""
    record.locator("[name=document_number]").focus()
    record.keyboard.type("EN123456", delay=delay)
    record.locator("[name=last_name]").focus()
    record.keyboard.type("VANDENBERGHE-D'HONDT", delay=delay)
    record.keyboard.press("Enter")
    expect(record.locator("[name=first_names]")).to_be_focused()
    record.keyboard.type("Jean-Pierre J.P.M.", delay=delay)
    record.keyboard.press("Tab")
    record.locator("[name=email]").focus()
    address = "peter.van.den.berghe.burgerzaken@example.org"
    record.keyboard.type(address, delay=delay)
    record.wait_for_timeout(400)
    expect(record.locator("[name=last_name]")).to_have_value("VANDENBERGHE-D'HONDT")
    expect(record.locator("[name=first_names]")).to_have_value("Jean-Pierre J.P.M.")
    expect(record.locator("[name=email]")).to_have_value(address)
    expect(record.locator(SAID)).to_be_hidden()


def test_with_the_focus_nowhere_the_desk_reads_it(
    context: BrowserContext, live_server: LiveServer
) -> None:
    page, complaints = watched(context)
    page.goto(live_server.url + reverse("counter_desk:desk"))
    page.evaluate("document.activeElement.blur()")
    read_by(page, CARD)
    assert_filled_in(page)
    assert not complaints


@pytest.mark.parametrize("where", ["[name=method][value=card]", "[name=terminal_slip]"])
@pytest.mark.parametrize("key", ["Enter", "Tab", ""])
def test_on_the_pay_page_nothing_is_booked(
    context: BrowserContext,
    live_server: LiveServer,
    dossier: Dossier,
    where: str,
    key: str,
) -> None:
    page, complaints = watched(context)
    pay = reverse("activation_desk:pay_and_issue", args=[dossier.pk])
    page.goto(live_server.url + pay)
    page.locator("[name=method][value=card]").check()
    slip = page.locator("[name=terminal_slip]")
    slip.fill("0044")
    page.locator(where).focus()
    lay_on_the_reader(page)
    read_by(page, CARD, key)
    expect(page.locator(SAID)).to_be_visible()
    expect(slip).to_have_value("0044")
    page.wait_for_timeout(300)
    assert page.url.endswith(pay)
    assert not Payment.objects.exists()
    assert not complaints


def test_the_admins_search_sends_no_scan(
    browser: Browser, live_server: LiveServer, sofie: Clerk
) -> None:
    context = browser.new_context()
    cookie = signed_in(sofie).cookies["sessionid"].value
    context.add_cookies(
        [{"name": "sessionid", "value": cookie, "url": str(live_server)}]
    )
    page, complaints = watched(context)
    page.goto(live_server.url + reverse("admin:counter_dossier_changelist"))
    field = page.locator("input[name=q]").first
    field.fill("ABCD")
    lay_on_the_reader(page)
    read_by(page, CARD)
    expect(page.locator(SAID)).to_be_visible()
    expect(field).to_have_value("ABCD")
    assert "?" not in page.url
    assert not complaints
    context.close()


def test_an_applicants_page_takes_none(
    browser: Browser, live_server: LiveServer, els: Clerk
) -> None:
    del els
    context = browser.new_context(locale="nl-BE")
    page, complaints = watched(context)
    page.goto(f"{live_server.url}/nl/keys/")
    name = page.locator("[name=user_name]")
    name.focus()
    read_by(page, CARD)
    expect(page.locator(SAID)).to_be_visible()
    expect(name).to_have_value("")
    assert not complaints
    context.close()

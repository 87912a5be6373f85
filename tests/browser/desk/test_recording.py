"""A visit recorded from the keyboard, in a real Chromium, and one that ends early."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from counter.enums import Outcome, RedirectReason, RefusalReason
from counter.models import Clerk, Dossier, TurnedAway
from counter.staff import reauthentication
from tests.browser.chromium import (
    IN_CHROMIUM,
    assert_axe_finds_nothing,
    browser_type_launch_args,
    database_beside_playwright,
    watched,
)
from tests.cast import PASSWORD

__all__ = ["browser_type_launch_args", "database_beside_playwright"]

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]

# SCREENSHOTS=/some/directory keeps a picture of each page, at both widths.
SCREENSHOTS = os.environ.get("SCREENSHOTS")
WIDTHS = (1280, 390)


def _signed_in(browser: Browser, site: str, clerk: Clerk, *, js: bool) -> Page:
    client = Client()
    client.force_login(clerk)
    name = settings.SESSION_COOKIE_NAME
    context: BrowserContext = browser.new_context(
        viewport={"width": WIDTHS[0], "height": 900},
        locale="nl-BE",
        java_script_enabled=js,
    )
    context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": site}]
    )
    page, complaints = watched(context)
    page.complaints = complaints  # type: ignore[attr-defined] # tests read it
    return page


@pytest.fixture
def desk(browser: Browser, live_server: LiveServer, els: Clerk) -> Iterator[Page]:
    page = _signed_in(browser, live_server.url, els, js=True)
    page.goto(live_server.url + reverse("counter_dossiers:record_applicant"))
    yield page
    page.context.close()


@pytest.fixture
def plain_desk(browser: Browser, live_server: LiveServer, els: Clerk) -> Iterator[Page]:
    page = _signed_in(browser, live_server.url, els, js=False)
    page.goto(live_server.url + reverse("counter_dossiers:record_applicant"))
    yield page
    page.context.close()


def look(page: Page, name: str) -> None:
    """Check axe and the page's width, on the screen of a desk and of a phone."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert_axe_finds_nothing(page, name)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{name} is {wide} wide on {width}"
        if SCREENSHOTS:
            picture = Path(SCREENSHOTS) / f"{name} {width}.png"
            page.screenshot(path=picture, full_page=True)
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})


def test_a_key_counts_when_a_click_follows_at_once(desk: Page) -> None:
    expect(desk.locator("#id_reason_0")).to_be_focused()
    box = desk.locator("#id_last_name").bounding_box()
    assert box is not None
    desk.keyboard.press("1")
    desk.mouse.click(box["x"] + 5, box["y"] + 5)
    expect(desk.locator("#id_reason_0")).to_be_checked()
    expect(desk.locator("#id_last_name")).to_be_focused()


def test_the_desk_offers_what_was_not_saved(
    desk: Page, live_server: LiveServer, els: Clerk
) -> None:
    desk.fill("#id_last_name", "Janssens")
    desk.locator("#id_last_name").blur()
    desk.wait_for_url("**/drafts/**")
    assert els.drafts.exists()
    desk.goto(live_server.url + reverse("counter_desk:desk"))
    expect(desk.locator("[data-hotkey=v]")).to_be_visible()
    look(desk, "desk with a draft")


def test_seven_fields_are_typed_without_a_scanner(desk: Page) -> None:
    """Six here: document number, expiry, national number, two names, e-mail address.

    The seventh is the money, on the page that follows.
    """
    keyboard = desk.keyboard
    expect(desk.locator("#id_reason_0")).to_be_focused()
    look(desk, "new visit")
    keyboard.press("1")
    expect(desk.locator("#id_document_type")).to_be_focused()
    keyboard.press("Enter")
    typed = 0
    answers = {
        "document_number": "591191706458",
        "document_expiry": "01012040",
        "original_seen": " ",
        "national_number": "85073003328",
        "last_name": "Janssens",
        "first_names": "Peter",
        "birth_date": None,
        "sex": None,
        "email": "peter@gmial.com",
        "language": None,
    }
    for name, answer in answers.items():
        field = desk.locator(f"#id_{name}")
        expect(field).to_be_focused()
        if name == "birth_date":
            expect(field).to_have_value("30/07/1985")
            expect(desk.locator("#id_sex")).to_have_value("M")
        if answer:
            keyboard.type(answer)
            typed += answer != " "
        keyboard.press("Enter") if name != "language" else None
    assert typed == 6
    expect(desk.locator("#email-reading")).to_contain_text("peter@gmail.com")
    look(desk, "filled in")
    keyboard.press("Alt+j")
    expect(desk.locator("#id_email")).to_have_value("peter@gmail.com")
    expect(desk.locator("#email-reading")).not_to_contain_text("gmail")
    keyboard.press("Enter")
    keyboard.press("Enter")
    desk.wait_for_url("**/pay/")
    dossier = Dossier.objects.get()
    assert dossier.email == "peter@gmail.com"
    assert dossier.reason == "no_other_key"
    assert desk.complaints == []  # type: ignore[attr-defined]


def test_another_number_takes_its_own_birth_date_along(desk: Page) -> None:
    number, born = desk.locator("#id_national_number"), desk.locator("#id_birth_date")
    number.fill("85073003328")
    expect(born).to_have_value("30/07/1985")
    number.fill("75060898009")
    expect(born).to_have_value("08/06/1975")
    born.fill("09/06/1975")
    number.fill("85073003328")
    expect(desk.locator("#number-reading")).to_contain_text("Compare both")
    expect(born).to_have_value("09/06/1975")


def test_one_key_closes_a_visit_with_a_free_route(desk: Page) -> None:
    desk.keyboard.press("4")
    desk.wait_for_url("**/turned-away/**")
    look(desk, "free route")
    visit = TurnedAway.objects.get()
    assert visit.reason == RedirectReason.ITSME
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/counter/")
    look(desk, "desk")
    assert desk.complaints == []  # type: ignore[attr-defined]


def test_the_upper_row_of_an_azerty_keyboard_works(desk: Page) -> None:
    desk.evaluate(
        """document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
           {key: "é", code: "Digit2", bubbles: true, cancelable: true}))"""
    )
    expect(desk.locator("#id_reason_1")).to_be_checked()
    expect(desk.locator("#id_document_type")).to_be_focused()


def test_a_digit_closes_nothing_once_something_is_being_filled_in(desk: Page) -> None:
    desk.keyboard.press("1")
    desk.locator("#id_original_seen").focus()
    desk.keyboard.press("4")
    desk.locator("#id_last_name").focus()
    desk.keyboard.type("4")
    expect(desk.locator("#id_last_name")).to_have_value("4")
    assert not TurnedAway.objects.exists()


def test_a_refusal_takes_two_keys(desk: Page) -> None:
    desk.keyboard.press("w")
    desk.wait_for_url("**/refuse/**")
    look(desk, "refuse")
    desk.keyboard.press("2")
    desk.wait_for_url("**/turned-away/**")
    look(desk, "refused")
    visit = TurnedAway.objects.get()
    assert (visit.outcome, visit.reason) == (Outcome.REFUSED, RefusalReason.EXPIRED)


@pytest.mark.parametrize("js", [True, False], ids=["scripts", "no scripts"])
def test_enter_after_the_password_chooses_no_reason(
    browser: Browser, live_server: LiveServer, els: Clerk, *, js: bool
) -> None:
    """After a pause the page also asks for the password, which ends with Enter."""
    page = _signed_in(browser, live_server.url, els, js=js)
    session = SessionStore(page.context.cookies()[0]["value"])
    session[reauthentication.PRESENT_SINCE] = int(timezone.now().timestamp())
    session.save()
    page.goto(live_server.url + reverse("counter_desk:refuse_person"))
    page.fill("#id_password", PASSWORD)
    with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        page.press("#id_password", "Enter")
    assert sent.value.status == 422
    assert not TurnedAway.objects.exists()
    page.locator("button[value=expired]").click()
    page.wait_for_url("**/turned-away/**")
    assert TurnedAway.objects.get().reason == RefusalReason.EXPIRED
    page.context.close()


def test_the_page_of_the_free_route(desk: Page, live_server: LiveServer) -> None:
    desk.goto(live_server.url + reverse("counter_desk:redirect_person"))
    look(desk, "free route, asked for")


def test_enter_without_scripts_closes_no_visit(plain_desk: Page) -> None:
    plain_desk.locator("#id_last_name").fill("Janssens")
    plain_desk.locator("#id_last_name").press("Enter")
    expect(plain_desk.locator("#id_last_name")).to_have_value("Janssens")
    expect(plain_desk.locator(".is-invalid").first).to_be_visible()
    assert not TurnedAway.objects.exists()


def test_without_scripts_a_button_closes_the_visit(plain_desk: Page) -> None:
    plain_desk.locator("button", has_text="itsme").click()
    plain_desk.wait_for_url("**/turned-away/**")
    assert TurnedAway.objects.get().reason == RedirectReason.ITSME


def test_a_country_is_typed_as_people_call_it(desk: Page) -> None:
    """A headless browser shows no suggestions, so the test reads the list of them."""
    desk.select_option("#id_document_type", "FOR_PASS")
    country = desk.locator("#id_document_country")
    country.focus()
    desk.keyboard.type("Engeland")
    offered = country.evaluate("(it) => [...it.list.options].map((row) => row.value)")
    assert {"Engeland", "Congo - Kinshasa", "Congo - Brazzaville"} <= {*offered}
    desk.keyboard.press("Enter")
    expect(desk.locator("#id_document_number")).to_be_focused()
    look(desk, "country")

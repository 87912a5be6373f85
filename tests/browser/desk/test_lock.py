"""What is typed is kept when a tab closes, and the page locks itself."""

import re
from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from counter.models import Clerk, Draft
from tests import cast
from tests.browser.chromium import (
    IN_CHROMIUM,
    browser_type_launch_args,
    database_beside_playwright,
    watched,
)
from tests.processes.conftest import wait_for

__all__ = ["browser_type_launch_args", "database_beside_playwright"]

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]
MINUTE = 60_000
TYPED = {"last_name": "Van den Ælst", "national_number": "85.07.30", "email": "p@"}


@pytest.fixture
def context(browser: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="en-GB", base_url=live_server.url)
    yield context
    # One tab makes the others load a page; a tab that is loading may never close.
    for page in context.pages:
        page.goto("about:blank")
    context.close()


def sign_in(page: Page, clerk: Clerk, wanted: str) -> None:
    page.goto(wanted)
    page.fill("[name=username]", clerk.username)
    page.fill("[name=password]", cast.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("[name=username]")).to_have_count(0)
    expect(page).to_have_url(re.compile(f"{wanted}$"))


def begin(page: Page) -> None:
    for name, text in TYPED.items():
        page.fill(f"[name={name}]", text)


def assert_as_it_was(page: Page) -> None:
    for name, text in TYPED.items():
        expect(page.locator(f"[name={name}]")).to_have_value(text)


def is_draft_kept(last: str = TYPED["email"]) -> bool:
    draft = Draft.objects.first()
    return draft is not None and f'"{last}"' in draft.content


def test_a_tab_closed_while_typing_is_gone_on_with(
    context: BrowserContext, browser: Browser, live_server: LiveServer, els: Clerk
) -> None:
    page, complaints = watched(context)
    sign_in(page, els, reverse("counter_dossiers:record_applicant"))
    begin(page)
    page.close(run_before_unload=True)
    wait_for(is_draft_kept, what="the draft of a closed tab")
    # The session is lost as well: the clerk signs in with another browser.
    context.close()
    other = browser.new_context(locale="en-GB", base_url=live_server.url)
    page, more = watched(other)
    sign_in(page, els, reverse("counter_desk:desk"))
    page.keyboard.press("Alt+v")
    page.wait_for_url("**/drafts/**")
    assert_as_it_was(page)
    other.close()
    assert complaints + more == []


def test_the_page_locks_itself_and_comes_back_as_it_was(
    context: BrowserContext, els: Clerk
) -> None:
    context.clock.install()
    page, complaints = watched(context)
    sign_in(page, els, reverse("counter_dossiers:record_applicant"))
    begin(page)
    context.clock.fast_forward(14 * MINUTE)
    page.wait_for_url("**/drafts/**")  # kept, and the page was not loaded again
    context.clock.fast_forward(2 * MINUTE)
    expect(page).to_have_url(re.compile("/unlock/"))
    expect(page.locator("[name=password]")).to_be_focused()
    expect(page.locator("[name=last_name]")).to_have_count(0)
    page.keyboard.type(cast.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/drafts/**")
    assert_as_it_was(page)
    assert complaints == []


def test_locking_loses_not_even_the_last_letter(
    context: BrowserContext, els: Clerk
) -> None:
    page, complaints = watched(context)
    sign_in(page, els, reverse("counter_dossiers:record_applicant"))
    begin(page)
    page.locator("header").get_by_role("button", name="Lock").click()
    expect(page).to_have_url(re.compile("/unlock/"))
    page.fill("[name=password]", cast.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/drafts/**")
    assert_as_it_was(page)
    assert complaints == []


def test_another_language_in_the_middle_of_a_word_keeps_it(
    context: BrowserContext, els: Clerk
) -> None:
    page, complaints = watched(context)
    sign_in(page, els, reverse("counter_dossiers:record_applicant"))
    begin(page)
    page.locator("header").get_by_role("button", name="Nederlands").click()
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    expect(page).to_have_url(re.compile("/drafts/"))
    assert_as_it_was(page)
    assert complaints == []


def test_signing_out_keeps_the_last_letter_too(
    context: BrowserContext, els: Clerk
) -> None:
    page, _ = watched(context)
    sign_in(page, els, reverse("counter_dossiers:record_applicant"))
    begin(page)
    page.locator("header").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/**")
    assert is_draft_kept()


def test_a_server_that_is_away_does_not_keep_the_screen_open(
    context: BrowserContext, els: Clerk
) -> None:
    """The page waits one second until its draft is stored, and then locks."""
    page, _ = watched(context)
    sign_in(page, els, reverse("counter_dossiers:record_applicant"))
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/counter/drafts/", hold)
    begin(page)
    page.locator("header").get_by_role("button", name="Lock").click()
    expect(page).to_have_url(re.compile("/unlock/"))
    assert held


def test_locking_while_an_answer_is_under_way_is_no_trouble(
    context: BrowserContext, els: Clerk
) -> None:
    page, complaints = watched(context)
    sign_in(page, els, reverse("counter_dossiers:record_applicant"))
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/email-reading/", hold)
    begin(page)
    page.keyboard.press("Tab")
    page.wait_for_url("**/drafts/**")
    page.locator("header").get_by_role("button", name="Lock").click()
    expect(page).to_have_url(re.compile("/unlock/"))
    assert held
    page.fill("[name=password]", cast.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/drafts/**")
    assert_as_it_was(page)
    assert complaints == []


def test_work_in_another_tab_keeps_this_one_open(
    context: BrowserContext, els: Clerk
) -> None:
    context.clock.install()
    page, _ = watched(context)
    sign_in(page, els, reverse("counter_desk:desk"))
    other, _ = watched(context)
    other.goto(reverse("counter_desk:desk"))
    for _ in range(3):
        context.clock.fast_forward(10 * MINUTE)
        other.keyboard.type("a")
    expect(page.locator("[name=q]")).to_be_visible()
    context.clock.fast_forward(16 * MINUTE)
    for tab in (page, other):  # a tab that is loading may never close
        tab.wait_for_url("**/unlock/**")


@pytest.mark.parametrize(
    ("button", "leads_to"), [("Lock", "/unlock/"), ("Sign out", "/sign-in/")]
)
def test_one_tab_locked_or_left_closes_the_others(
    context: BrowserContext, els: Clerk, button: str, leads_to: str
) -> None:
    page, complaints = watched(context)
    sign_in(page, els, reverse("counter_dossiers:record_applicant"))
    begin(page)
    wait_for(is_draft_kept, what="the draft")
    other, more = watched(context)
    other.goto(reverse("counter_desk:desk"))
    other.wait_for_load_state()
    other.locator("header").get_by_role("button", name=button).click()
    expect(other).to_have_url(re.compile(leads_to))
    expect(page).to_have_url(re.compile(leads_to))
    expect(page.locator("[name=last_name]")).to_have_count(0)
    assert complaints + more == []


def test_the_other_tab_asks_when_it_is_true_and_sends_nothing(
    context: BrowserContext, els: Clerk
) -> None:
    """A request that it sent while the session is ending would be answered with 400."""
    page, _ = watched(context)
    sign_in(page, els, reverse("counter_desk:desk"))
    other, _ = watched(context)
    other.goto(reverse("counter_desk:desk"))
    other.wait_for_load_state()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    other.route("**/sign-out/", hold)
    form = "form[action$='/sign-out/']"
    other.evaluate("(form) => document.querySelector(form).requestSubmit()", form)
    page.wait_for_timeout(1_000)
    assert sent == []
    held[0].continue_()
    for tab in (page, other):
        expect(tab).to_have_url(re.compile("/sign-in/"))
    assert "POST" not in sent


def test_signed_out_elsewhere_is_said_at_once(
    context: BrowserContext, els: Clerk
) -> None:
    page, _ = watched(context)
    sign_in(page, els, reverse("counter_dossiers:record_applicant"))
    begin(page)
    wait_for(is_draft_kept, what="the draft")
    page.wait_for_url("**/drafts/**")
    context.clear_cookies(name="sessionid")
    page.fill("[name=first_names]", "Peter")
    page.wait_for_url("**/sign-in/**")


def test_a_server_that_was_away_gets_it_afterwards(
    context: BrowserContext, els: Clerk
) -> None:
    page, _ = watched(context)
    sign_in(page, els, reverse("counter_dossiers:record_applicant"))
    context.set_offline(offline=True)
    with page.expect_event("requestfailed"):
        begin(page)
    assert not Draft.objects.exists()
    context.set_offline(offline=False)
    wait_for(is_draft_kept, what="the draft after the cut")

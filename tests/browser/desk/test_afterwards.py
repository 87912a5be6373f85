"""After the payment, by keyboard: print, send again, correct, make a new code."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from activation.enums import CodeState
from activation.models import ActivationCode
from activation.signals import code_issued
from counter.models import Clerk, Dossier
from notifications.outbox import marking, outbox
from tests import cast
from tests.browser.chromium import (
    IN_CHROMIUM,
    browser_type_launch_args,
    database_beside_playwright,
    watched,
    whole_browser,
)

__all__ = [
    "browser_type_launch_args",
    "database_beside_playwright",
    "whole_browser",
]

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]

# Counts how often printing is asked for, in the frame or in the page itself.
COUNT_PRINTS = """
  window.print = () => { window.top.printed = (window.top.printed ?? 0) + 1; };
"""


@pytest.fixture
def code(dossier: Dossier, els: Clerk) -> ActivationCode:
    made, _ = cast.make_code(dossier, els)
    code_issued.send(sender=ActivationCode, code=made)
    return made


@pytest.fixture
def page(
    whole_browser: Browser, live_server: LiveServer, els: Clerk, code: ActivationCode
) -> Iterator[Page]:
    """Els looks at the dossier of a person who just paid."""
    context = whole_browser.new_context(
        locale="en-GB",
        base_url=live_server.url,
        viewport={"width": 1280, "height": 800},
    )
    context.add_init_script(COUNT_PRINTS)
    page, complaints = watched(context)
    page.goto(at_dossier(code))
    page.fill("[name=username]", els.username)
    page.fill("[name=password]", cast.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#timeline")).to_be_visible()
    yield page
    assert complaints == []
    context.close()


def at_dossier(code: ActivationCode) -> str:
    return reverse("counter_dossiers:dossier", args=[code.dossier_id])


def let_the_mail_leave() -> None:
    delivery = outbox.claim(at=timezone.now())
    assert delivery is not None
    assert marking.mark_sent(delivery, at=timezone.now())


def test_the_slip_is_printed_once_by_itself_and_again_by_a_key(page: Page) -> None:
    page.wait_for_function("() => window.printed === 1")
    page.keyboard.press("Alt+p")
    page.wait_for_function("() => window.printed === 2")
    page.reload()
    expect(page.locator("iframe#slip")).to_be_visible()
    expect(page.locator("iframe[data-print-frame]")).to_have_count(0)


def test_mail_and_timeline_follow_without_reloading(page: Page) -> None:
    timeline = page.locator("#timeline")
    expect(page.locator("#mail-state .state-begun")).to_be_visible()
    page.evaluate("window.stayed = true")
    expect(timeline).to_contain_text("opened the slip")
    let_the_mail_leave()
    expect(timeline).to_contain_text("A message was handed over", timeout=10_000)
    expect(page.locator("#mail-state .state-good")).to_be_visible()
    assert page.evaluate("window.stayed")
    once = timeline.get_by_text("opened the slip")
    expect(once).to_have_count(1)

    page.keyboard.press("Alt+m")
    page.wait_for_url("**/mail-again/")
    expect(page.get_by_role("button", name="Send it again")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The mail is sent again.")).to_be_visible()
    expect(page.locator("#mail-state .state-begun")).to_be_visible()
    let_the_mail_leave()
    expect(page.locator("#mail-state .state-begun")).to_have_count(0, timeout=10_000)
    expect(timeline.get_by_text("A message was handed over")).to_have_count(2)


def look_at_the_document(page: Page) -> None:
    """Tick the box, to which Enter has led, and press Enter again."""
    expect(page.locator("[name=document_seen]")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")


def test_an_address_is_put_right_with_keys_alone(
    page: Page, code: ActivationCode
) -> None:
    page.keyboard.press("Alt+e")
    page.wait_for_url("**/address/")
    expect(page.locator("[name=email]")).to_be_focused()
    page.keyboard.press("Escape")
    page.wait_for_url(f"**{at_dossier(code)}")
    page.keyboard.press("Alt+e")
    page.wait_for_url("**/address/")
    expect(page.locator("[name=email]")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("juist@example.org")
    page.keyboard.press("Enter")
    look_at_the_document(page)
    page.wait_for_url(f"**{at_dossier(code)}")
    expect(page.get_by_text("juist@example.org")).to_be_visible()
    page.wait_for_function("() => window.printed === 1")
    code.refresh_from_db()
    assert code.state == CodeState.REPLACED


def test_a_new_code_is_printed_by_itself(page: Page, code: ActivationCode) -> None:
    page.keyboard.press("Alt+v")
    page.wait_for_url("**/new-code/")
    expect(page.locator("[name=reason]").first).to_be_focused()
    page.keyboard.press("Enter")
    look_at_the_document(page)
    page.wait_for_url(f"**{at_dossier(code)}")
    page.wait_for_function("() => window.printed === 1")
    assert code.dossier.codes.count() == 2

"""One applicant from the desk to an active key, in a real Chromium.

Everything is real: the web server, the broker, the worker, the mail server. Elements
are found by their names in the code, never by the text that people read. At the end
the test searches all that the visit left behind (such as logs) for what was typed.
"""

import datetime
import re
from collections.abc import Iterator

import pyotp
import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from activation.enums import KeyKind
from activation.letters.wording import written_date
from counter.models import Clerk
from counter.staff.demo_accounts import DEMO_APPLICANT as PETER
from notifications.models import Delivery
from tests import cast
from tests.activation.helpers import GOOD_PASSWORD, MOBILE
from tests.browser.chromium import IN_CHROMIUM
from tests.browser.walks.conftest import Visited
from tests.browser.walks.desk_steps import (
    EMAIL,
    pay,
    record,
    see_the_mail_leave,
    sign_in,
    supervise,
    take_the_slip,
)
from tests.browser.walks.planted import digits, spelled, whole
from tests.browser.walks.walk import Walk
from tests.processes.conftest import wait_for

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]


@pytest.fixture(
    params=[(KeyKind.APP, "nl"), (KeyKind.SMS, "fr"), (KeyKind.EMAIL, "de")],
    ids=["app", "sms", "e-mail"],
)
def walk(
    request: pytest.FixtureRequest,
    browser: Browser,
    live_server: LiveServer,
    house: Visited,
    els: Clerk,
    sofie: Clerk,
) -> Iterator[Walk]:
    kind, language = request.param
    Clerk.objects.update(language="nl")  # as at a real desk; the cast reads English
    worker = house.worker("--concurrency", "1")
    walk = Walk(browser, live_server.url, house, worker, kind, language)
    walk.planted.patterns = {
        "national number": spelled(cast.PETER_NUMBER),
        "document number": spelled(PETER.document_number),
        "e-mail address": whole(EMAIL),
        "mobile number": spelled(MOBILE.replace(" ", "").removeprefix("0")),
        "holder's password": whole(GOOD_PASSWORD),
        "clerk's password": whole(cast.PASSWORD),
    }
    yield walk
    walk.close()


def test_from_the_desk_to_an_active_key(walk: Walk) -> None:
    desk = walk.screen(1280, 800)
    sign_in(walk, desk)
    record(walk, desk)
    pay(walk, desk)
    take_the_slip(walk, desk)
    see_the_mail_leave(walk, desk)

    phone = walk.screen(390, 844)
    open_the_mail(walk, phone)
    type_the_code(walk, phone)
    choose_the_account(walk, phone)
    choose_the_key(walk, phone)
    confirm(walk, phone)
    read_the_confirmation(walk)

    supervise(walk, walk.screen(1280, 800))
    open_the_link_again(walk, phone)
    nothing_is_left_behind(walk)


# On the phone


def newest_message(walk: Walk, page: Page, count: int) -> None:
    """Wait until the demo inbox has `count` messages, and open the newest."""
    walk.house.messages(count)
    page.goto(walk.url("localrun_inbox:inbox"))
    walk.look(page, f"08 inbox {count}")
    page.locator(".inbox-list a").first.click()
    page.wait_for_load_state()
    walk.look(page, f"09 message {count}")


def open_the_mail(walk: Walk, page: Page) -> None:
    newest_message(walk, page, 1)
    # The mail has two links: to the page in Dutch and in the person's language.
    link = page.locator(f"div.inbox-paper a[href*='/{walk.language}/a/']").first
    walk.link = link.get_attribute("href") or ""
    token = walk.link.rstrip("/").rpartition("/")[2]
    assert len(token) == 64
    walk.planted.patterns["link"] = whole(token)
    link.click()
    expect(page).to_have_url(walk.about_a_link("activation_journey:enter_code"))
    walk.look(page, "10 enter code")


def type_the_code(walk: Walk, page: Page) -> None:
    page.locator("[name=code]").press_sequentially(walk.code.lower())
    expect(page.locator("[name=code]")).to_have_value(walk.code.replace(" ", "-"))
    page.press("[name=code]", "Enter")
    expect(page).to_have_url(walk.about_a_link("activation_journey:choose_account"))
    walk.look(page, "11 choose account")


def choose_the_account(walk: Walk, page: Page) -> None:
    expect(page.locator("[name=user_name]")).to_have_value("peter.janssens")
    page.fill("[name=password]", GOOD_PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page).to_have_url(walk.about_a_link("activation_journey:choose_key"))
    walk.look(page, "12 choose key")


def choose_the_key(walk: Walk, page: Page) -> None:
    page.locator(f"label[for=kind_{walk.kind}]").click()
    page.locator("main form .btn-primary").click()
    if walk.kind == KeyKind.SMS:
        expect(page).to_have_url(walk.about_a_link("activation_journey:enter_number"))
        walk.look(page, "13 enter number")
        page.fill("[name=mobile]", MOBILE)
        page.press("[name=mobile]", "Enter")
    expect(page).to_have_url(walk.about_a_link("activation_journey:confirm_key"))
    walk.look(page, "14 confirm")


def digits_now(walk: Walk, page: Page) -> str:
    """Six digits, computed from the secret on the page or read in the new message."""
    if walk.kind == KeyKind.APP:
        secret = (page.locator("#secret").text_content() or "").replace(" ", "")
        walk.planted.patterns["app's secret"] = spelled(secret)
        return pyotp.TOTP(secret).now()
    tab = walk.tab(page.context)
    newest_message(walk, tab, 2)
    channel = "sms" if walk.kind == KeyKind.SMS else "mail"
    assert walk.house.messages(2)[0].kind == channel
    digits = re.search(r"\b\d{6}\b", tab.locator("div.inbox-paper").inner_text())
    assert digits, "no digits in the message"
    tab.close()
    return digits[0]


def confirm(walk: Walk, page: Page) -> None:
    six = digits_now(walk, page)
    walk.planted.patterns["one-time code"] = digits(six)
    page.fill("[name=digits]", six)
    page.press("[name=digits]", "Enter")
    expect(page).to_have_url(walk.about_a_link("activation_journey:done"))
    expect(page.locator(".big-date")).to_have_text(ten_years_on(walk.language))
    walk.look(page, "15 done")


def ten_years_on(language: str) -> str:
    today = timezone.localdate()
    if (today.month, today.day) == (2, 29):
        today -= datetime.timedelta(days=1)
    return written_date(today.replace(year=today.year + 10), language)


def read_the_confirmation(walk: Walk) -> None:
    count = 2 if walk.kind == KeyKind.APP else 3
    mail = walk.house.messages(count)[0]
    assert (mail.kind, mail.to) == ("mail", EMAIL)
    for part in (mail.text, mail.html):
        assert ten_years_on(walk.language) in part
        assert not walk.planted.found_in([part])


def open_the_link_again(walk: Walk, page: Page) -> None:
    answer = page.goto(walk.link)
    assert answer is not None
    assert answer.status == 410
    walk.look(page, "19 link ended")


# What is left


def nothing_is_left_behind(walk: Walk) -> None:
    assert walk.complaints == []
    wait_for(lambda: not Delivery.objects.unsent().exists())
    patterns = walk.planted.patterns
    assert {"activation code", "link", "one-time code"} < set(patterns)
    for place, lines in walk.left_behind():
        secrets = walk.planted.found_in(lines)
        assert secrets == set(), place
    # The places that were searched are not empty: each has a trace of the visit.
    assert '"route"' in walk.house.web_log.getvalue()
    assert "delivery" in walk.worker.logged
    assert Session.objects.exists()
    assert any("activation_visit:" in str(session) for session in walk.sessions)
    assert walk.house.overheard.bodies
    assert walk.urls.count(walk.link) >= 2
    kept = {path for path, *_ in walk.house.requests}
    assert walk.link.removeprefix(walk.site) in kept

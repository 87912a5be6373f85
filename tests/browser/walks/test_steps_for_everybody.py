"""Each step of the activation works for people who read, see or move differently.

On a narrow screen, with large letters, in dark colours, from right to left, without
motion, and with the keyboard alone.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from activation.codes.freezing import freeze_code
from activation.enums import KeyKind
from activation.exceptions import OneTimeCodeError
from activation.journey.activating import activate_key
from activation.models import ActivationCode, DigitalKey
from activation.one_time import one_time
from activation.querysets import TRIES_A_CODE
from activation.web.throttling import A_MINUTE, count_request
from counter.models import Clerk, Dossier, Office
from tests import cast
from tests.activation.helpers import (
    GOOD_PASSWORD,
    digits_of,
    link,
    other_digits,
    path,
    wrong,
)
from tests.browser.chromium import IN_CHROMIUM
from tests.browser.walks.ways import look_at_large_letters, look_in_every_way, reach

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def code_and_text(dossier: Dossier, els: Clerk) -> tuple[ActivationCode, str]:
    return cast.make_code(dossier, els)


def test_each_step_in_every_way(
    live_server: LiveServer, page: Page, code_and_text: tuple[ActivationCode, str]
) -> None:
    code, text = code_and_text
    page.goto(live_server.url + path("enter_code"))
    look_in_every_way(page)
    page.goto(live_server.url + link(code))
    look_in_every_way(page)
    page.goto(live_server.url + path("not_mine"))
    look_in_every_way(page)
    page.goto(live_server.url + path("enter_code"))
    page.fill("#id_code", text[:13] + ("A" if text[13] != "A" else "B"))
    look_in_every_way(page)
    page.fill("#id_code", text)
    page.locator("main form button").click()
    page.wait_for_url("**/account/*")
    page.wait_for_load_state()
    page.fill("#id_password", "te kort")
    look_in_every_way(page)
    page.fill("#id_password", GOOD_PASSWORD)
    look_in_every_way(page)
    page.get_by_role("button", name="Go on").click()
    for kind in (KeyKind.SMS, KeyKind.EMAIL, KeyKind.APP):
        page.goto(live_server.url + path("choose_key"))
        look_in_every_way(page)
        page.locator(f"label[for=kind_{kind}]").click()
        page.get_by_role("button", name="Go on").click()
        if kind is KeyKind.SMS:
            look_in_every_way(page)
            page.fill("#id_mobile", "0470 12")
            page.get_by_role("button", name="Send me the digits").click()
            look_in_every_way(page)
        else:
            expect(page.locator("#id_digits")).to_be_visible()
            look_in_every_way(page)
    page.fill("#id_digits", "12")
    page.get_by_role("button", name="Activate my key").click()
    look_in_every_way(page)
    page.fill("#id_digits", digits_of(DigitalKey.objects.get(kind=KeyKind.APP)))
    page.get_by_role("button", name="Activate my key").click()
    page.wait_for_url("**/done/*")
    look_in_every_way(page)
    page.goto(live_server.url + path("open_link", "A" * 64))
    look_in_every_way(page)


@pytest.mark.parametrize("language", ["nl", "fr", "de"])
def test_large_letters_with_longer_words(
    live_server: LiveServer,
    page: Page,
    code_and_text: tuple[ActivationCode, str],
    language: str,
) -> None:
    code, _text = code_and_text
    page.set_viewport_size({"width": 320, "height": 700})
    for address in (link(code), path("not_mine"), path("open_link", "A" * 64)):
        page.goto(live_server.url + address.replace("/en/", f"/{language}/"))
        look_at_large_letters(page)


def locked(page: Page, code: ActivationCode, text: str) -> str:
    for _try in range(5):
        page.fill("#id_code", wrong(text))
        page.locator("main form button").click()
        page.wait_for_load_state()
    return "This code is locked"


def stopped(page: Page, code: ActivationCode, text: str) -> str:
    freeze_code(code_id=code.pk, at=timezone.now())
    page.locator("summary", has_text="I did not ask for this").click()
    page.get_by_role("link", name="I did not ask for this").click()
    return "The code is stopped"


def crowded(page: Page, code: ActivationCode, text: str) -> str:
    now = timezone.now()
    for minute in (now, now + timedelta(minutes=1)):
        for _request in range(A_MINUTE):
            count_request(address="127.0.0.1", at=minute)
    come_to_the_account(page, text)
    return "Wait a moment"


def come_to_the_account(page: Page, text: str) -> None:
    page.fill("#id_code", text)
    page.locator("main form button").click()
    page.wait_for_load_state()


def come_to_the_digits(page: Page, text: str) -> None:
    come_to_the_account(page, text)
    page.fill("#id_password", GOOD_PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/key/*")
    page.locator("label[for=kind_email]").click()
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/confirm/*")


def used_elsewhere(page: Page, code: ActivationCode, text: str) -> str:
    come_to_the_digits(page, text)
    key = DigitalKey.objects.get()
    digits = digits_of(key)
    activate_key(code_id=code.pk, key_id=key.pk, typed=digits, at=timezone.now())
    page.fill("#id_digits", digits)
    page.get_by_role("button", name="Activate my key").click()
    return "A key is active already"


def ten_wrong(page: Page, code: ActivationCode, text: str) -> str:
    """Wrong digits ten times, the first nine in another tab; returns the heading."""
    come_to_the_digits(page, text)
    key, later = DigitalKey.objects.get(), timezone.now() + timedelta(seconds=31)
    for turn in range(9):
        if turn == TRIES_A_CODE:
            one_time.request_code(code_id=code.pk, key_id=key.pk, at=later)
        typed = other_digits(digits_of(key))
        with suppress(OneTimeCodeError):
            one_time.compare(code_id=code.pk, key=key, typed=typed, at=later)
    page.fill("#id_digits", other_digits(digits_of(key)))
    page.get_by_role("button", name="Activate my key").click()
    return "Start again"


@pytest.mark.parametrize(
    "dead_end", [locked, stopped, crowded, used_elsewhere, ten_wrong]
)
def test_each_dead_end_in_every_way(
    live_server: LiveServer,
    page: Page,
    code_and_text: tuple[ActivationCode, str],
    office: Office,
    dead_end: Callable[[Page, ActivationCode, str], str],
) -> None:
    office.hours.create(
        weekday=timezone.localdate().weekday(), opens="09:00", closes="16:30"
    )
    code, text = code_and_text
    page.goto(live_server.url + link(code))
    heading = dead_end(page, code, text)
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    look_in_every_way(page)


def test_from_the_keyboard_alone(
    live_server: LiveServer, page: Page, code_and_text: tuple[ActivationCode, str]
) -> None:
    code, text = code_and_text
    page.goto(live_server.url + link(code))
    reach(page, "#id_code")
    page.keyboard.type(text.lower())
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/*")
    reach(page, "#id_password")
    page.keyboard.type(GOOD_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/key/*")
    reach(page, "#kind_app")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#kind_sms")).to_be_checked()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/confirm/*")
    reach(page, "summary")
    page.keyboard.press("Enter")
    expect(page.locator("#secret")).to_be_visible()
    reach(page, "[data-copies]")
    reach(page, "#id_digits")
    page.keyboard.type(digits_of(DigitalKey.objects.get()))
    page.keyboard.press("Enter")
    page.wait_for_url("**/done/*")
    reach(page, "[data-print]")

"""The holder's pages, for people who read, see or move differently."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from activation.enums import KeyKind, KeyState
from activation.models import DigitalKey, OneTimeCode
from activation.one_time.digits import one_time_text
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import GOOD_PASSWORD, link
from tests.activation.helpers import path as activation_path
from tests.activation.holder.helpers import (
    USER_NAME,
    digits_of,
    fresh,
    make_holder,
    make_key,
    path,
    sign_in,
)
from tests.browser.chromium import IN_CHROMIUM
from tests.browser.walks.ways import look_in_every_way, reach

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        reduced_motion="reduce",
        base_url=live_server.url,
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def app(dossier: Dossier, els: Clerk) -> DigitalKey:
    return make_key(make_holder(dossier, els), KeyKind.APP)


@pytest.fixture
def signed_in(page: Page, app: DigitalKey, live_server: LiveServer) -> DigitalKey:
    """Peter signed in in this browser a moment ago."""
    client = Client()
    sign_in(client, app)
    name = "visit"
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )
    return app


def go_on(page: Page, **typed: str) -> None:
    for name, value in typed.items():
        page.fill(f"[name={name}]", value)
    page.locator("main form .btn-primary").first.click()
    page.wait_for_load_state()


def test_each_page_on_the_way_in(page: Page, app: DigitalKey) -> None:
    page.goto(path("sign_in"))
    look_in_every_way(page)
    go_on(page, user_name=USER_NAME, password="not it")
    look_in_every_way(page)
    go_on(page, user_name=USER_NAME, password=GOOD_PASSWORD)
    look_in_every_way(page)
    go_on(page, digits="12")
    look_in_every_way(page)


def test_each_page_for_who_forgot_or_lost(page: Page, app: DigitalKey) -> None:
    page.goto(path("no_key"))
    look_in_every_way(page)
    page.goto(path("forgotten"))
    look_in_every_way(page)
    go_on(page, name=USER_NAME)
    look_in_every_way(page)
    go_on(page, digits=one_time_text(OneTimeCode.objects.get()))
    look_in_every_way(page)
    go_on(page, digits=fresh(app))
    look_in_every_way(page)
    go_on(page, password="te kort")
    look_in_every_way(page)


PAGES = (
    *("overview", "add_key", "change_password", "change_email", "change_language"),
    *("activity", "rename_key", "revoke_key", "replace_key", "sms", "email"),
)


@pytest.mark.parametrize("names", [PAGES[:5], PAGES[5:]], ids=["account", "keys"])
def test_each_page_of_the_holder(
    page: Page, signed_in: DigitalKey, names: tuple[str, ...]
) -> None:
    make_key(signed_in.holder, KeyKind.SMS)
    for name in names:
        if name in ("sms", "email"):
            address = path("add_destination", KeyKind(name))
        elif name in ("rename_key", "revoke_key", "replace_key"):
            address = path(name, signed_in.pk)
        else:
            address = path(name)
        page.goto(address)
        assert page.url.endswith(address)  # and not the page to sign in
        look_in_every_way(page)


def test_each_page_that_asks_for_digits(page: Page, signed_in: DigitalKey) -> None:
    page.goto(path("overview"))
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        page.goto(path("add_key"))
        expect(page.locator("main")).to_contain_text("more than 5 minutes ago")
        look_in_every_way(page)
    page.goto(path("add_key"))
    page.locator("label[for=kind_app]").click()
    go_on(page)
    look_in_every_way(page)
    go_on(page, digits="12")
    look_in_every_way(page)
    page.goto(path("add_destination", KeyKind.SMS))
    go_on(page, mobile="0470 12")
    look_in_every_way(page)
    go_on(page, mobile="0470 12 34 56")
    look_in_every_way(page)
    page.goto(path("change_email"))
    OneTimeCode.objects.update(requested_at=timezone.now() - timedelta(seconds=31))
    go_on(page, email="new@example.org")
    expect(page.locator("h1")).to_have_text("Type the six digits")
    look_in_every_way(page)


def test_each_page_for_who_was_at_the_counter_again(
    page: Page, app: DigitalKey, els: Clerk
) -> None:
    make_key(app.holder, KeyKind.SMS)
    make_key(app.holder, KeyKind.EMAIL, destination="peter@example.org")
    code, text = cast.make_code(
        cast.make_dossier(app.holder.applicant, els, email="new@example.org"), els
    )
    page.goto(link(code))
    go_on(page, code=text)
    look_in_every_way(page)
    page.goto(activation_path("renew_password"))
    look_in_every_way(page)
    page.goto(activation_path("choose_key"))
    expect(page.locator("h1")).to_have_text("You have three keys already")
    look_in_every_way(page)


def test_from_the_keyboard_alone(page: Page, app: DigitalKey) -> None:
    """Sign in, add a number, revoke the app."""
    page.goto(path("overview"))
    press_enter_after(page, "#id_user_name", USER_NAME)
    press_enter_after(page, "#id_password", GOOD_PASSWORD)
    press_enter_after(page, "#id_digits", digits_of(app))
    expect(page.locator("h1")).to_have_text("My keys")
    press_enter_after(page, f"a[href='{path('add_key')}'].btn-primary")
    page.wait_for_url("**/add/")
    reach(page, "[name=kind]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#kind_sms")).to_be_checked()
    page.keyboard.press("Enter")
    page.wait_for_url("**/sms/")
    press_enter_after(page, "#id_mobile", "0470 12 34 56")
    page.wait_for_url("**/confirm/*")
    new = DigitalKey.objects.get(state=KeyState.PENDING)
    press_enter_after(page, "#id_digits", digits_of(new))
    expect(page.locator("h1")).to_have_text("My keys")
    press_enter_after(page, f"a[href*='{app.pk}/revoke']")
    page.wait_for_url("**/revoke/")
    press_enter_after(page, "#id_digits", fresh(app))
    expect(page.locator("h1")).to_have_text("My keys")
    assert DigitalKey.objects.get(state=KeyState.ACTIVE) == new


def press_enter_after(page: Page, selector: str, typed: str = "") -> None:
    reach(page, selector)
    page.keyboard.type(typed)
    page.keyboard.press("Enter")

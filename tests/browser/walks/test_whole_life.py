"""The whole life of a key in a real Chromium, on a clock that is moved.

A key is activated and used; a second key is added; both are replaced, for a new phone
and a new number; reminders are sent, and both keys expire. On the first day broker,
worker and mail server are real. The worker has the machine's clock, so it is stopped
before the years go by: the test then runs the tasks that beat would have started, with
the same mail server. A browser keeps cookies by the machine's clock as well, so
somebody who comes back years later gets a new browser.
"""

import re
import uuid
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal

import pyotp
import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from activation.codes.activation_code import code_text
from activation.codes.issuing import pay_and_issue
from activation.codes.validity import BRUSSELS
from activation.enums import KeyKind, KeyState
from activation.letters.wording import written_date
from activation.models import DigitalKey
from config.settings.base import mailer
from counter.enums import Language
from counter.models import Clerk, Dossier
from notifications.models import Delivery
from payments.enums import Method
from tests.activation.helpers import GOOD_PASSWORD
from tests.browser.chromium import IN_CHROMIUM
from tests.browser.walks.conftest import Visited
from tests.browser.walks.desk_steps import fill_sign_in
from tests.browser.walks.life import (
    Life,
    has_replaced,
    heading,
    in_both_languages,
    in_years,
    last_day,
    press,
    replace,
    show_password,
    shown_secret,
    type_digits,
    type_sent_digits,
)
from tests.browser.walks.walk import Walk
from tests.processes.conftest import wait_for

NUMBERS = ("0470 12 34 56", "0470 65 43 21")

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def life(
    browser: Browser,
    live_server: LiveServer,
    house: Visited,
    settings: Settings,
    els: Clerk,
    sofie: Clerk,
) -> Iterator[Life]:
    port = int(house.env["SMTP_PORT"])
    settings.MAILERS = {"default": mailer(host="127.0.0.1", port=port)}
    worker = house.worker("--concurrency", "1")
    walk = Walk(browser, live_server.url, house, worker, KeyKind.APP, "en")
    yield Life(walk)
    walk.close()


def test_from_the_first_day_to_the_last(life: Life, dossier: Dossier) -> None:
    phone = life.walk.screen(390, 844)
    app = activate(life, phone, dossier)
    life.walk.worker.terminate()

    with time_machine.travel(timezone.now()) as life.clock:
        use(life, phone, app)
        add_a_number(life, phone)

        life.goes_on(in_years(3))
        phone = life.walk.screen(390, 844)
        new_app = replace_the_app(life, phone)
        refuse_the_old_app(life, life.walk.screen(390, 844), app)
        life.goes_on(timezone.now() + timedelta(days=1))
        replace_the_number(life, life.walk.screen(390, 844), new_app)

        by_app, by_sms = DigitalKey.objects.filter(state=KeyState.ACTIVE).order_by(
            "activated_at"
        )
        for days in (90, 30):
            remind(life, by_app, days)
            remind(life, by_sms, days)
        outlive_the_app(life, by_app)
        outlive_the_number(life, by_sms)
        supervise(life, life.walk.screen(1280, 800))
    assert life.walk.complaints == []


# The first day


def activate(life: Life, page: Page, dossier: Dossier) -> str:
    """Activate with the mail's link and the code on paper; returns the app's secret."""
    Dossier.objects.update(language=Language.EN)
    dossier = Dossier.objects.select_related("office", "applicant").get()
    code = pay_and_issue(
        dossier=dossier,
        clerk=dossier.recorded_by,
        method=Method.CASH,
        tendered=Decimal(10),
        terminal_slip="",
        submission=uuid.uuid4(),
        at=timezone.now(),
    )
    link = re.search(r"http://\S+/en/a/[\w-]{64}", life.mail().text)
    assert link, "no link in the mail"
    page.goto(link[0])
    page.fill("#id_code", code_text(code).lower())
    press(page, "Go on")
    page.wait_for_url("**/account/*")
    page.fill("#id_password", GOOD_PASSWORD)
    press(page, "Go on")
    page.locator("label[for=kind_app]").click()
    press(page, "Go on")
    secret = shown_secret(page)
    page.fill("#id_digits", pyotp.TOTP(secret).now())
    press(page, "Activate my key")
    heading(page, "Your key is active")
    until = in_years(10).date()
    expect(page.locator(".big-date")).to_have_text(written_date(until, "en"))
    life.mail(*in_both_languages(until))
    wait_for(lambda: not Delivery.objects.unsent().exists())
    return secret


def use(life: Life, page: Page, app: str) -> None:
    life.waits(hours=1)
    show_password(life, page)
    heading(page, "Show your key")
    type_digits(page, pyotp.TOTP(app).now(), "Sign in")
    heading(page, "My keys")
    life.walk.look(page, "life 1 my keys")
    today = timezone.localdate()
    expect(page.locator(".panel")).to_have_count(1)
    expect(page.locator(".panel")).to_contain_text("Mobile app")
    life.mail("You signed in on a new device", *in_both_languages(today))
    life.open(page, "activity")
    # Two entries: this sign-in, and before it the activation of the key.
    panels = page.locator("li.panel")
    expect(panels).to_have_count(2)
    expect(panels.first).to_contain_text("Signing in: signed in")
    expect(panels.first).to_contain_text("Mobile app")
    expect(panels.first).to_contain_text("New device")
    life.walk.look(page, "life 2 activity")


def add_a_number(life: Life, page: Page) -> None:
    life.open(page, "add_key")
    page.locator("label[for=kind_sms]").click()
    press(page, "Go on")
    page.fill("[name=mobile]", NUMBERS[0])
    press(page, "Go on")
    type_sent_digits(life, page, "Activate my key")
    expect(page.get_by_role("status").first).to_contain_text("Your new key is active.")
    life.mail("You added a digital key: a code in a text message.")


# Another phone, another number


def replace_the_app(life: Life, page: Page) -> str:
    """Sign in by text message, then replace the app; returns the new app's secret."""
    show_password(life, page)
    heading(page, "Show your key")
    page.get_by_role("button", name="Text message").click()
    type_sent_digits(life, page, "Sign in")
    heading(page, "My keys")
    life.mail("You signed in on a new device")
    life.open(page, "activity")
    # The first sign-in, three years ago, is no longer listed.
    expect(page.locator("li.panel")).to_have_count(1)
    replace(page, "Mobile app")
    press(page, "Go on")
    secret = shown_secret(page)
    type_digits(page, pyotp.TOTP(secret).now(), "Activate my key")
    life.mail("You replaced a digital key: the app on your phone.")
    has_replaced(page)
    return secret


def refuse_the_old_app(life: Life, page: Page, secret: str) -> None:
    show_password(life, page)
    heading(page, "Show your key")
    type_digits(page, pyotp.TOTP(secret).now(), "Sign in")
    expect(page.locator("main")).to_contain_text("These are not the current digits.")
    heading(page, "Show your key")
    assert life.news() == []


def replace_the_number(life: Life, page: Page, app: str) -> None:
    show_password(life, page)
    type_digits(page, pyotp.TOTP(app).now(), "Sign in")
    heading(page, "My keys")
    life.mail("You signed in on a new device")
    replace(page, "Text message")
    page.fill("[name=mobile]", NUMBERS[1])
    press(page, "Go on")
    type_sent_digits(life, page, "Activate my key")
    life.mail("You replaced a digital key: a code in a text message.")
    has_replaced(page)
    expect(page.locator(".panel", has_text="Text message")).to_contain_text("21")
    life.walk.look(page, "life 3 replaced")


# Ten years on


def remind(life: Life, key: DigitalKey, days: int) -> None:
    """One mail, `days` days before the key ends and not earlier, names its last day."""
    end = last_day(key)
    day = datetime.combine(end, time(9, 30), tzinfo=BRUSSELS) - timedelta(days=days)
    if timezone.now() < day - timedelta(days=1):
        life.goes_on(day - timedelta(days=1))
        assert life.news() == []
    life.goes_on(day)
    dutch, english = in_both_languages(end)
    mail = life.mail(
        f"vervalt op {dutch}",
        f"expires on {english}",
        "The new key works for 10 years again.",
        "Bel 02 740 79 91.",
    )
    assert dutch in mail.subject
    assert english in mail.subject
    life.goes_on(timezone.now() + timedelta(hours=2))
    assert life.news() == []


def outlive_the_app(life: Life, key: DigitalKey) -> None:
    """The app has expired. The number ends a day later, so it still signs in."""
    assert key.valid_until is not None
    life.goes_on(key.valid_until + timedelta(minutes=1))
    page = life.walk.screen(390, 844)
    show_password(life, page)
    expect(page.locator("main")).to_contain_text("We sent a text message")
    expect(page.locator("main")).not_to_contain_text("app")
    type_sent_digits(life, page, "Sign in")
    heading(page, "My keys")
    life.mail("You signed in on a new device")
    expect(page.locator(".panel")).to_have_count(1)
    expect(page.locator("main")).to_contain_text("Add a second key.")
    life.walk.look(page, "life 4 one key left")


def outlive_the_number(life: Life, key: DigitalKey) -> None:
    """A key ends before a task marks it as expired; the page says what to do now."""
    assert key.valid_until is not None
    assert life.clock is not None
    life.clock.move_to(key.valid_until)
    assert DigitalKey.objects.get(pk=key.pk).state == KeyState.ACTIVE
    page = life.walk.screen(390, 844)
    show_password(life, page)
    heading(page, "Come to the counter")
    expect(page.locator("main")).to_contain_text(re.compile("A new code costs .*10"))
    expect(page.locator("main")).to_contain_text("Bring your identity document")
    life.walk.look(page, "life 5 no key left")
    life.open(page, "overview")
    heading(page, "Sign in to my keys")
    life.open(page, "no_key")
    page.get_by_role("link", name="Address and opening hours").click()
    expect(page.locator("#come address")).to_contain_text("Van Overstraetenplein 1")
    life.goes_on(timezone.now() + timedelta(hours=1))
    assert life.news() == []


def supervise(life: Life, page: Page) -> None:
    """Two keys were revoked by their holder, two have expired, none is active."""
    keys = reverse("admin:activation_digitalkey_changelist")
    page.goto(life.walk.site + keys)
    fill_sign_in(page, "sofie")
    expect(page.locator("#result_list")).to_be_visible()
    for state, count in (("active", 0), ("revoked", 2), ("expired", 2)):
        page.goto(f"{life.walk.site}{keys}?state__exact={state}")
        expect(page.locator("#result_list tbody tr")).to_have_count(count)
    expect(page.locator("#result_list .field-state")).to_have_text(["expired"] * 2)
    life.walk.look(page, "life 6 expired in the admin")
    page.locator("#result_list tbody th a").first.click()
    expect(page.locator(".field-state .readonly")).to_have_text("expired")
    expect(page.locator(".field-expired_at .readonly")).to_contain_text(
        str(timezone.localdate().year)
    )

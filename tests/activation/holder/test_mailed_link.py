"""What the link in the mail for a forgotten password opens, and what it does not."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from activation.holder import recovery_links
from activation.holder.sessions.holder_session import HolderSession, Stage
from activation.models import DigitalKey, KeyHolder, OneTimeCode, SignInCount
from activation.one_time.digits import one_time_text
from counter.models import Clerk
from notifications.channels.outgoing import Mail
from notifications.letters.rendering import render
from notifications.models import Delivery
from tests.activation.helpers import request_of, text_of
from tests.activation.holder.forgetting import (
    FORGOTTEN,
    KEY,
    MAILED,
    WAY_IN,
    clock,
    forget,
    link,
    open_link,
)
from tests.activation.holder.helpers import make_anna, path

__all__ = ["clock"]


def test_looking_at_it_changes_nothing(
    client: Client, app: DigitalKey, clock: time_machine.Traveller
) -> None:
    """A mail scanner opens the link, follows it, and presses every button."""
    forget(client)
    address = link()
    before = list(OneTimeCode.objects.values()), SignInCount.objects.count()
    scanner = Client()
    for _ in range(3):
        scanner.head(address)
        open_link(scanner, address)
        for go_on in ("sign_in", "new_password", "", "other"):
            scanner.post(WAY_IN, {"go_on": go_on})
        scanner.get(KEY)
    assert (list(OneTimeCode.objects.values()), SignInCount.objects.count()) == before
    assert HolderSession.here(request_of(scanner)).stage is Stage.RECOVERING_KEY

    open_link(client, address)


def test_a_scanner_that_only_looks_has_no_session(
    client: Client, app: DigitalKey
) -> None:
    forget(client)
    address, sessions = link(), Session.objects.count()
    scanner = Client()
    open_link(scanner, address)
    assert "visit" not in scanner.cookies
    assert Session.objects.count() == sessions


@pytest.mark.parametrize("wrong", ["x", "A" * 64, "a" * 64 + "/", "-" * 70, "é" * 64])
def test_a_made_up_link_says_what_to_do(
    client: Client, app: DigitalKey, wrong: str
) -> None:
    page = client.get(path("open_mail", wrong))
    assert page.status_code == 410
    assert FORGOTTEN in page.content.decode()
    assert client.get(WAY_IN).status_code == 410


def test_another_mac_opens_nothing(client: Client, app: DigitalKey) -> None:
    forget(client)
    address = link()
    changed = address[:-3] + ("A" if address[-3] != "A" else "B") + address[-2:]
    assert client.get(changed).status_code == 410


@pytest.mark.parametrize("left", ["{}.", "<{}>", "{})", "{} and", "{}"])
def test_what_mail_programs_leave_around_it_is_looked_past(
    client: Client, app: DigitalKey, left: str
) -> None:
    forget(client)
    presented = left.format(recovery_links.token(MAILED.get()))
    open_link(client, path("open_mail", presented))


def test_it_ends_after_a_day_and_with_another_address(
    client: Client, holder: KeyHolder, app: DigitalKey, clock: time_machine.Traveller
) -> None:
    forget(client)
    address = link()
    KeyHolder.objects.update(email="other@example.org")
    assert client.get(address).status_code == 410
    KeyHolder.objects.update(email="peter@example.org")
    open_link(client, address)
    clock.shift(timedelta(days=1))
    assert client.get(address).status_code == 410
    assert client.get(WAY_IN).status_code == 410
    assert client.post(WAY_IN, {"go_on": "sign_in"}).status_code == 410


def test_it_lets_in_to_the_accounts_of_its_mailbox_only(
    app: DigitalKey, els: Clerk, clock: time_machine.Traveller
) -> None:
    anna = make_anna(els, email="anna@example.org")
    form = {"user_name": anna.user_name, "password": "a guess of somebody"}
    for _ in range(11):
        Client().post(path("sign_in"), form)
    browser = Client()
    forget(browser)
    open_link(browser, link())
    browser.post(WAY_IN, {"go_on": "sign_in"})

    text = text_of(browser.post(path("sign_in"), form).content)
    assert "Wait" in text


# The mail


def mail() -> Mail:
    row = Delivery.objects.filter(kind="one_time_code").latest("created_at")
    sent = render(row, at=timezone.now())
    assert isinstance(sent, Mail)
    return sent


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_the_mail_has_both_and_later_the_link_alone(
    holder: KeyHolder,
    app: DigitalKey,
    clock: time_machine.Traveller,
    language: str,
) -> None:
    KeyHolder.objects.update(language=language)
    forget(Client())
    code = MAILED.get()
    message = mail().message
    assert one_time_text(code) in message.text
    assert recovery_links.token(code) in message.text
    assert recovery_links.token(code) in message.html
    clock.shift(timedelta(minutes=11))
    message = mail().message
    assert one_time_text(code) not in message.text
    assert recovery_links.token(code) in message.text

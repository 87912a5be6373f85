"""A user name at which strangers guessed is closed for them, and open for its owner."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from activation.enums import KeyKind
from activation.models import DigitalKey, KeyHolder, SignInCount
from activation.querysets import SIGN_INS_UNTIL_DISABLED
from tests.activation.helpers import GOOD_PASSWORD, text_of
from tests.activation.holder.forgetting import (
    NEW,
    WAY_IN,
    clock,
    forget,
    link,
    open_link,
)
from tests.activation.holder.helpers import USER_NAME, fresh, make_key, path, sign_in

__all__ = ["clock"]


def disable(clock: time_machine.Traveller) -> None:
    """As if a stranger typed a hundred wrong passwords: the count is set in between."""
    form = {"user_name": USER_NAME, "password": "a guess of somebody"}
    stranger = Client()
    SignInCount.objects.all().delete()
    stranger.post(path("sign_in"), form)
    SignInCount.objects.update(failures=SIGN_INS_UNTIL_DISABLED - 1)
    for _ in range(2):
        clock.shift(timedelta(minutes=15))
        text = text_of(stranger.post(path("sign_in"), form).content)
    assert "You can press “Go on”" in text


def test_a_disabled_name_is_disabled_for_strangers(
    client: Client, app: DigitalKey, clock: time_machine.Traveller
) -> None:
    """The holder signed in with this browser before, and notices nothing."""
    sign_in(client, app)
    client.post(path("sign_out"))
    disable(clock)

    sign_in(client, app)


@pytest.mark.parametrize("kind", [KeyKind.APP, KeyKind.EMAIL])
def test_the_mail_s_link_lets_a_new_browser_in(
    holder: KeyHolder, kind: KeyKind, clock: time_machine.Traveller
) -> None:
    """The link also lets in somebody whose only key is that mailbox."""
    to = "" if kind == KeyKind.APP else "peter@example.org"
    key = make_key(holder, kind, destination=to)
    disable(clock)
    browser = Client()
    forget(browser)
    open_link(browser, link())
    assert browser.post(WAY_IN, {"go_on": "sign_in"})["Location"] == path("sign_in")

    sign_in(browser, key)


def test_without_the_link_it_is_over_after_a_day(
    app: DigitalKey, clock: time_machine.Traveller
) -> None:
    disable(clock)
    form = {"user_name": USER_NAME, "password": GOOD_PASSWORD}
    text = text_of(Client().post(path("sign_in"), form).content)
    assert "with the link in the e-mail" in text
    clock.shift(timedelta(days=1))

    sign_in(Client(), app)


def test_while_somebody_waits_the_page_names_the_way_in(
    app: DigitalKey, clock: time_machine.Traveller
) -> None:
    form = {"user_name": USER_NAME, "password": "a guess of somebody"}
    for _ in range(11):
        text = text_of(Client().post(path("sign_in"), form).content)
    assert "Wait 30 seconds" in text
    assert "with the link in the e-mail you need not wait" in text


def test_one_link_is_no_way_to_guess_a_password(
    app: DigitalKey, clock: time_machine.Traveller
) -> None:
    """All browsers that open one link share one count."""
    forget(Client())
    wrong = {"user_name": USER_NAME, "password": "a guess of somebody"}
    text = ""
    for _ in range(11):
        browser = Client()
        open_link(browser, link())
        browser.post(WAY_IN, {"go_on": "sign_in"})
        text = text_of(browser.post(path("sign_in"), wrong).content)
    assert "Wait 30 seconds" in text


def test_who_is_signed_in_goes_on(
    clock: time_machine.Traveller, signed_in: Client, app: DigitalKey
) -> None:
    SignInCount.objects.all().delete()
    stranger = Client()
    wrong = {"user_name": USER_NAME, "password": "a guess of somebody"}
    for _ in range(12):
        stranger.post(path("sign_in"), wrong)
    clock.shift(timedelta(minutes=6))
    show = {"key": app.pk, "digits": fresh(app)}
    assert signed_in.post(path("prove", "add/"), show)["Location"] == path("add_key")
    form = {"present": GOOD_PASSWORD, "password": NEW, "password_again": NEW}
    answer = signed_in.post(path("change_password"), form)
    assert answer.headers.get("Location") == path("overview"), text_of(answer.content)


def test_wrong_passwords_in_a_session_close_that_session_only(
    clock: time_machine.Traveller, signed_in: Client, app: DigitalKey
) -> None:
    form = {"present": "wrong", "password": NEW, "password_again": NEW}
    for _ in range(11):
        text = text_of(signed_in.post(path("change_password"), form).content)
    assert "Wait 30 seconds" in text
    sign_in(Client(), app)

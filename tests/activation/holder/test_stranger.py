"""Who knows no more than a name, an address or a number uses up nothing of a holder's.

What is left after the worst that a stranger can do: the holder is in within minutes,
by what they know and have, and without the counter. A stranger asks every half hour for
days in `make soak`; in `make test` as often as uses up what an hour and a day allow.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from activation.enums import KeyKind, Purpose
from activation.exceptions import TooManyCodesError
from activation.holder import recovery_links
from activation.holder.keys import set_up_key
from activation.models import DigitalKey, KeyHolder, OneTimeCode, SignInCount
from activation.one_time import one_time
from activation.one_time.digits import one_time_text
from activation.querysets import SIGN_INS_UNTIL_DISABLED
from counter.models import Clerk
from tests.activation.helpers import GOOD_PASSWORD, other_digits, text_of
from tests.activation.holder.helpers import (
    MOBILE,
    USER_NAME,
    digits_of,
    fresh,
    make_anna,
    make_key,
    path,
    show_password,
    sign_in,
)
from tests.size import SOAK

FORGOTTEN = path("forgotten")
CODE = path("recovery_code")
KEY = path("recovery_key")
WAY_IN = path("way_in")
MAILED = OneTimeCode.objects.filter(key=None, purpose=Purpose.RECOVER)
NEW = "vijf groene stille paarden"


@pytest.fixture
def clock(db: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


def forget(client: Client, name: str = USER_NAME) -> None:
    assert client.post(FORGOTTEN, {"name": name})["Location"] == CODE


def link() -> str:
    """Of the last mail, without the host."""
    whole = recovery_links.url(MAILED.latest("requested_at"), language="en")
    return "/" + whole.partition("//")[2].partition("/")[2]


def open_link(client: Client, address: str) -> None:
    assert client.get(address)["Location"] == WAY_IN
    assert client.get(WAY_IN).status_code == 200


def disable(clock: time_machine.Traveller) -> None:
    """A hundred wrong passwords from a stranger's computer; most are made up here."""
    form = {"user_name": USER_NAME, "password": "a guess of somebody"}
    stranger = Client()
    SignInCount.objects.all().delete()
    stranger.post(path("sign_in"), form)
    SignInCount.objects.update(failures=SIGN_INS_UNTIL_DISABLED - 1)
    for _ in range(2):
        clock.shift(timedelta(minutes=15))
        text = text_of(stranger.post(path("sign_in"), form).content)
    assert "Try again tomorrow" in text


def recover(client: Client, app: DigitalKey) -> None:
    form = {"key": app.pk, "digits": fresh(app)}
    assert client.post(KEY, form)["Location"] == path("new_password")
    form = {"password": NEW, "password_again": NEW}
    assert client.post(path("new_password"), form)["Location"] == path("sign_in")


# The digits


def test_wrong_digits_of_a_stranger_kill_none_of_the_holder_s(
    client: Client, app: DigitalKey, clock: time_machine.Traveller
) -> None:
    forget(client)
    digits = one_time_text(MAILED.get())
    stranger = Client()
    clock.shift(timedelta(seconds=31))
    forget(stranger)
    for _ in range(8):
        stranger.post(CODE, {"digits": other_digits(digits)})

    assert client.post(CODE, {"digits": digits})["Location"] == KEY


def test_digits_are_good_in_the_session_that_asked_only(
    client: Client, app: DigitalKey, clock: time_machine.Traveller
) -> None:
    """Otherwise a guesser would have the tries of all codes that were asked for."""
    forget(client)
    digits = one_time_text(MAILED.get())
    stranger = Client()
    forget(stranger)

    assert stranger.post(CODE, {"digits": digits}).status_code == 422
    assert MAILED.get().attempts == 0
    assert client.post(CODE, {"digits": digits})["Location"] == KEY


def test_asked_for_twice_in_one_session_the_newer_digits_count(
    client: Client, app: DigitalKey, clock: time_machine.Traveller
) -> None:
    forget(client)
    older = one_time_text(MAILED.get())
    clock.shift(timedelta(seconds=31))
    forget(client)
    newer = one_time_text(MAILED.latest("requested_at"))

    assert client.post(CODE, {"digits": older}).status_code == 422
    assert client.post(CODE, {"digits": newer})["Location"] == KEY


def test_asked_for_too_soon_the_digits_in_the_mailbox_go_on_working(
    client: Client, app: DigitalKey, clock: time_machine.Traveller
) -> None:
    forget(client)
    clock.shift(timedelta(seconds=5))
    forget(client)

    digits = one_time_text(MAILED.get())
    assert client.post(CODE, {"digits": digits})["Location"] == KEY


@pytest.mark.long
def test_a_day_of_guessing_compares_fifty_at_most(
    app: DigitalKey, clock: time_machine.Traveller
) -> None:
    strangers = 60 if SOAK else 14
    for _ in range(strangers):
        stranger = Client()
        forget(stranger)
        for _try in range(7):
            stranger.post(CODE, {"digits": "000000"})
        clock.shift(timedelta(hours=23) / strangers)
    tried = sum(MAILED.values_list("attempts", flat=True))
    print(f"{tried} guesses compared in 23 hours, bound 50")
    assert tried <= 50


# The mails of a day


def pauses() -> list[int]:
    """Minutes between two questions: three days of half hours, or of short series."""
    if SOAK:
        return [30] * 3 * 24 * 2
    return [2, 2, 2, 2, 2, 2, 8 * 60 - 12] * 3 * 3


@pytest.mark.long
def test_with_the_mails_used_up_a_link_that_was_sent_is_good(
    client: Client, app: DigitalKey, clock: time_machine.Traveller
) -> None:
    """Three days of asking: at no moment is there no way in."""
    hourly: list[int] = []
    for turn, minutes in enumerate(pauses()):
        forget(Client(), (USER_NAME, "peter@example.org")[turn % 2])
        hour = timezone.now() - timedelta(hours=1)
        hourly.append(MAILED.filter(requested_at__gt=hour).count())
        assert Client().get(link()).status_code == 303, turn
        clock.shift(timedelta(minutes=minutes))
    print(f"{MAILED.count()} mails in three days, bound 30; {max(hourly)} an hour")
    assert MAILED.count() <= 30
    assert max(hourly) <= 5

    forget(client)
    open_link(client, link())
    assert client.post(WAY_IN, {"go_on": "new_password"})["Location"] == KEY
    recover(client, app)
    show_password(client, password=NEW)


def test_after_a_new_password_the_next_mail_is_sent(
    client: Client, app: DigitalKey, clock: time_machine.Traveller
) -> None:
    """The old links ended with it, so there has to be a new one."""
    for _ in range(10):
        forget(Client())
        clock.shift(timedelta(hours=1))
    address = link()
    open_link(client, address)
    client.post(WAY_IN, {"go_on": "new_password"})
    recover(client, app)
    assert Client().get(address).status_code == 410
    clock.shift(timedelta(seconds=1))

    forget(Client())
    open_link(Client(), link())


def test_the_digits_of_the_key_after_the_link_are_not_used_up(
    client: Client, holder: KeyHolder, clock: time_machine.Traveller
) -> None:
    key = make_key(holder, KeyKind.SMS, destination=MOBILE)
    for _ in range(10):
        forget(Client())
        clock.shift(timedelta(seconds=31) if _ % 5 else timedelta(hours=1))
    open_link(client, link())
    client.post(WAY_IN, {"go_on": "new_password"})
    client.post(path("recovery_send"), {"key": key.pk})

    form = {"key": key.pk, "digits": digits_of(key)}
    assert client.post(KEY, form)["Location"] == path("new_password")


# The password


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
    """Also for who has no key but that mailbox."""
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
    assert "with the link in the mail" in text
    clock.shift(timedelta(days=1))

    sign_in(Client(), app)


def test_while_somebody_waits_the_page_names_the_way_in(
    app: DigitalKey, clock: time_machine.Traveller
) -> None:
    form = {"user_name": USER_NAME, "password": "a guess of somebody"}
    for _ in range(11):
        text = text_of(Client().post(path("sign_in"), form).content)
    assert "Wait 30 seconds" in text
    assert "with the link in the mail you need not wait" in text


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
    signed_in: Client, app: DigitalKey, clock: time_machine.Traveller
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
    signed_in: Client, app: DigitalKey, clock: time_machine.Traveller
) -> None:
    form = {"present": "wrong", "password": NEW, "password_again": NEW}
    for _ in range(11):
        text = text_of(signed_in.post(path("change_password"), form).content)
    assert "Wait 30 seconds" in text
    sign_in(Client(), app)


# The number


def test_others_who_try_to_have_the_number_take_none_of_its_holder_s_messages(
    client: Client, holder: KeyHolder, els: Clerk, clock: time_machine.Traveller
) -> None:
    key = make_key(holder, KeyKind.SMS, destination=MOBILE)
    anna = make_anna(els, email="anna@example.org")
    make_key(anna, KeyKind.APP)
    for _ in range(5):
        clock.shift(timedelta(seconds=31))
        set_up_key(
            holder=anna,
            kind=KeyKind.SMS,
            destination=MOBILE,
            own=None,
            at=timezone.now(),
        )
        OneTimeCode.objects.update(state="replaced")
    clock.shift(timedelta(seconds=31))
    with pytest.raises(TooManyCodesError):
        one_time.check_sending(holder=anna, destination=MOBILE, at=timezone.now())
    show_password(client)

    form = {"key": key.pk, "digits": digits_of(key)}
    assert client.post(path("show_key"), form)["Location"] == path("overview")

"""A stranger who knows only a name, an address or a number uses up nothing of a holder.

After the worst that a stranger can do, the holder still gets in within minutes, with
what they know and have, and without the counter. In `make soak` a stranger asks every
half hour for days; in `make test` often enough to use up what an hour and a day allow.
"""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from activation.enums import KeyKind
from activation.exceptions import TooManyCodesError
from activation.holder.own_keys import set_up_key
from activation.models import DigitalKey, KeyHolder, OneTimeCode
from activation.one_time import sending
from activation.one_time.digits import one_time_text
from counter.models import Clerk
from tests.activation.helpers import other_digits
from tests.activation.holder.forgetting import (
    CODE,
    KEY,
    MAILED,
    NEW,
    WAY_IN,
    clock,
    forget,
    link,
    open_link,
)
from tests.activation.holder.helpers import (
    MOBILE,
    USER_NAME,
    digits_of,
    fresh,
    make_anna,
    make_key,
    path,
    show_password,
)
from tests.size import SOAK

__all__ = ["clock"]


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
    """Otherwise a guesser could use the tries at all digits that anybody asked for."""
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
    """Minutes between two requests for digits, for three days.

    A request each half hour in `make soak`, otherwise three short series a day.
    """
    if SOAK:
        return [30] * 3 * 24 * 2
    return [2, 2, 2, 2, 2, 2, 8 * 60 - 12] * 3 * 3


def test_with_the_mails_used_up_a_link_that_was_sent_is_good(
    client: Client, app: DigitalKey, clock: time_machine.Traveller
) -> None:
    """A stranger asks for three days, and at each moment there is a link that works."""
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
    """The new password ended the old links, so a new link has to be sent."""
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
        sending.check(holder=anna, destination=MOBILE, at=timezone.now())
    show_password(client)

    form = {"key": key.pk, "digits": digits_of(key)}
    assert client.post(path("show_key"), form)["Location"] == path("overview")

"""Somebody who knows only a name uses up none of its holder's tries and messages.

Anybody can ask for the digits for a forgotten password. So these are counted apart, for
the person and for the mailbox, with limits of the same size.
"""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from activation.enums import KeyKind, Purpose
from activation.models import KeyHolder, OneTimeCode
from activation.one_time.digits import one_time_text
from tests.activation.helpers import other_digits
from tests.activation.holder.helpers import (
    MOBILE,
    USER_NAME,
    digits_of,
    make_key,
    path,
    show_password,
)

FORGOTTEN = path("forgotten")
CODE = path("recovery_code")
MAILED = OneTimeCode.objects.filter(key=None, purpose=Purpose.RECOVER)
KEYS = [(KeyKind.SMS, MOBILE), (KeyKind.EMAIL, "peter@example.org")]


def forget(client: Client, name: str = USER_NAME) -> None:
    assert client.post(FORGOTTEN, {"name": name})["Location"] == CODE


@pytest.mark.parametrize(("kind", "to"), KEYS)
def test_a_stranger_who_asks_often_stops_no_sign_in(
    client: Client, holder: KeyHolder, kind: KeyKind, to: str
) -> None:
    key = make_key(holder, kind, destination=to)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for turn in range(12):
            forget(Client(), (USER_NAME, "peter@example.org")[turn % 2])
            clock.shift(timedelta(seconds=31 if turn < 5 else 3600))
        forget(Client())
        print(f"asked 13 times: {MAILED.count()} sent (bound 10 a day)")
        assert MAILED.count() == 10
        show_password(client)
        form = {"key": key.pk, "digits": digits_of(key)}
        response = client.post(path("show_key"), form)
    assert response.headers.get("Location") == path("overview")


@pytest.mark.parametrize(("kind", "to"), KEYS)
def test_a_stranger_who_guesses_stops_no_sign_in(
    client: Client, holder: KeyHolder, kind: KeyKind, to: str
) -> None:
    key = make_key(holder, kind, destination=to)
    stranger = Client()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _turn in range(3):
            clock.shift(timedelta(seconds=31))
            forget(stranger)
            digits = one_time_text(MAILED.latest("requested_at"))
            for _try in range(5):
                stranger.post(CODE, {"digits": other_digits(digits)})
        tried = sum(MAILED.values_list("attempts", flat=True))
        print(f"15 guesses: {tried} compared (bound 5 a mail)")
        assert tried == 15
        show_password(client)
        form = {"key": key.pk, "digits": digits_of(key)}
        response = client.post(path("show_key"), form)
    assert response.headers.get("Location") == path("overview")


def test_nor_does_signing_in_stop_a_recovery(holder: KeyHolder) -> None:
    """Even when a key and the account share a mailbox."""
    key = make_key(holder, KeyKind.EMAIL, destination="peter@example.org")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _turn in range(5):
            client = Client()
            show_password(client)
            wrong = {"key": key.pk, "digits": other_digits(digits_of(key))}
            for _try in range(2):
                client.post(path("show_key"), wrong)
            OneTimeCode.objects.update(state="replaced")
            clock.shift(timedelta(seconds=31))
        client = Client()
        forget(client)
        digits = one_time_text(MAILED.get())
        response = client.post(CODE, {"digits": digits})
    assert response.headers.get("Location") == path("recovery_key")

"""Asking for the six digits again; the page says what the limits are."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from activation.enums import KeyState
from activation.models import DigitalKey, OneTimeCode
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import (
    MOBILE,
    choose_account,
    choose_key,
    digits_of,
    leads_to,
    other_digits,
    path,
    text_of,
    type_code,
)
from tests.activation.journey.confirming import visitor

__all__ = ["visitor"]


PAGE = path("confirm_key")
AGAIN = path("send_again")
ISSUED = datetime.fromisoformat("2026-03-20T10:00:00+01:00")


def test_the_limits_are_told_in_words(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    now = datetime.fromisoformat("2026-03-20T10:00:00+01:00")
    with time_machine.travel(now, tick=False) as clock:
        type_code(client, *cast.make_code(dossier, els))
        choose_account(client)
        choose_key(client, "email")
        page = text_of(client.get(PAGE).content)
        assert "p•••@ex•••.org" in page
        assert "They work until 10.10" in page
        french = client.get(path("confirm_key", language="fr"))
        assert "10h10" in text_of(french.content)
        assert "Wait 30 seconds and then press “Send a new code”" in page
        assert "You can ask for 4 more codes within this hour" in page
        assert "Each code can be tried 5 times" in page
        for _turn in range(4):
            clock.shift(timedelta(seconds=31))
            client.post(AGAIN)
        page = text_of(client.get(PAGE).content)
        assert "You can press “Send a new code” from 11.00 on" in page
        assert "more code" not in page
        clock.shift(timedelta(minutes=11))
        page = text_of(client.get(PAGE).content)
        assert "Those digits no longer work. Ask for new ones." in page


def test_asking_again(dossier: Dossier, els: Clerk) -> None:
    client = Client()
    with time_machine.travel(ISSUED, tick=False) as clock:
        type_code(client, *cast.make_code(dossier, els))
        choose_account(client)
        key = choose_key(client, "sms")
        old = digits_of(key)
        clock.shift(timedelta(seconds=10))
        page = client.post(AGAIN, {"key": key.pk}, follow=True)
        assert "Wait 20 seconds and then press" in text_of(page.content)
        assert digits_of(key) == old
        clock.shift(timedelta(seconds=20))
        page = client.post(AGAIN, {"key": key.pk}, follow=True)
        assert "We sent you a new code" in text_of(page.content)
        new = digits_of(key)
        if new != old:
            response = client.post(PAGE, {"key": key.pk, "digits": old})
            assert response.status_code == 422
        response = client.post(PAGE, {"key": key.pk, "digits": new})
        assert leads_to(response) == path("done")


def test_the_sixth_in_an_hour_is_told_when(dossier: Dossier, els: Clerk) -> None:
    client = Client()
    with time_machine.travel(ISSUED, tick=False) as clock:
        type_code(client, *cast.make_code(dossier, els))
        choose_account(client)
        key = choose_key(client, "sms")
        for _turn in range(4):
            clock.shift(timedelta(minutes=2))
            client.post(AGAIN, {"key": key.pk})
        clock.shift(timedelta(minutes=2))
        page = client.post(AGAIN, {"key": key.pk}, follow=True)
    assert "“Send a new code” from 11.00 on" in text_of(page.content)
    assert OneTimeCode.objects.count() == 5


def test_digits_older_than_ten_minutes_are_told_what_to_do(
    dossier: Dossier, els: Clerk
) -> None:
    client = Client()
    with time_machine.travel(ISSUED, tick=False) as clock:
        type_code(client, *cast.make_code(dossier, els))
        choose_account(client)
        key = choose_key(client, "email")
        digits = digits_of(key)
        clock.shift(timedelta(minutes=10))
        response = client.post(PAGE, {"key": key.pk, "digits": digits})
    assert response.status_code == 422
    assert "Ask for a new code below" in text_of(response.content)


def test_after_ten_wrong_tries_the_person_starts_again(
    dossier: Dossier, els: Clerk
) -> None:
    client = Client()
    with time_machine.travel(ISSUED, tick=False) as clock:
        code, text = cast.make_code(dossier, els)
        type_code(client, code, text)
        choose_account(client)
        key = choose_key(client, "sms")
        for turn in range(10):
            if turn == 5:
                clock.shift(timedelta(seconds=30))
                client.post(AGAIN, {"key": key.pk})
            typed = other_digits(digits_of(key))
            response = client.post(PAGE, {"key": key.pk, "digits": typed})
        assert response.status_code == 403
        page = text_of(response.content)
        assert "you have to start again" in page
        assert "You can choose the app now" in page
        assert "10.00" in page
        # A reload and other languages say the same, until the code is typed again.
        again = client.get(PAGE)
        assert again.status_code == 403
        assert text_of(again.content) == page
        other = client.get(path("confirm_key", language="de"))
        assert other.status_code == 403
        assert not DigitalKey.objects.filter(state=KeyState.ACTIVE).exists()
        assert client.get(path("enter_code")).status_code == 200
        # After the code is typed again, an app key can be activated at once.
        type_code(client, code, text)
        choose_account(client)
        app = choose_key(client, "app")
        response = client.post(PAGE, {"key": app.pk, "digits": digits_of(app)})
        assert leads_to(response) == path("done")


@pytest.mark.parametrize("kind", ["sms", "email"])
def test_after_five_wrong_tries_the_same_choice_sends_digits_that_work(
    dossier: Dossier, els: Clerk, kind: str
) -> None:
    """Who types the number again, or chooses e-mail again, waits for a message."""
    client = Client()
    with time_machine.travel(ISSUED, tick=False) as clock:
        type_code(client, *cast.make_code(dossier, els))
        choose_account(client)
        key = choose_key(client, kind)
        for _try in range(5):
            typed = other_digits(digits_of(key))
            client.post(PAGE, {"key": key.pk, "digits": typed})
        clock.shift(timedelta(seconds=31))
        assert choose_key(client, kind) == key
        assert "Those digits no longer work" not in text_of(client.get(PAGE).content)
        form = {"key": key.pk, "digits": digits_of(key)}
        assert leads_to(client.post(PAGE, form)) == path("done")


def test_after_five_wrong_tries_the_same_number_has_to_wait_as_well(
    dossier: Dossier, els: Clerk
) -> None:
    client = Client()
    with time_machine.travel(ISSUED, tick=False):
        type_code(client, *cast.make_code(dossier, els))
        choose_account(client)
        key = choose_key(client, "sms")
        for _try in range(5):
            typed = other_digits(digits_of(key))
            client.post(PAGE, {"key": key.pk, "digits": typed})
        response = client.post(path("enter_number"), {"mobile": MOBILE})
    assert response.status_code == 422
    assert OneTimeCode.objects.count() == 1


def test_sending_again_is_a_form_only(visitor: Client) -> None:
    choose_key(visitor, "sms")
    before = OneTimeCode.objects.count()
    for look in (visitor.get, visitor.head):
        assert leads_to(look(AGAIN)) == PAGE
    assert visitor.put(AGAIN).status_code == 405
    assert OneTimeCode.objects.count() == before

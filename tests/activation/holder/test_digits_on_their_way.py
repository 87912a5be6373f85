"""Digits sent a moment ago still work: no second message is sent, and nobody waits."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from activation.enums import KeyKind, KeyState, Purpose
from activation.models import DigitalKey, KeyHolder, OneTimeCode
from activation.one_time.digits import one_time_text
from tests.activation.helpers import MOBILE, other_digits, text_of
from tests.activation.holder.helpers import digits_of, make_key, path, show_password

PAGE = path("show_key")
SEND = path("send_digits")


@pytest.fixture
def sms(holder: KeyHolder) -> DigitalKey:
    return make_key(holder, KeyKind.SMS)


def above(content: bytes) -> str:
    return text_of(content).partition("No message?")[0]


def press(client: Client, page: str, button: str) -> str:
    """Send the form with this button as a browser does; returns the next page's text.

    Without the help below, about messages that do not come: it is always there.
    """
    forms = re.findall(r"(?s)<form.*?</form>", client.get(page).content.decode())
    form = next(form for form in forms if button in form)
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    action = re.search(r'action="([^"]+)"', form)
    assert action
    return above(client.post(action[1], fields, follow=True).content)


def test_signing_in_twice_within_a_minute(client: Client, sms: DigitalKey) -> None:
    show_password(Client())
    show_password(client)
    text = above(client.get(PAGE).content)
    assert "We sent a text message with six digits" in text
    assert "Wait 30 seconds" not in text
    assert OneTimeCode.objects.count() == 1
    form = {"key": sms.pk, "digits": digits_of(sms)}
    assert client.post(PAGE, form)["Location"] == path("overview")


def test_another_key_and_back(client: Client, sms: DigitalKey, app: DigitalKey) -> None:
    show_password(client)
    for name in ("Text message", "Mobile app", "Text message"):
        text = press(client, PAGE, name)
    assert "Wait" not in text
    assert OneTimeCode.objects.count() == 1


def test_who_asks_for_new_ones_gets_them(client: Client, sms: DigitalKey) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        show_password(client)
        assert "Wait 30 seconds" in press(client, PAGE, "Send a new code")
        clock.shift(timedelta(seconds=31))
        assert "We sent you a new code" in press(client, PAGE, "Send a new code")
    assert OneTimeCode.objects.count() == 2


def test_digits_tried_five_times_are_not_on_their_way(
    client: Client, sms: DigitalKey
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        show_password(client)
        for _turn in range(5):
            form = {"key": sms.pk, "digits": other_digits(digits_of(sms))}
            text = text_of(client.post(PAGE, form).content)
        assert "Send me a code" in text
        clock.shift(timedelta(seconds=31))
        show_password(client)
    assert OneTimeCode.objects.count() == 2


def test_a_number_typed_again_after_five_wrong_tries_gets_digits(
    signed_in: Client,
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        signed_in.post(path("add_destination", "sms"), {"mobile": MOBILE})
        key = DigitalKey.objects.get(state=KeyState.PENDING)
        confirm = path("confirm_new_key")
        for _turn in range(5):
            form = {"key": key.pk, "digits": other_digits(digits_of(key))}
            signed_in.post(confirm, form)
        clock.shift(timedelta(seconds=31))
        signed_in.post(path("add_destination", "sms"), {"mobile": MOBILE})
        form = {"key": key.pk, "digits": digits_of(key)}
        assert signed_in.post(confirm, form)["Location"] == path("overview")


def test_the_same_where_a_password_is_forgotten(
    client: Client, sms: DigitalKey
) -> None:
    client.post(path("forgotten"), {"name": "peter.janssens"})
    mailed = one_time_text(OneTimeCode.objects.get(purpose=Purpose.RECOVER))
    client.post(path("recovery_code"), {"digits": mailed})
    page = path("recovery_key")
    with time_machine.travel(timezone.now() + timedelta(seconds=31), tick=False):
        assert "We sent you a new code" in press(client, page, "Send me a code")
        assert "Wait 30 seconds" in press(client, page, "Send a new code")
        client.post(path("recovery_send"), {"key": sms.pk})
        assert "Wait 30 seconds" not in above(client.get(page).content)

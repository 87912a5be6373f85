"""After ten wrong digits in a day: the page says when digits work again, what helps."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from activation.enums import KeyKind
from activation.models import DigitalKey, KeyHolder, OneTimeCode, SignInCount
from tests.activation.helpers import other_digits, text_of
from tests.activation.holder.helpers import digits_of, make_key, path, show_password

PAGE = path("show_key")
TEN = datetime(2027, 3, 9, 10, 0, 20, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def sms(holder: KeyHolder) -> DigitalKey:
    return make_key(holder, KeyKind.SMS)


def type_digits(client: Client, key: DigitalKey, *, wrong: bool) -> str:
    """Sign in with right digits, or with five wrong ones.

    Returns the text of the last page, or the address that it leads to.
    """
    OneTimeCode.objects.filter(state="live").update(state="replaced")
    show_password(client)
    digits = digits_of(key)
    form = {"key": key.pk, "digits": other_digits(digits) if wrong else digits}
    for _try in range(5 if wrong else 1):
        response = client.post(PAGE, form)
    SignInCount.objects.all().delete()
    return response.headers.get("Location") or text_of(response.content)


def type_ten_wrong(client: Client, key: DigitalKey) -> str:
    """Type right digits at nine, and ten wrong ones from ten on; returns the text."""
    with time_machine.travel(TEN - timedelta(hours=1), tick=False) as clock:
        assert type_digits(client, key, wrong=False) == path("overview")
        client.post(path("sign_out"))
        clock.shift(timedelta(hours=1))
        type_digits(client, key, wrong=True)
        clock.shift(timedelta(minutes=5))
        return type_digits(client, key, wrong=True)


def test_it_says_from_when_digits_work_again(client: Client, sms: DigitalKey) -> None:
    text = type_ten_wrong(client, sms)
    assert "wrong digits too often." in text
    assert "You can press “Send me a code” tomorrow from 10.01 on." in text
    with time_machine.travel(TEN + timedelta(hours=23, minutes=30), tick=False):
        text = type_digits(client, sms, wrong=False)
    assert "You can press “Send a new code” from 10.01 on." in text


def test_from_then_on_they_do(client: Client, sms: DigitalKey) -> None:
    type_ten_wrong(client, sms)
    with time_machine.travel(TEN + timedelta(days=1), tick=False):
        assert type_digits(client, sms, wrong=False) == path("overview")


def test_an_app_works_at_once(client: Client, sms: DigitalKey) -> None:
    assert "You can use your app now" not in type_ten_wrong(client, sms)
    app = make_key(sms.holder, KeyKind.APP)
    with time_machine.travel(TEN + timedelta(minutes=10), tick=False):
        show_password(client)
        client.post(path("send_digits"), {"key": sms.pk})
        form = {"key": sms.pk, "digits": "123456"}
        text = text_of(client.post(PAGE, form).content)
        assert "You can use your app now" in text
        form = {"key": app.pk, "digits": digits_of(app)}
        assert client.post(PAGE, form).headers.get("Location") == path("overview")

"""An app is set up on two devices: only the newest QR code counts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from activation.models import ActivationCode, DigitalKey, KeyHolder
from tests.activation.helpers import GOOD_PASSWORD, digits_of, link, path
from tests.activation.journey.devices import choose, code_and_text
from tests.activation.tabs import Tab

__all__ = ["code_and_text"]


@pytest.fixture
def visitor(code_and_text: tuple[ActivationCode, str]) -> Callable[[], Tab]:
    """Each call returns another device; on the first one the account is chosen."""
    code, text = code_and_text

    def come() -> Tab:
        is_first = not KeyHolder.objects.exists()
        tab = Tab(Client()).go(link(code)).send(code=text)
        return choose(tab, "peter", GOOD_PASSWORD) if is_first else tab

    return come


def test_one_app_is_set_up_on_one_device_and_confirmed_on_another(
    visitor: Callable[[], Tab],
) -> None:
    one, two = visitor().send(kind="app"), visitor()
    key = DigitalKey.objects.get()
    assert "Your key is active" in two.send(digits=digits_of(key)).text
    assert "A key is active already" in one.send(digits="123456").text


def test_a_picture_that_counts_no_more_is_said_to(visitor: Callable[[], Tab]) -> None:
    one, two = visitor().send(kind="app"), visitor()
    old = DigitalKey.objects.get()
    two.go(path("choose_key")).send(kind="app")
    assert DigitalKey.objects.get() != old
    one.send(digits=digits_of(old))
    assert "The one that you scanned here no longer counts" in one.text
    assert "Choose your key" in one.text
    new = DigitalKey.objects.get()
    assert "Your key is active" in two.send(digits=digits_of(new)).text


def test_digits_that_another_choice_ended_are_said_to(
    code_and_text: tuple[ActivationCode, str], visitor: Callable[[], Tab]
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        one = visitor().send(kind="sms").send(mobile="0470 12 34 56")
        first = DigitalKey.objects.get()
        assert "Another key was chosen" not in one.text
        clock.shift(timedelta(minutes=1))
        two = visitor().go(path("choose_key")).send(kind="email")
        assert "Another key was chosen" not in two.text
        one.send(digits=digits_of(first))
        assert "Another key was chosen with this code after this one" in one.text
        clock.shift(timedelta(minutes=1))
        one.send(form=1)  # new digits
        one.send(digits=digits_of(first))
    assert "Your key is active" in one.text
    assert "A key is active already" in two.reload().text

"""An app is set up on two devices: one picture counts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from activation.models import ActivationCode, DigitalKey, KeyHolder
from tests.activation.helpers import GOOD_PASSWORD, digits_of, link
from tests.activation.journey.devices import choose, code_and_text
from tests.activation.tabs import Tab

__all__ = ["code_and_text"]


@pytest.fixture
def visitor(code_and_text: tuple[ActivationCode, str]) -> Callable[[], Tab]:
    """Devices of one person who has chosen name and password on the first."""
    code, text = code_and_text

    def come() -> Tab:
        tab = Tab(Client()).go(link(code)).send(code=text)
        if KeyHolder.objects.exists():
            return tab.send(form=0)
        return choose(tab, "peter", GOOD_PASSWORD)

    return come


def test_one_app_on_two_devices_is_one_picture(visitor: Callable[[], Tab]) -> None:
    one, two = visitor().send(kind="app"), visitor().send(kind="app")
    key = DigitalKey.objects.get()
    assert "no longer counts" not in one.text + two.text
    assert "Your key is active" in one.send(digits=digits_of(key)).text
    assert "A key is active already" in two.send(digits="123456").text


def test_a_picture_that_counts_no_more_is_said_to(
    code_and_text: tuple[ActivationCode, str],
) -> None:
    code, text = code_and_text
    with time_machine.travel(timezone.now(), tick=False) as clock:
        one = Tab(Client()).go(link(code)).send(code=text)
        choose(one, "peter", GOOD_PASSWORD).send(kind="app")
        clock.shift(timedelta(minutes=55))
        two = Tab(Client()).go(link(code)).send(code=text)
        two.send(form=0).send(kind="app")
        clock.shift(timedelta(minutes=6))
        old = DigitalKey.objects.get()
        two.send(digits=digits_of(old))
        assert "The picture that you scanned no longer counts" in two.text
        two.send(kind="app")
        assert "Did you scan a picture for this code before?" in two.text
        (new,) = DigitalKey.objects.exclude(pk=old.pk)
        assert "Your key is active" in two.send(digits=digits_of(new)).text


def test_digits_that_another_choice_ended_are_said_to(
    code_and_text: tuple[ActivationCode, str], visitor: Callable[[], Tab]
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        one = visitor().send(kind="sms").send(mobile="0470 12 34 56")
        first = DigitalKey.objects.get()
        assert "Another key was chosen" not in one.text
        clock.shift(timedelta(minutes=1))
        two = visitor().send(kind="email")
        assert "Another key was chosen" not in two.text
        one.send(digits=digits_of(first))
        assert "Another key was chosen with this code after this one" in one.text
        clock.shift(timedelta(minutes=1))
        one.send(form=1)  # new digits
        one.send(digits=digits_of(first))
    assert "Your key is active" in one.text
    assert "A key is active already" in two.reload().text

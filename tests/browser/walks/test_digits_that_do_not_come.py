"""The digits do not arrive, arrive too late, or are typed wrong too often.

No worker runs here, so no message arrives. The limits are those of
docs/security.md#one-time-codes, and the page says them in words.
"""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import expect

from activation.enums import KeyKind
from activation.models import OneTimeCode
from activation.web.throttling import A_MINUTE, count_request
from notifications.models import Delivery
from tests.activation.helpers import MOBILE, digits_of, other_digits
from tests.browser.chromium import IN_CHROMIUM
from tests.browser.walks.people import BARE, WITH_SCRIPTS, Applicant

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]


def test_a_message_that_does_not_come_and_then_the_app(
    person: Applicant, clock: time_machine.Traveller
) -> None:
    begin_an_hour(clock)
    person.come_to_the_choice()
    person.choose_kind(KeyKind.SMS)
    person.page.fill("#id_mobile", MOBILE)
    person.press("Send me the digits")
    person.reads("We sent a text message with six digits to 0470 12 34 56.")
    person.reads("Is your phone on, and does it have a network?")
    person.reads("You can ask for 4 more codes within this hour.")
    person.press("Send a new code")
    person.reads("and then press “Send a new code”.")
    for left in ("3 more codes", "2 more codes", "one more code"):
        clock.shift(31)
        person.press("Send a new code")
        person.reads("We sent you a new code. The one before no longer works.")
        person.reads(f"You can ask for {left} within this hour.")
    clock.shift(31)
    person.press("Send a new code")
    clock.shift(31)
    person.press("Send a new code")
    person.reads("You asked for a code very often.")
    person.reads(re.compile("You can press “Send a new code” from 11.0"))
    person.look("asked very often")
    assert OneTimeCode.objects.count() == Delivery.objects.unsent().count() == 5
    person.follow("Choose another key")
    person.confirm(digits_of(person.choose(KeyKind.APP)))
    person.heading("Your key is active")


def begin_an_hour(clock: time_machine.Traveller) -> None:
    """Set the clock to ten o'clock tomorrow, so that no hour ends after midnight."""
    tomorrow = timezone.localtime() + timedelta(days=1)
    clock.move_to(tomorrow.replace(hour=10, minute=0, second=0, microsecond=0))


@WITH_SCRIPTS
def test_digits_that_come_too_late(
    person: Applicant, clock: time_machine.Traveller
) -> None:
    person.come_to_the_choice()
    key = person.choose(KeyKind.EMAIL)
    late = digits_of(key)
    clock.shift(timedelta(minutes=10, seconds=1))
    person.confirm(late)
    person.reads("This code no longer works. Ask for a new code below.")
    person.reads("Those digits no longer work. Ask for new ones.")
    person.reads("Look in your spam too.")
    person.look("digits too late")
    person.press("Send a new code")
    person.confirm(digits_of(key))
    person.heading("Your key is active")


@BARE
def test_ten_wrong_digits_and_the_person_starts_again(
    person: Applicant, clock: time_machine.Traveller
) -> None:
    begin_an_hour(clock)
    person.come_to_the_choice()
    key = person.choose(KeyKind.EMAIL)
    for left in ("4 more times", "3 more times", "2 more times", "one more time"):
        person.confirm(other_digits(digits_of(key)))
        person.reads(f"You can try {left}.")
    person.confirm(other_digits(digits_of(key)))
    person.reads("Those digits no longer work. Ask for new ones.")
    clock.shift(31)
    person.press("Send a new code")
    for _try in range(5):
        person.confirm(other_digits(digits_of(key)))
    person.heading("Start again")
    person.reads("You can choose the app now. Type the code from your paper once more.")
    person.reads("you have to wait until")
    person.reads(re.compile(r", 10.00\."))
    person.look("start again")
    person.follow("Type my code again")
    person.type_code(person.text)
    person.reads("You go on where you were")
    person.confirm(digits_of(person.choose(KeyKind.APP)))
    person.heading("Your key is active")


def test_too_much_from_one_network(
    person: Applicant, clock: time_machine.Traveller
) -> None:
    """The page says how long a school or library has to wait; the code still works."""
    begin_an_hour(clock)
    person.open_link()
    for _request in range(A_MINUTE):
        count_request(address="127.0.0.1", at=timezone.now())
    person.type_code(person.text)
    person.heading("Wait a moment")
    person.reads("Nothing was lost and no try was counted.")
    person.look("wait")
    clock.shift(60)
    person.page.go_back()
    expect(person.page.locator("#id_code")).to_be_visible()
    person.type_code(person.text)
    person.heading("user name")
    person.code.refresh_from_db()
    assert person.code.attempts == 0

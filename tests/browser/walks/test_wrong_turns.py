"""What may go wrong between the mail and the key, tried in a real Chromium.

On a phone's screen, with JavaScript and without it. Each time the page says how the
person can go on.
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from activation.codes import links
from activation.codes.activation_code import ALPHABET, grouped
from activation.enums import CodeState, KeyKind, KeyState
from activation.models import ActivationCode, DigitalKey, OneTimeCode
from counter.models import Office
from counter.sign_in import totp
from tests.activation.helpers import digits_of, other_digits, path, wrong
from tests.browser.chromium import IN_CHROMIUM
from tests.browser.walks.people import Applicant

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]


def test_a_mistyped_code(person: Applicant) -> None:
    place = ALPHABET.index(person.text[3])
    slip = person.text[:3] + ALPHABET[(place + 5) % 32] + person.text[4:]
    person.open_link()
    person.type_code(slip.lower())
    person.reads("There is a typing mistake in this code.")
    expect(person.page.locator("#id_code")).to_have_value(grouped(slip))
    person.look("mistyped code")
    assert ActivationCode.objects.get().attempts == 0
    person.type_code(person.text.lower().replace("0", "o").replace("1", "l"))
    person.heading("user name")


def test_a_locked_code(person: Applicant, office: Office) -> None:
    office.hours.create(
        weekday=timezone.localdate().weekday(), opens="00:00", closes="23:59:59"
    )
    person.open_link()
    for left in (4, 3, 2):
        person.type_code(wrong(person.text))
        person.reads(f"You can try {left} more times.")
    person.type_code(wrong(person.text))
    person.reads("You can try one more time.")
    person.type_code(wrong(person.text))
    person.heading("This code is locked")
    person.reads("Come to the counter for a new code.")
    person.reads("Open now, until 23.59")
    person.look("locked code")
    person.open_link()
    person.heading("This code is locked")


def test_an_expired_link(person: Applicant) -> None:
    then = timezone.now() - timedelta(days=15)
    ActivationCode.objects.update(issued_at=then, valid_until=then + timedelta(days=14))
    person.open_link()
    person.heading("This link no longer works")
    person.reads("Come back to the city office, no appointment needed.")
    person.reads("A new application costs 10 euros.")
    person.look("expired link")


def test_wrong_digits_of_a_message_and_a_new_code(person: Applicant) -> None:
    person.come_to_the_choice()
    key = person.choose(KeyKind.EMAIL)
    person.confirm(other_digits(digits_of(key)))
    person.reads("You can try 4 more times.")
    person.press("Send a new code")
    person.reads("Wait ")
    OneTimeCode.objects.update(requested_at=timezone.now() - timedelta(seconds=31))
    old = digits_of(key)
    person.press("Send a new code")
    person.reads("We sent you a new code.")
    person.reads("You can ask for 3 more codes within this hour.")
    person.look("wrong digits")
    if old != digits_of(key):
        person.confirm(old)
        person.reads("You can try 4 more times.")
    person.confirm(digits_of(key))
    person.heading("Your key is active")


def test_a_phone_whose_clock_is_off(person: Applicant) -> None:
    person.come_to_the_choice()
    key = person.choose(KeyKind.APP)
    ahead = totp.step_at(timezone.now()) + 10
    person.confirm(totp.digits(key.secret, ahead))
    person.reads("The clock of your phone is about 5 minutes fast. Here it is ")
    person.reads("Switch on “set the time automatically”")
    person.look("clock off")
    person.confirm(digits_of(key))
    person.heading("Your key is active")


def test_a_mistyped_number(person: Applicant) -> None:
    person.come_to_the_choice()
    person.choose_kind(KeyKind.SMS)
    person.page.fill("#id_mobile", "0470 12 34")
    person.press("Send me the digits")
    person.reads("This number does not exist.")
    expect(person.page.locator("#id_mobile")).to_have_value("0470 12 34")
    person.page.fill("#id_mobile", "016 27 27 27")
    person.press("Send me the digits")
    person.reads("This is not a mobile number.")
    person.page.fill("#id_mobile", "0470 12 34 57")
    person.press("Send me the digits")
    person.reads("We sent a text message with six digits to 0470 12 34 57.")
    person.look("number mistyped")
    OneTimeCode.objects.update(requested_at=timezone.now() - timedelta(seconds=31))
    person.page.get_by_role("link", name="Type your number again").click()
    expect(person.page.locator("#id_mobile")).to_have_value("0470 12 34 57")
    person.page.fill("#id_mobile", "+33 6 12 34 56 78")
    person.press("Send me the digits")
    person.reads("06 12 34 56 78 (France)")
    key = DigitalKey.objects.latest("created_at")
    person.confirm(digits_of(key))
    person.heading("Your key is active")


def test_did_not_ask_for_this(person: Applicant) -> None:
    person.goto(path("open_refusal", links.token(person.code)))
    person.heading("You did not ask for this?")
    person.press("Stop this code")
    person.reads("Tick the box first.")
    person.look("did not ask")
    person.page.locator("label[for=id_sure]").click()
    person.press("Stop this code")
    person.heading("The code is stopped")
    person.look("stopped")
    assert ActivationCode.objects.get().state == CodeState.FROZEN
    person.open_link()
    person.heading("This link no longer works")


def test_a_second_key_from_the_last_page(person: Applicant) -> None:
    person.come_to_the_choice()
    person.confirm(digits_of(person.choose(KeyKind.APP)))
    person.look("done")
    person.press("Add a second key now")
    person.page.locator("input[value=email]").check(force=True)
    person.press("Go on")
    person.look("second key")
    person.page.locator("main form button").first.click()
    second = DigitalKey.objects.get(kind=KeyKind.EMAIL)
    person.page.fill("#id_digits", digits_of(second))
    person.page.locator("#id_digits").press("Enter")
    expect(person.page.locator("main")).to_contain_text("Your new key is active.")
    assert DigitalKey.objects.filter(state=KeyState.ACTIVE).count() == 2

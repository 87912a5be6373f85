"""Somebody lost a user name, a password or every key, and the pages say what to do.

With a mail and a key the person sees the user name and chooses a new password. Without
a key the pages send the person to the counter. Somebody who guesses has to wait.
"""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import expect

from activation.enums import KeyKind, Purpose
from activation.holder.own_keys import revoke_key
from activation.models import DigitalKey, OneTimeCode
from activation.one_time.digits import one_time_text
from counter.models import Clerk
from notifications.models import Delivery
from tests.activation.helpers import GOOD_PASSWORD, other_digits
from tests.activation.holder.helpers import USER_NAME, digits_of, make_key
from tests.browser.chromium import IN_CHROMIUM
from tests.browser.walks.people import BARE, WITH_SCRIPTS, Holder

NEW_PASSWORD = "zeven natte groene kikkers"

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]


def mailed_digits() -> str:
    """The six digits in the recovery mail, which waits to be sent."""
    sent = OneTimeCode.objects.filter(purpose=Purpose.RECOVER).latest("requested_at")
    assert Delivery.objects.unsent().filter(subject=sent.pk).exists()
    return one_time_text(sent)


def ask(holder: Holder, name: str) -> None:
    holder.page.locator("main form input:not([type=hidden])").fill(name)
    holder.press("Send me the digits")
    holder.heading("Look in your mailbox")


def test_a_forgotten_user_name_and_password(holder: Holder) -> None:
    """A mail and the digits of the app are both needed; the page says the user name."""
    app = make_key(holder.account, KeyKind.APP)
    holder.open("sign_in")
    holder.follow("Forgotten?")
    holder.look("forgotten")
    ask(holder, holder.account.email.upper())
    holder.look("recovery code")
    holder.type_digits(other_digits(mailed_digits()), "Go on")
    holder.reads("These digits are not right, or they no longer work.")
    holder.type_digits(mailed_digits(), "Go on")
    holder.heading("Show your key")
    holder.look("recovery key")
    holder.type_digits(digits_of(app), "Go on")
    holder.heading("Choose a new password")
    holder.reads(f"Your user name is {USER_NAME}. Write it down.")
    holder.type_password("wachtwoord123")
    holder.press("Save")
    holder.heading("Choose a new password")
    holder.look("new password refused")
    holder.type_password(NEW_PASSWORD)
    holder.press("Save")
    holder.heading("Sign in to my keys")
    holder.reads("Your new password counts. Sign in with it.")
    holder.show_password()
    holder.reads("This user name and this password do not belong together.")
    holder.show_password(NEW_PASSWORD)
    holder.heading("Show your key")


@BARE
def test_a_forgotten_password_and_a_key_by_message(
    holder: Holder, clock: time_machine.Traveller
) -> None:
    """Asked for by user name; for an unknown user name the next page looks the same."""
    sms = make_key(holder.account, KeyKind.SMS)
    holder.open("forgotten")
    ask(holder, "nobody.here")
    assert OneTimeCode.objects.count() == 0
    holder.follow("Ask for new digits, or try another address or name")
    ask(holder, USER_NAME)
    holder.type_digits(mailed_digits(), "Go on")
    holder.reads("We can send six digits by text message to +32 4•• •• •• 56.")
    clock.shift(31)  # a key holder gets at most one message in half a minute
    holder.press("Send me a code")
    holder.type_digits(digits_of(sms), "Go on")
    holder.heading("Choose a new password")


def test_no_key_left(holder: Holder, els: Clerk) -> None:
    """A password alone signs nobody in, before and after a clerk revokes the key."""
    app = make_key(holder.account, KeyKind.APP)
    holder.open("sign_in")
    holder.show_password()
    holder.follow("I do not have this key any more")
    counter(holder)
    revoke_key(key=app, at=timezone.now(), clerk=els, document_seen=True)
    holder.open("sign_in")
    holder.show_password()
    counter(holder)
    holder.look("no key left")
    holder.follow("Address and opening hours")
    expect(holder.page.locator("#come")).to_contain_text("Open in the map app")


def test_the_only_key_is_in_the_mailbox_that_was_shown(holder: Holder) -> None:
    """One mailbox does not count as two proofs; the page says what to do instead."""
    make_key(holder.account, KeyKind.EMAIL, destination=holder.account.email)
    holder.open("sign_in")
    holder.follow("Forgotten?")
    holder.reads("a key that does not go to that mailbox")
    ask(holder, USER_NAME)
    holder.type_digits(mailed_digits(), "Go on")
    counter(holder)
    holder.reads("The same mailbox does not count twice")
    holder.look("mailbox counts once")


def counter(holder: Holder) -> None:
    holder.heading("Come to the counter")
    holder.reads(re.compile("A new code costs .*10"))
    holder.reads("The clerk can revoke that key at once, at no cost.")


@WITH_SCRIPTS
def test_somebody_tries_passwords(
    holder: Holder, clock: time_machine.Traveller
) -> None:
    make_key(holder.account, KeyKind.APP)
    holder.open("sign_in")
    for _try in range(9):
        holder.show_password("not it")
        holder.reads("This user name and this password do not belong together.")
    holder.show_password("not it")
    holder.show_password()
    holder.reads("Too many tries. Wait")
    holder.look("too many tries")
    clock.shift(timedelta(minutes=5))
    holder.show_password()
    holder.heading("Show your key")


@BARE
def test_a_long_pause_signs_out(holder: Holder, clock: time_machine.Traveller) -> None:
    app = make_key(holder.account, KeyKind.APP)
    holder.sign_in(app)
    clock.shift(timedelta(minutes=16))
    holder.follow("When did I sign in?")
    holder.heading("Sign in to my keys")
    holder.reads("You were signed out. Sign in again.")
    holder.show_password(GOOD_PASSWORD)
    clock.shift(timedelta(minutes=16))
    holder.type_digits(digits_of(DigitalKey.objects.get()), "Sign in")
    holder.heading("Sign in to my keys")

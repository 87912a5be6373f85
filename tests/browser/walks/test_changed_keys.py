"""A holder has another phone, number, address or password, and changes it."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Browser, expect

from activation.enums import KeyKind, KeyState, Purpose
from activation.models import DigitalKey, KeyHolder, OneTimeCode
from activation.one_time.digits import one_time_text
from counter.models import Clerk
from counter.sign_in import totp
from tests import cast
from tests.activation.helpers import GOOD_PASSWORD, link, other_digits, path
from tests.activation.holder.helpers import digits_of, fresh, make_key
from tests.browser.chromium import IN_CHROMIUM
from tests.browser.walks.people import BARE, WITH_SCRIPTS, Holder

NEW_PASSWORD = "zeven natte groene kikkers"

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]


def test_another_number(holder: Holder, clock: time_machine.Traveller) -> None:
    """After mistyped numbers the right one replaces the old key."""
    old = make_key(holder.account, KeyKind.SMS)
    holder.open("sign_in")
    holder.show_password()
    holder.type_digits(digits_of(old), "Sign in")
    holder.page.get_by_role("link", name="Replace: Text message").click()
    holder.reads("This key works until the new one does. Then it stops.")
    for typed, answer in (
        ("0470 65 43", "This number does not exist."),
        ("016 27 27 27", "This is not a mobile number."),
        ("0470 12 34 56", "You have this key already."),
    ):
        holder.page.fill("#id_mobile", typed)
        holder.press("Go on")
        holder.reads(answer)
        expect(holder.page.locator("#id_mobile")).to_have_value(typed)
    holder.look("number mistyped")
    clock.shift(31)
    holder.page.fill("#id_mobile", "0470 65 43 20")
    holder.press("Go on")
    holder.reads("We sent a text message with six digits to 0470 65 43 20.")
    clock.shift(31)
    holder.follow("Type your number again")
    holder.page.fill("#id_mobile", "0470 65 43 21")
    holder.press("Go on")
    new = DigitalKey.objects.filter(state=KeyState.PENDING).latest("created_at")
    clock.shift(31)
    holder.press("Send a new code")
    expect(holder.page.get_by_role("status").first).to_contain_text("sent you a new")
    holder.confirm(other_digits(digits_of(new)))
    holder.reads("You can try 4 more times.")
    holder.look("new number")
    holder.confirm(digits_of(new))
    holder.heading("My keys")
    assert DigitalKey.objects.get(state=KeyState.ACTIVE) == new


@WITH_SCRIPTS
def test_another_phone(holder: Holder, clock: time_machine.Traveller) -> None:
    """The new phone, with a slow clock, is added first; then the old app is revoked."""
    old = make_key(holder.account, KeyKind.APP)
    holder.sign_in(old)
    holder.open("add_key")
    new = holder.choose(KeyKind.APP)
    behind = totp.step_at(timezone.now()) - 20
    holder.confirm(totp.digits(new.secret, behind))
    holder.reads("The clock of your phone is about 10 minutes slow. Here it is ")
    holder.look("clock slow")
    holder.confirm(digits_of(new))
    holder.heading("My keys")
    clock.shift(31)
    holder.page.locator(f"a[href*='{old.pk}/revoke']").click()
    holder.look("revoke the old app")
    holder.type_digits(digits_of(old), "Revoke this key")
    holder.reads("These are not the current digits.")
    holder.type_digits(digits_of(new), "Revoke this key")
    holder.heading("My keys")
    holder.press("Sign out")
    holder.show_password()
    clock.shift(31)
    holder.type_digits(digits_of(old), "Sign in")
    holder.reads("These are not the current digits.")
    holder.type_digits(digits_of(new), "Sign in")
    holder.heading("My keys")


def come_back(holder: Holder, clerk: Clerk) -> None:
    """Let the holder type a code that they got on another visit to the counter."""
    again = cast.make_dossier(holder.account.applicant, clerk, email="new@example.org")
    code, text = cast.make_code(again, clerk)
    holder.goto(link(code))
    holder.page.fill("#id_code", text)
    holder.press("Go on")
    holder.heading("You have an account")
    holder.reads("Your user name is peter.janssens. Write it down.")


@BARE
def test_three_keys_are_the_most(holder: Holder, els: Clerk) -> None:
    """Also for a holder with a new code, which can be used after a key is revoked."""
    app = make_key(holder.account, KeyKind.APP)
    make_key(holder.account, KeyKind.SMS)
    mail = make_key(holder.account, KeyKind.EMAIL, destination="peter@example.org")
    come_back(holder, els)
    holder.follow("I know my password: go on")
    holder.heading("You have three keys already")
    holder.look("no room")
    holder.follow("Go to my keys")
    holder.show_password()
    holder.type_digits(digits_of(app), "Sign in")
    holder.reads("You have three keys, the most there can be.")
    holder.open("add_key")
    holder.choose_kind(KeyKind.APP)
    holder.reads("You have three keys. Revoke one before you add another.")
    holder.open("revoke_key", mail.pk)
    holder.type_digits(fresh(app), "Revoke this key")
    holder.goto(path("choose_key"))
    holder.confirm(digits_of(holder.choose(KeyKind.APP)))
    holder.heading("Your key is active")


def test_a_password_forgotten_between_two_visits(holder: Holder, els: Clerk) -> None:
    """The code and the link are enough proof, as they were for the first password."""
    make_key(holder.account, KeyKind.SMS)
    come_back(holder, els)
    holder.look("known account")
    holder.follow("I forgot my password")
    holder.heading("Choose a new password")
    holder.type_password("te kort")
    holder.press("Save")
    holder.reads("Use at least 12 characters")
    holder.look("renew password")
    new_password(holder)
    holder.reads("Your new password counts.")
    app = holder.choose(KeyKind.APP)
    holder.confirm(digits_of(app))
    holder.heading("Your key is active")
    holder.open("sign_in")
    holder.show_password()
    holder.reads("This user name and this password do not belong together.")
    holder.show_password(NEW_PASSWORD)
    holder.heading("Show your key")


def test_a_page_left_open_adds_no_key(
    holder: Holder, clock: time_machine.Traveller
) -> None:
    """After five minutes the page asks for a key again; what was typed is not lost."""
    app = make_key(holder.account, KeyKind.APP)
    holder.sign_in(app)
    holder.follow("Add a key")
    holder.choose_kind(KeyKind.SMS)
    holder.page.fill("#id_mobile", "0470 12 34 56")
    clock.shift(timedelta(minutes=6))
    holder.press("Go on")
    holder.heading("Show your key")
    holder.reads("You showed your key more than 5 minutes ago.")
    holder.look("show your key once more")
    assert DigitalKey.objects.count() == 1
    holder.type_digits(other_digits(digits_of(app)), "Go on")
    holder.reads("These are not the current digits.")
    holder.type_digits(digits_of(app), "Go on")
    holder.reads("We sent a text message with six digits to 0470 12 34 56.")
    holder.confirm(digits_of(DigitalKey.objects.get(state=KeyState.PENDING)))
    holder.heading("My keys")


def mailed_digits() -> str:
    sent = OneTimeCode.objects.filter(purpose=Purpose.EMAIL).latest("requested_at")
    return one_time_text(sent)


@BARE
def test_the_account(holder: Holder, browser: Browser) -> None:
    """Change password, address, language and a key's name; then sign out everywhere."""
    app = make_key(holder.account, KeyKind.APP)
    holder.sign_in(app)
    holder.follow("Change my password")
    holder.page.fill("#id_present", "not it")
    new_password(holder)
    holder.reads("This is not your present password.")
    holder.look("present password wrong")
    holder.page.fill("#id_present", GOOD_PASSWORD)
    new_password(holder)
    holder.reads("Your password is changed.")
    holder.follow("Change my e-mail address")
    holder.page.fill("#id_email", "new@example.org")
    holder.press("Go on")
    holder.heading("Type the six digits")
    holder.look("confirm_email")
    holder.type_digits(mailed_digits(), "Confirm my address")
    holder.reads("Your new address counts from now on.")
    holder.follow("Language of the e-mails")
    holder.page.locator("label", has_text="Dutch and German").click()
    holder.press("Save")
    holder.page.get_by_role("link", name="Rename: Mobile app").click()
    holder.page.fill("#id_name", "My phone")
    holder.press("Save")
    expect(holder.page.locator(".panel h2")).to_have_text("My phone")
    holder.follow("When did I sign in?")
    with holder.page.expect_download() as download:
        holder.page.get_by_role("link", name="Download as a file (CSV)").click()
    assert "My phone" in download.value.path().read_text("utf-8-sig")
    everywhere(holder, browser, app)


def new_password(holder: Holder) -> None:
    holder.type_password(NEW_PASSWORD)
    holder.press("Save")


def everywhere(holder: Holder, browser: Browser, app: DigitalKey) -> None:
    """Signing out everywhere on one device also signs out the library's computer."""
    library = browser.new_context(java_script_enabled=holder.scripts)
    other = replace(holder, page=library.new_page())
    other.open("sign_in")
    other.show_password(NEW_PASSWORD)
    other.type_digits(fresh(app), "Sign in")
    other.heading("My keys")
    holder.open("overview")
    holder.press("Sign out everywhere")
    holder.reads("You are signed out everywhere.")
    other.open("overview")
    other.heading("Sign in to my keys")
    other.reads("You were signed out. Sign in again.")
    library.close()
    account = KeyHolder.objects.get()
    assert (account.email, account.language) == ("new@example.org", "de")

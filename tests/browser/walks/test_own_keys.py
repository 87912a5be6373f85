"""A holder on a phone: sign in with the app, add a key by e-mail, revoke the app."""

import pytest
from playwright.sync_api import expect

from activation.enums import KeyKind, KeyState
from activation.models import DigitalKey
from tests.activation.holder.helpers import digits_of, fresh, make_key
from tests.browser.chromium import IN_CHROMIUM
from tests.browser.walks.people import Holder

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]


def sign_in(holder: Holder, app: DigitalKey) -> None:
    holder.open("overview")
    holder.heading("Sign in to my keys")
    holder.look("1 sign_in")
    holder.show_password()
    holder.heading("Show your key")
    holder.look("2 show_key")
    holder.type_digits(digits_of(app), "Sign in")
    holder.heading("My keys")
    holder.look("3 overview")


def add_by_mail(holder: Holder) -> DigitalKey:
    holder.page.get_by_role("link", name="Add a key").click()
    holder.look("4 add_key")
    holder.choose_kind(KeyKind.EMAIL)
    holder.look("5 add_destination")
    holder.press("Go on")
    holder.heading("Type the six digits")
    holder.look("6 confirm_new_key")
    key = holder.account.keys.get(state=KeyState.PENDING)
    holder.type_digits(digits_of(key), "Activate my key")
    holder.heading("My keys")
    return key


def test_sign_in_add_a_key_and_revoke_one(holder: Holder) -> None:
    app = make_key(holder.account, KeyKind.APP)
    sign_in(holder, app)
    mail = add_by_mail(holder)
    holder.look("7 overview")
    holder.page.get_by_role("link", name="Revoke: Mobile app").click()
    holder.heading("Revoke a key")
    holder.look("8 revoke_key")
    holder.type_digits(fresh(app), "Revoke this key")
    holder.heading("My keys")
    expect(holder.page.get_by_role("status").first).to_contain_text("revoked")
    assert holder.account.keys.get(state=KeyState.ACTIVE) == mail


def test_another_phone_and_then_no_key(holder: Holder) -> None:
    """A new app replaces the old one; with no key left, the page offers to add one."""
    app = make_key(holder.account, KeyKind.APP)
    sign_in(holder, app)
    holder.page.get_by_role("link", name="Replace: Mobile app").click()
    holder.heading("Replace a key")
    holder.look("replace_key app")
    holder.press("Go on")
    holder.heading("Set up your app")
    holder.reads("Your old key stops working when this one is active.")
    new = holder.account.keys.get(state=KeyState.PENDING)
    expect(holder.page.locator(".qr img")).to_have_js_property("complete", value=True)
    holder.look("confirm_new_key instead")
    holder.confirm(digits_of(new))
    holder.reads("App 2")
    holder.look("overview replaced")
    assert holder.account.keys.get(state=KeyState.ACTIVE) == new
    holder.page.get_by_role("link", name="Revoke: App 2").click()
    holder.look("revoke_key last")
    holder.type_digits(fresh(new), "Revoke this key")
    holder.reads("Without a key you cannot sign in again.")
    holder.look("overview no key left")
    holder.follow("Add a key now")
    holder.confirm(digits_of(holder.choose(KeyKind.APP)))
    holder.reads("App 3")


def test_every_other_page(holder: Holder) -> None:
    app = make_key(holder.account, KeyKind.APP)
    sms = make_key(holder.account, KeyKind.SMS)
    sign_in(holder, app)
    for name in (
        *("change_password", "change_email", "change_language"),
        *("activity", "forgotten", "no_key"),
    ):
        holder.open(name)
        holder.look(name)
    for name in ("rename_key", "replace_key", "revoke_key"):
        holder.open(name, sms.pk)
        holder.look(f"{name} sms")
    holder.page.get_by_role("button", name="Text message").click()
    holder.heading("Revoke a key")
    holder.look("revoke_key by message")
    holder.open("add_key")
    holder.choose(KeyKind.APP)
    holder.heading("Set up your app")
    holder.look("confirm_new_key app")

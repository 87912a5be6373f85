"""Ten recovery codes on paper: a holder makes them and types one in place of a key."""

import re
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import expect

from activation.enums import KeyKind
from activation.models import RecoveryCode
from tests.activation.helpers import MOBILE
from tests.activation.holder.helpers import make_key
from tests.browser.chromium import IN_CHROMIUM
from tests.browser.walks.people import BARE, WITH_SCRIPTS, Holder

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]


def make_codes(holder: Holder) -> list[str]:
    holder.page.get_by_role("link", name=re.compile("^Recovery codes")).click()
    holder.press("Make ten codes")
    holder.heading("Your recovery codes")
    return holder.page.locator(".recovery-codes code").all_text_contents()


def type_code(holder: Holder, code: str) -> None:
    holder.heading("Use a recovery code")
    holder.page.fill("#id_code", code.lower())
    holder.press("Go on")


@WITH_SCRIPTS
def test_a_lost_phone_is_replaced_with_paper_alone(
    holder: Holder, clock: time_machine.Traveller
) -> None:
    """A code signs in; when a key is asked for again later, another code is enough."""
    holder.sign_in(make_key(holder.account, KeyKind.APP))
    codes = make_codes(holder)
    assert len(codes) == 10
    holder.look("recovery codes made")
    holder.follow("Back to my keys")
    holder.press("Sign out")
    holder.show_password()
    holder.follow("Use a recovery code")
    type_code(holder, codes[0])
    holder.heading("My keys")
    clock.shift(timedelta(minutes=6))
    holder.page.get_by_role("link", name=re.compile("^Replace")).click()
    holder.heading("Show your key")
    holder.look("show the key again, with paper")
    holder.press("Use a recovery code")
    holder.look("paper in the place of a key")
    type_code(holder, codes[0])
    holder.reads("This code was used already. Type another one of the sheet.")
    type_code(holder, codes[1])
    holder.heading("Replace a key")
    assert RecoveryCode.objects.exclude(used_at=None).count() == 2


@BARE
def test_what_was_typed_before_a_code_was_asked_for_is_not_typed_again(
    holder: Holder, clock: time_machine.Traveller
) -> None:
    holder.sign_in(make_key(holder.account, KeyKind.APP))
    codes = make_codes(holder)
    holder.open("add_destination", KeyKind.SMS)
    holder.page.fill("#id_mobile", MOBILE)
    clock.shift(timedelta(minutes=6))
    holder.press("Go on")
    holder.heading("Show your key")
    holder.press("Use a recovery code")
    type_code(holder, codes[0])
    expect(holder.page.get_by_label("The six digits")).to_be_visible()


@WITH_SCRIPTS
def test_who_has_no_key_any_more_is_led_to_the_paper(holder: Holder) -> None:
    holder.sign_in(make_key(holder.account, KeyKind.APP))
    codes = make_codes(holder)
    holder.follow("Back to my keys")
    holder.press("Sign out")
    holder.look("sign in")
    holder.show_password()
    holder.follow("I do not have this key any more")
    holder.look("no key, with paper")
    holder.follow("Use a recovery code")
    type_code(holder, codes[5])
    holder.heading("My keys")

"""A new password on the holder's own pages, on a phone."""

import pytest
from playwright.sync_api import expect

from activation.enums import KeyKind
from activation.models import KeyHolder
from tests.activation.helpers import GOOD_PASSWORD
from tests.activation.holder.helpers import make_key
from tests.browser.chromium import IN_CHROMIUM
from tests.browser.walks.people import BARE, WITH_SCRIPTS, Holder

NEW = "zeven natte groene kikkers"

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]


def at_the_change(holder: Holder) -> None:
    holder.sign_in(make_key(holder.account, KeyKind.APP))
    holder.follow("Change my password")
    holder.heading("Change my password")


@WITH_SCRIPTS
def test_it_is_judged_and_shown_while_it_is_typed(holder: Holder) -> None:
    at_the_change(holder)
    page = holder.page
    present, field = page.locator("#id_present"), page.locator("#id_password")
    sentence = page.locator("[data-sentence]")
    with page.expect_response("**/common-passwords.txt"):
        field.focus()
    for typed, advice in (
        ("kort", "8 more characters."),
        ("peter.janssens", "easy to guess"),
        (NEW, "This is a very good password."),
    ):
        field.fill(typed)
        expect(sentence).to_contain_text(advice)
    present.fill("not my password")
    page.get_by_role("button", name="Show both passwords").click()
    for shown in (present, field):
        expect(shown).to_have_attribute("type", "text")
    page.get_by_role("button", name="Hide both passwords").click()
    holder.look("change password")
    holder.press("Save")
    expect(present).to_be_focused()
    expect(present).to_have_accessible_description("This is not your present password.")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    holder.look("present password wrong")
    present.fill(GOOD_PASSWORD)
    holder.press("Save")
    holder.reads("Your password is changed.")
    assert KeyHolder.objects.get().check_password(NEW)


@BARE
def test_without_a_script_it_is_typed_twice(holder: Holder) -> None:
    at_the_change(holder)
    page = holder.page
    page.fill("#id_present", GOOD_PASSWORD)
    page.fill("#id_password", NEW)
    page.fill("#id_password_again", "zeven natte groene krekels")
    holder.press("Save")
    expect(page.locator("#id_password_error")).to_have_text(
        "The two passwords are not the same."
    )
    expect(page.locator("#id_password")).to_be_focused()
    page.fill("#id_present", GOOD_PASSWORD)
    holder.type_password(NEW)
    holder.press("Save")
    holder.reads("Your password is changed.")

"""Links that are unknown, used or replaced, two devices, and a long pause.

Each page says the right next step. Expired links and locked codes are in
test_wrong_turns.
"""

from dataclasses import replace

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Browser, expect

from activation.codes import links
from activation.codes.activation_code import code_text
from activation.codes.reissuing import reissue_code
from activation.enums import CodeState, KeyKind, ReissueReason
from activation.models import ActivationCode
from counter.models import Office
from notifications.enums import Kind
from notifications.models import Delivery
from tests.activation.helpers import digits_of, path
from tests.browser.chromium import IN_CHROMIUM
from tests.browser.walks.people import BARE, WITH_SCRIPTS, Applicant

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def open_today(office: Office) -> None:
    today = timezone.localdate().weekday()
    office.hours.create(weekday=today, opens="00:00", closes="23:59:59")


def ends_here(person: Applicant) -> None:
    """Check the page, which is the same for every reason: nobody learns which exist."""
    person.heading("This link no longer works")
    person.reads("Open now, until 23.59")
    person.reads("A new application costs 10 euros.")
    person.reads("Questions? Call 016 27 27 27.")


def test_a_link_that_a_mail_program_cut_off(person: Applicant) -> None:
    token = links.token(person.code)
    for cut in (token[:50], "A" * 64):
        person.goto(path("open_link", cut))
        ends_here(person)
        person.reads("Did you copy the link? Then look if it is complete")
    person.goto(path("open_link", token))
    person.heading("Type your code")


@WITH_SCRIPTS
def test_a_link_that_was_used(person: Applicant) -> None:
    person.come_to_the_choice()
    person.confirm(digits_of(person.choose(KeyKind.APP)))
    person.heading("Your key is active")
    person.open_link()
    ends_here(person)
    person.reads("Did you activate your key already? Then you are ready.")
    person.look("link used")
    person.follow("My digital keys")
    person.heading("Sign in to my keys")


@BARE
def test_a_link_that_was_replaced(person: Applicant) -> None:
    """The paper was lost and the code replaced: only the newest mail's link works."""
    old, dossier = person.code, person.code.dossier
    person.open_link()
    person.code = reissue_code(
        dossier=dossier,
        clerk=old.issued_by,
        reason=ReissueReason.SHEET_LOST,
        code_id=old.pk,
        document_seen=True,
        at=timezone.now(),
    )
    person.type_code(person.text)  # the page was open meanwhile
    ends_here(person)
    person.goto(path("open_link", links.token(old)))
    ends_here(person)
    person.reads("Did you get a newer e-mail from us? Then open the link in the newest")
    person.text = code_text(person.code)
    person.come_to_the_choice()
    person.heading("Choose your key")


@BARE
def test_another_device_was_first(person: Applicant, browser: Browser) -> None:
    person.come_to_the_choice()
    late = digits_of(person.choose(KeyKind.EMAIL))
    tablet = browser.new_context(java_script_enabled=person.scripts)
    other = replace(person, page=tablet.new_page())
    other.open_link()
    other.type_code(other.text)  # goes on where the first device is
    other.follow("Choose another key")
    other.confirm(digits_of(other.choose(KeyKind.APP)))
    other.heading("Your key is active")
    tablet.close()
    person.confirm(late)
    person.heading("A key is active already")
    person.reads("Was it you? Then you are ready.")
    person.reads("Was it not you? Call us at once: 016 27 27 27.")
    person.look("another device was first")


@WITH_SCRIPTS
def test_two_tabs(person: Applicant) -> None:
    """The second tab shows the same page as the first."""
    person.come_to_the_choice()
    key = person.choose(KeyKind.APP)
    tab = replace(person, page=person.page.context.new_page())
    tab.goto(path("confirm_key"))
    tab.confirm(digits_of(key))
    tab.heading("Your key is active")
    person.confirm(digits_of(key))
    person.heading("Your key is active")


@BARE
def test_a_long_pause(person: Applicant, clock: time_machine.Traveller) -> None:
    """After typing the code once more, the person goes on where they were."""
    person.come_to_the_choice()
    key = person.choose(KeyKind.EMAIL)
    late = digits_of(key)
    clock.shift(61 * 60)
    person.confirm(late)
    expect(person.page.get_by_role("status").first).to_contain_text(
        "type your code again: then you go on where you were"
    )
    person.look("long pause")
    person.type_code(person.text)
    person.reads("You go on where you were")
    person.follow("Choose another key")
    person.confirm(digits_of(person.choose(KeyKind.APP)))
    person.heading("Your key is active")


@BARE
def test_did_not_ask_for_this_said_on_the_page(person: Applicant) -> None:
    person.open_link()
    person.page.locator("summary", has_text="I did not ask for this").click()
    person.follow("I did not ask for this")
    person.heading("You did not ask for this?")
    person.page.locator("label[for=id_sure]").click()
    person.press("Stop this code")
    person.heading("The code is stopped")
    person.reads("Open now, until 23.59")
    assert ActivationCode.objects.get().state == CodeState.FROZEN
    assert Delivery.objects.filter(kind=Kind.NOT_MINE).count() == 1

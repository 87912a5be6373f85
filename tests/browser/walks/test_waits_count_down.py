"""Somebody who has to wait sees the time count down and reads what to press then.

A screen reader announces the end of the wait once.
"""

import re

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import expect

from activation.enums import KeyKind
from activation.web import throttling
from tests.activation.helpers import MOBILE
from tests.browser.chromium import IN_CHROMIUM
from tests.browser.walks.people import BARE, WITH_SCRIPTS, Applicant

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]

NOW = "You can press “Send a new code” now."


def ask_too_soon(person: Applicant) -> None:
    person.come_to_the_choice()
    person.choose_kind(KeyKind.SMS)
    person.page.fill("#id_mobile", MOBILE)
    person.press("Send me the digits")
    person.press("Send a new code")


@WITH_SCRIPTS
def test_the_seconds_go_by(person: Applicant, clock: time_machine.Traveller) -> None:
    person.page.clock.install()
    ask_too_soon(person)
    alert = person.page.locator(".alert-warning[role=status]")
    expect(alert).to_contain_text(re.compile("Wait [23].? seconds and then press"))
    person.look("wait to ask again")
    person.page.clock.fast_forward(20_000)
    expect(alert).to_contain_text(re.compile("Wait ([1-9]|10) seconds? and then"))
    expect(alert.locator("[data-wait] [role=status]")).to_be_empty()
    person.page.clock.fast_forward(15_000)
    expect(alert).to_have_text(NOW)
    expect(alert.get_by_role("timer")).to_have_count(0)
    person.look("waited to ask again")


@WITH_SCRIPTS
def test_in_each_language_it_counts_as_the_page_speaks(
    person: Applicant, clock: time_machine.Traveller
) -> None:
    person.page.clock.install()
    ask_too_soon(person)
    for language, words in (
        ("nl", "Wacht {} en druk dan op “Stuur een nieuwe code”."),
        ("fr", "Attendez {}, puis appuyez sur « Envoyer un nouveau code »."),
        ("de", "Warten Sie {} und drücken Sie dann auf „Neuen Code senden“."),
    ):
        person.page.locator(f"a[lang={language}]").first.click()
        before, after = (re.escape(part) for part in words.split("{}"))
        time = r"\d+\s(seconden|secondes|Sekunden)"
        person.reads(re.compile(f"{before}{time}{after}".replace(r"\ ", r"\s")))
        person.page.clock.fast_forward(1_000)
        person.reads(re.compile(f"{before}{time}{after}".replace(r"\ ", r"\s")))


@WITH_SCRIPTS
@pytest.mark.parametrize("name", ["contact", "report_page"])
def test_at_a_message_to_the_office(
    person: Applicant, clock: time_machine.Traveller, name: str
) -> None:
    """A network that sent all messages that an hour allows waits for the next hour."""
    person.page.clock.install()
    clock.move_to(timezone.now().replace(minute=50, second=0))
    for _turn in range(throttling.MESSAGES_AN_HOUR):
        throttling.count_message(address="127.0.0.1", at=timezone.now())
    with translation.override("en"):
        person.goto(reverse(f"activation_public:{name}"))
    person.page.fill("#id_text", "When are you open?")
    if name == "contact":
        person.page.fill("#id_email", "an@example.org")
    clock.shift(10)
    person.press("Send")
    person.reads("Wait 10 minutes and then press “Send”. Or call us.")
    person.look(f"wait to send {name}")
    person.page.clock.fast_forward(10 * 60_000)
    person.reads("You can press “Send” now. Or call us.")


@WITH_SCRIPTS
def test_after_twelve_hours_no_more_time_is_promised(
    person: Applicant, clock: time_machine.Traveller
) -> None:
    """The button goes with the last time that it can give, and so does its reminder."""
    person.page.clock.install()
    person.come_to_the_choice()
    form = person.page.locator("form[data-waiting]")
    spoken = form.locator("[role=status]")
    for hour in range(12):
        expect(spoken).to_be_empty()
        person.page.clock.fast_forward(56 * 60_000)
        clock.shift(56 * 60)
        expect(spoken).to_contain_text("Do you need more time? Press the button.")
        form.get_by_role("button", name="I need more time").click()
        expect(spoken).to_have_text("You have more time.")
        if hour == 11:
            break
        person.page.reload()
    expect(form.get_by_role("button")).to_have_count(0)
    expect(form.locator("[data-until]")).to_be_focused()
    person.look("no more time to ask for")
    person.page.clock.fast_forward(44 * 60_000)
    expect(spoken).to_have_text("This page waits for five more minutes.")


@BARE
def test_without_a_script_the_sentence_is_right_as_it_came(
    person: Applicant, clock: time_machine.Traveller
) -> None:
    ask_too_soon(person)
    person.reads(re.compile("Wait [23].? seconds and then press “Send a new code”."))
    clock.shift(31)
    person.press("Send a new code")
    person.reads("We sent you a new code.")

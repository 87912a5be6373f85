"""Two links in one browser: of a couple on one tablet, or somebody's old and new link.

A form belongs to the link that it was shown for, and not to the link opened last.
"""

import itertools
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from activation.enums import CodeState, KeyState
from activation.journey.times import PAGE_WAITS
from activation.models import ActivationCode, DigitalKey
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.codes.couple import Person, couple
from tests.activation.helpers import link, wrong
from tests.activation.tabs import Tab

__all__ = ["couple"]


@pytest.mark.parametrize("first", [0, 1])
def test_each_code_goes_to_its_own_link_whichever_was_opened_last(
    couple: tuple[Person, Person], first: int
) -> None:
    for person in couple:
        person.open()
    for person in (couple[first], couple[1 - first]):
        person.type_code()
        assert "Choose a user name" in person.tab.text
    assert [person.attempts for person in couple] == [0, 0]


def test_a_wrong_code_costs_who_typed_it_and_nobody_else(
    couple: tuple[Person, Person],
) -> None:
    one, two = couple
    one.open()
    two.open()
    one.tab.send(code=wrong(one.text))
    assert "You can try 4 more times" in one.tab.text
    assert (one.attempts, two.attempts) == (1, 0)
    for _turn in range(4):
        one.tab.send(code=wrong(one.text))
    assert "This code is locked" in one.tab.text
    two.type_code()
    assert "Choose a user name" in two.tab.text
    assert "This code is locked" in one.tab.reload().text


def interleavings() -> list[tuple[int, ...]]:
    """Ten orders in which two people (0 and 1) do five steps each: mixed, by turns."""
    every = [
        tuple(int(turn not in first) for turn in range(10))
        for first in itertools.combinations(range(10), 5)
    ]
    return [*every[::32], (0, 1) * 5, (1, 0) * 5]


@pytest.mark.parametrize("order", interleavings(), ids=str)
def test_both_get_their_own_key_in_whatever_order_they_go_on(
    couple: tuple[Person, Person], order: tuple[int, ...]
) -> None:
    steps = [iter(person.steps) for person in couple]
    with time_machine.travel(timezone.now(), tick=False):
        for turn in order:
            getattr(couple[turn], next(steps[turn]))()
            for person in couple:
                if person.tab.address:
                    before = person.tab.text
                    assert person.tab.reload().text == before  # the page stays the same
    for person in couple:
        assert "Your key is active" in person.tab.text
        assert person.user_name in person.tab.text
        key = DigitalKey.objects.get(code=person.code)
        assert (key.kind, key.state) == (person.kind, KeyState.ACTIVE)
        assert person.attempts == 0
        assert person.holder is not None
        assert person.holder.user_name == person.user_name


def test_when_one_s_time_is_over_the_other_goes_on(
    couple: tuple[Person, Person],
) -> None:
    one, two = couple
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for person in couple:
            person.open()
            person.type_code()
        for _turn in range(2):
            clock.shift(PAGE_WAITS * 3 / 5)
            two.tab.reload()
        one.choose_account()
        assert "type your code again" in one.tab.text
        assert [one.holder, two.holder] == [None, None]
        two.choose_account()
        assert "Choose your key" in two.tab.text
        one.type_code()
        one.choose_account()
    assert "Choose your key" in one.tab.text
    assert one.holder is not None
    assert one.holder.user_name == one.user_name


def test_when_one_is_done_the_other_s_forms_still_work(
    couple: tuple[Person, Person],
) -> None:
    one, two = couple
    for person in couple:
        person.open()
    two.type_code()
    for step in one.steps[1:]:
        getattr(one, step)()
    assert "Your key is active" in one.tab.text
    two.choose_account()
    assert "Choose your key" in two.tab.text
    assert "pj1985" in one.tab.reload().text
    one.tab.send()  # add a second key now
    assert "Add a key" in one.tab.text
    two.choose_kind()
    two.confirm()
    assert "Your key is active" in two.tab.text
    assert "anna" in two.tab.text
    assert DigitalKey.objects.filter(state=KeyState.ACTIVE).count() == 2


def test_not_asked_for_stops_the_code_of_its_own_link(
    couple: tuple[Person, Person],
) -> None:
    one, two = couple
    one.open()
    one.tab.click("I did not ask for this")
    two.open()
    two.type_code()
    one.tab.send(sure="on")
    assert "The code is stopped" in one.tab.text
    states = [ActivationCode.objects.get(pk=person.code.pk).state for person in couple]
    assert states == [CodeState.FROZEN, CodeState.LIVE]
    two.choose_account()
    assert "Choose your key" in two.tab.text


def test_new_digits_and_the_picture_are_of_the_tab_that_asks(
    couple: tuple[Person, Person],
) -> None:
    one, two = couple
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for step in one.steps[:-1]:
            for person in couple:
                getattr(person, step)()
        clock.shift(timedelta(minutes=1))
        one.tab.send(form=1)  # send a new code
        assert "We sent you a new code" in one.tab.text
        own = DigitalKey.objects.get(code=one.code).one_time_codes
        assert own.count() == 2
        picture = two.tab.page.split('<img src="')[2].split('"')[0]
        assert two.tab.browser.get(picture).status_code == 200
        assert str(DigitalKey.objects.get(code=two.code).pk) in picture
        one.confirm()
        two.confirm()
    assert "Your key is active" in one.tab.text
    assert "Your key is active" in two.tab.text


def test_an_old_link_s_page_does_not_use_up_the_new_code(
    dossier: Dossier, els: Clerk
) -> None:
    browser = Client()
    old, text = cast.make_code(dossier, els)
    tab = Tab(browser).go(link(old))
    ActivationCode.objects.update(state=CodeState.REPLACED, replaced_at=timezone.now())
    new, new_text = cast.make_code(dossier, els)
    newer = Tab(browser).go(link(new))
    for typed in (text, wrong(text), new_text):
        tab.send(code=typed) if tab.forms else tab.reload()
        assert "Then open the link in the newest e-mail" in tab.text
    assert ActivationCode.objects.get(pk=new.pk).attempts == 0
    assert "Choose a user name" in newer.send(code=new_text).text


def test_in_another_language_it_is_the_same_person_s_page(
    couple: tuple[Person, Person],
) -> None:
    one, two = couple
    one.open()
    two.open()
    one.tab.click("Nederlands")
    assert one.tab.address.startswith("/nl/a/?link=")
    one.type_code()
    assert "Kies een gebruikersnaam" in one.tab.text
    assert (one.attempts, two.attempts) == (0, 0)

"""Two links in one browser: a couple on one tablet, somebody's old and new link.

A form belongs to the link that it was shown for, whichever was opened last.
"""

import itertools
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from activation.enums import CodeState, KeyKind, KeyState
from activation.models import ActivationCode, DigitalKey, KeyHolder
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import (
    GOOD_PASSWORD,
    digits_of,
    link,
    path,
    wrong,
)
from tests.activation.tabs import Tab

OTHER_LINK = "Another link was opened in this browser"


@dataclass
class Person:
    """Somebody with a code on paper, and their tab."""

    code: ActivationCode
    text: str
    user_name: str
    kind: KeyKind
    tab: Tab

    def open(self) -> None:
        self.tab.go(link(self.code))

    def type_code(self) -> None:
        self.tab.send(code=self.text)

    def choose_account(self) -> None:
        self.tab.send(user_name=self.user_name, password=GOOD_PASSWORD)

    def choose_kind(self) -> None:
        self.tab.send(kind=self.kind)

    def confirm(self) -> None:
        key = DigitalKey.objects.get(code=self.code)
        self.tab.send(digits=digits_of(key))

    @property
    def steps(self) -> list[str]:
        return ["open", "type_code", "choose_account", "choose_kind", "confirm"]

    @property
    def attempts(self) -> int:
        return ActivationCode.objects.get(pk=self.code.pk).attempts

    @property
    def holder(self) -> KeyHolder | None:
        applicant = self.code.dossier.applicant_id
        return KeyHolder.objects.filter(applicant=applicant).first()


@pytest.fixture
def couple(dossier: Dossier, els: Clerk) -> tuple[Person, Person]:
    browser = Client()
    people = []
    anna = cast.make_applicant(cast.ANNA_NUMBER, first_names="Anna")
    theirs = cast.make_dossier(anna, els, email="anna@example.org")
    for of, name, kind in (
        (dossier, "pj1985", KeyKind.EMAIL),
        (theirs, "anna", KeyKind.APP),
    ):
        code, text = cast.make_code(of, els)
        people.append(Person(code, text, name, kind, Tab(browser)))
    return people[0], people[1]


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
    """Orders of two people's five steps each: one after the other, by turns, nested."""
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
                    assert person.tab.reload().text == before  # it stays its own
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
            clock.shift(timedelta(minutes=10))
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
        assert "Then open the link in the newest mail" in tab.text
    assert ActivationCode.objects.get(pk=new.pk).attempts == 0
    assert "Choose a user name" in newer.send(code=new_text).text


def test_a_form_whose_link_is_forgotten_is_refused_and_does_nothing(
    couple: tuple[Person, Person],
) -> None:
    one, two = couple
    one.open()
    one.tab.browser.cookies.clear()
    two.open()
    for typed in (one.text, two.text, wrong(one.text)):
        form = one.tab.forms[0] | {"code": typed}
        answer = one.tab.browser.post(path("enter_code"), form)
        assert answer.status_code == 403
        assert OTHER_LINK in answer.content.decode()
    assert [person.attempts for person in couple] == [0, 0]
    two.type_code()
    assert "Choose a user name" in two.tab.text


@pytest.mark.parametrize("step", ["choose_account", "choose_key", "enter_number"])
def test_a_later_form_whose_visit_is_forgotten_is_refused_too(
    couple: tuple[Person, Person], step: str
) -> None:
    one, two = couple
    one.open()
    one.type_code()
    one.choose_account()
    fields = one.tab.forms[0]
    one.tab.browser.cookies.clear()
    two.open()
    two.type_code()
    typed = {"user_name": "mallory", "password": GOOD_PASSWORD, "kind": "app"}
    answer = one.tab.browser.post(path(step), fields | typed, follow=True)
    assert answer.status_code == 403
    assert OTHER_LINK in answer.content.decode()
    assert two.holder is None
    assert not DigitalKey.objects.exists()


@pytest.mark.parametrize("named", [None, "", "0" * 22, "x" * 5000, "é", "\x00"])
def test_a_form_that_names_no_link_is_not_guessed_at(
    couple: tuple[Person, Person], named: str | None
) -> None:
    one, two = couple
    one.open()
    two.open()
    for name in ("enter_code", "not_mine", "choose_account", "choose_key"):
        form = {"code": two.text, "sure": "on"}
        form |= {} if named is None else {"link": named}
        answer = one.tab.browser.post(path(name), form, follow=True)
        assert answer.status_code == 403, name
        assert OTHER_LINK in answer.content.decode()
        assert one.tab.browser.get(path(name), follow=True).status_code == 403
    assert [person.attempts for person in couple] == [0, 0]
    assert not ActivationCode.objects.exclude(state=CodeState.LIVE).exists()


def test_another_browser_gains_nothing_by_a_link_s_name(
    couple: tuple[Person, Person],
) -> None:
    one, two = couple
    one.open()
    one.type_code()
    stranger = Tab(Client())
    assert stranger.go(one.tab.address).status == 403
    two.tab = Tab(Client())
    two.open()
    form = two.tab.forms[0] | {"link": one.tab.forms[0]["link"], "code": one.text}
    assert two.tab.browser.post(path("enter_code"), form).status_code == 403


def test_the_name_of_a_link_tells_neither_its_token_nor_its_row(
    couple: tuple[Person, Person],
) -> None:
    names = set()
    for person in couple:
        person.open()
        name = person.tab.forms[0]["link"]
        names.add(name)
        for secret in (person.code.pk.hex, str(person.code.pk), person.text):
            assert secret not in person.tab.page
        assert link(person.code).split("/")[-2] not in person.tab.address
        assert name in person.tab.address
    assert len(names) == 2


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


def test_every_form_of_the_way_names_its_link(couple: tuple[Person, Person]) -> None:
    one, _two = couple
    seen = set()
    for step in one.steps:
        getattr(one, step)()
        for fields in one.tab.forms:
            assert len(fields["link"]) == 22, one.tab.address
            seen.add(fields["link"])
    assert len(seen) == 1


def test_more_links_than_a_household_has_forget_the_oldest(
    couple: tuple[Person, Person], els: Clerk
) -> None:
    one, _two = couple
    one.open()
    for number in range(8):
        person = cast.make_applicant(f"{90_00_00_000_00 + number:011d}")  # generated
        mail = f"p{number}@example.org"
        code, _ = cast.make_code(cast.make_dossier(person, els, email=mail), els)
        one.tab.browser.get(link(code))
    one.tab.send(code=one.text)
    assert one.tab.status == 403
    assert OTHER_LINK in one.tab.text
    assert one.attempts == 0
    assert len(one.tab.browser.cookies["activation"].value) < 600

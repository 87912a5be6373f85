"""Each form belongs to a link: what happens when the browser forgot that link."""

import pytest
from django.test import Client

from activation.enums import CodeState
from activation.models import ActivationCode, DigitalKey
from counter.models import Clerk
from tests import cast
from tests.activation.codes.couple import Person, couple
from tests.activation.helpers import GOOD_PASSWORD, link, path, wrong
from tests.activation.tabs import Tab

__all__ = ["couple"]


OTHER_LINK = "Another link was opened in this browser"


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

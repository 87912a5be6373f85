"""Two holders in one browser: a form does nothing to the account of the other."""

from dataclasses import dataclass

import pytest
from django.test import Client

from activation.enums import KeyKind, KeyState
from activation.models import (
    DigitalKey,
    HolderChange,
    KeyHolder,
    OneTimeCode,
    SignInCount,
)
from counter.models import Clerk
from tests.activation.helpers import GOOD_PASSWORD
from tests.activation.holder.helpers import fresh, make_anna, make_key, path
from tests.activation.tabs import Tab

REFUSED = "That page belonged to another account"
PAGES = {
    "change_password": {
        "present": GOOD_PASSWORD,
        "password": "vijf groene stille paarden",
        "password_again": "vijf groene stille paarden",
    },
    "change_email": {"email": "somebody@example.net"},
    "change_language": {"language": "de"},
    "add_key": {"kind": "app"},
}


@dataclass
class Person:
    key: DigitalKey
    tab: Tab

    @property
    def name(self) -> str:
        return self.key.holder.user_name

    def show_password(self) -> None:
        sign_in = self.tab.go(path("sign_in"))
        sign_in.send(user_name=self.name, password=GOOD_PASSWORD)

    def sign_in(self) -> None:
        """In a tab of their own; whoever was signed in there is signed out first."""
        other = Tab(self.tab.browser).go(path("overview"))
        if "You are signed in as" in other.text:
            other.send()
        self.show_password()
        self.tab.send(digits=fresh(self.key))
        assert f"You are signed in as {self.name}" in self.tab.text


@pytest.fixture
def couple(app: DigitalKey, els: Clerk) -> tuple[Person, Person]:
    anna = make_anna(els, email="anna@example.org")
    make_key(anna, KeyKind.SMS)
    browser = Client()
    return (
        Person(app, Tab(browser)),
        Person(make_key(anna, KeyKind.APP), Tab(browser)),
    )


def accounts() -> list[object]:
    """The state of all accounts, to see whether a form changed anything."""
    return [
        *KeyHolder.objects.order_by("pk").values_list(),
        *DigitalKey.objects.order_by("pk").values_list("pk", "state", "name"),
        *HolderChange.objects.exclude(act="new_device").values_list("pk"),
        *OneTimeCode.objects.values_list("pk", "attempts"),
        *SignInCount.objects.order_by("pk").values_list("pk", "failures"),
    ]


@pytest.mark.parametrize("name", PAGES)
def test_a_form_of_the_first_does_nothing_to_the_second(
    couple: tuple[Person, Person], name: str
) -> None:
    one, two = couple
    one.sign_in()
    one.tab.go(path(name))
    form = next(n for n, fields in enumerate(one.tab.forms) if "account" in fields)
    two.sign_in()
    before = accounts()
    one.tab.send(form=form, **PAGES[name])
    assert REFUSED in one.tab.text
    assert accounts() == before
    assert f"You are signed in as {two.name}" in two.tab.reload().text


def test_a_key_is_neither_renamed_nor_revoked_from_another_s_page(
    couple: tuple[Person, Person],
) -> None:
    one, two = couple
    one.sign_in()
    pages = [Tab(one.tab.browser).go(path(name, one.key.pk)) for name in KEY_PAGES]
    two.sign_in()
    before = accounts()
    for tab in pages:
        tab.send(name="mine", digits=fresh(two.key), mobile="0470 12 34 56")
        assert REFUSED in tab.text
    assert accounts() == before
    assert DigitalKey.objects.filter(state=KeyState.ACTIVE).count() == 3


KEY_PAGES = ("rename_key", "revoke_key", "replace_key")


def test_neither_signs_the_other_out(couple: tuple[Person, Person]) -> None:
    one, two = couple
    one.sign_in()
    two.sign_in()
    for form in range(2):  # sign out; sign out everywhere
        tab = Tab(one.tab.browser)
        tab.address, tab.page = one.tab.address, one.tab.page
        assert REFUSED in tab.send(form=form).text
        assert f"You are signed in as {two.name}" in two.tab.reload().text


def test_digits_of_the_first_cost_the_second_no_try(
    couple: tuple[Person, Person],
) -> None:
    one, two = couple
    one.show_password()
    two.show_password()
    before = accounts()
    one.tab.send(digits=fresh(one.key))
    assert REFUSED in one.tab.text
    assert accounts() == before
    two.tab.send(digits=fresh(two.key))
    assert f"You are signed in as {two.name}" in two.tab.text


def test_a_recovery_of_the_first_costs_the_second_no_try(
    couple: tuple[Person, Person],
) -> None:
    one, two = couple
    one.tab.go(path("forgotten")).send(name=one.name)
    two.tab.go(path("forgotten")).send(name=two.name)
    before = accounts()
    one.tab.send(digits="123456")
    assert REFUSED in one.tab.text
    assert accounts() == before


def test_a_recovery_of_nobody_answers_like_any_other(
    couple: tuple[Person, Person],
) -> None:
    one, two = couple
    one.tab.go(path("forgotten")).send(name="nobody@example.org")
    assert len(one.tab.forms[0]["account"]) == 22
    two.tab.go(path("forgotten")).send(name=two.name)
    assert REFUSED in one.tab.send(digits="123456").text


def test_who_signs_in_under_another_name_is_told_who_is_there(
    couple: tuple[Person, Person],
) -> None:
    one, two = couple
    one.tab.go(path("sign_in"))
    two.sign_in()
    one.tab.send(user_name=one.name, password=GOOD_PASSWORD)
    assert f"Somebody is signed in here already, as {two.name}" in one.tab.text
    two.tab.go(path("sign_in"))
    assert "Somebody is signed in" not in two.tab.text


def test_signed_in_again_as_the_same_person_the_forms_still_work(
    couple: tuple[Person, Person],
) -> None:
    one, _two = couple
    one.sign_in()
    page = Tab(one.tab.browser).go(path("change_language"))
    one.tab.go(path("overview")).send()  # sign out
    one.sign_in()
    assert "Saved" in page.send(language="de").text


def test_every_form_of_the_holder_names_its_account(
    couple: tuple[Person, Person],
) -> None:
    one, _two = couple
    one.show_password()
    seen = {fields["account"] for fields in one.tab.forms}
    one.sign_in()
    addresses = [path("overview"), path("add_destination", "sms")]
    addresses += [path(page) for page in PAGES]
    addresses += [path(page, one.key.pk) for page in KEY_PAGES]
    for address in addresses:
        tab = Tab(one.tab.browser).go(address)
        assert tab.forms, address
        seen |= {fields["account"] for fields in tab.forms}
    assert len(seen) == 1
    assert str(one.key.holder_id) not in one.tab.page

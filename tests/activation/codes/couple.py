"""A couple with two links in one browser."""

from dataclasses import dataclass

import pytest
from django.test import Client

from activation.enums import KeyKind
from activation.models import ActivationCode, DigitalKey, KeyHolder
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import GOOD_PASSWORD, digits_of, link
from tests.activation.tabs import Tab


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

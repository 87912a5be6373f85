"""Whoever chooses only an e-mail as key is warned about a lost password, twice.

The page on which the key is chosen has the first warning, the last page the second.
"""

import pytest
from django.test import Client

from activation.enums import KeyKind
from activation.models import ActivationCode
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import (
    choose_key,
    digits_of,
    path,
    text_of,
    type_code,
)
from tests.activation.holder.helpers import make_holder, make_key
from tests.activation.journey.going_on import begun, code_and_text

__all__ = ["begun", "code_and_text"]

BEFORE = "this key alone does not help"
AFTER = "Your only key is an e-mail"


def page_of(browser: Client, name: str) -> str:
    return text_of(browser.get(path(name)).content)


def activate(browser: Client, kind: KeyKind) -> None:
    key = choose_key(browser, kind)
    form = {"key": key.pk, "digits": digits_of(key)}
    assert browser.post(path("confirm_key"), form).status_code == 303


@pytest.mark.parametrize(("kind", "is_told"), [("email", True), ("app", False)])
def test_it_is_said_at_the_choice_and_on_the_last_page(
    begun: Client, kind: KeyKind, *, is_told: bool
) -> None:
    assert BEFORE in page_of(begun, "choose_key")
    activate(begun, KeyKind(kind))
    last = page_of(begun, "done")
    assert (AFTER in last) is is_told
    assert "Add a second key now" in last


@pytest.mark.parametrize(
    ("address", "is_told"),
    [("", False), ("other@example.net", False), ("Pe.ter+x@example.org", True)],
    ids=["an app", "another mailbox", "the same mailbox"],
)
def test_who_has_another_key_that_helps_is_not_frightened(
    client: Client, dossier: Dossier, els: Clerk, address: str, *, is_told: bool
) -> None:
    kind = KeyKind.EMAIL if address else KeyKind.APP
    make_key(make_holder(dossier, els), kind, destination=address)
    again = cast.make_dossier(dossier.applicant, els)
    code: ActivationCode
    code, text = cast.make_code(again, els)
    type_code(client, code, text)
    client.get(path("choose_account"))
    assert BEFORE not in page_of(client, "choose_key")
    activate(client, KeyKind.EMAIL)
    assert (AFTER in page_of(client, "done")) is is_told

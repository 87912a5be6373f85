"""Going back a step: the page still has what was chosen and typed there."""

import re
from html import unescape

import pytest
from django.test import Client

from activation.enums import KeyKind, KeyState
from activation.models import DigitalKey, KeyHolder
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import (
    GOOD_PASSWORD,
    MOBILE,
    choose_account,
    choose_key,
    digits_of,
    path,
    type_code,
    without_link,
)
from tests.activation.holder.helpers import make_holder, make_key


@pytest.fixture
def visitor(client: Client, dossier: Dossier, els: Clerk) -> Client:
    type_code(client, *cast.make_code(dossier, els))
    choose_account(client, "pj1985")
    return client


def back_from(client: Client, address: str) -> str:
    page = client.get(address).content.decode()
    link = re.search(r'class="step-back"><a href="([^"]+)">Back<', page)
    return without_link(unescape(link[1])) if link else ""


def ticked_kinds(client: Client, address: str) -> list[str]:
    page = client.get(address).content.decode()
    return re.findall(r'value="(\w+)" id="kind_\w+" checked', page)


def test_from_the_digits_of_a_message_to_the_number(visitor: Client) -> None:
    choose_key(visitor, "sms")
    number = back_from(visitor, path("confirm_key"))
    assert number == path("enter_number")
    assert f'value="{MOBILE}"' in visitor.get(number).content.decode()
    kinds = back_from(visitor, number)
    assert kinds.startswith(path("choose_key"))
    assert ticked_kinds(visitor, kinds) == ["sms"]
    assert back_from(visitor, kinds) == path("choose_account")


@pytest.mark.parametrize("kind", ["app", "email"])
def test_from_the_digits_to_the_kind_that_was_chosen(
    visitor: Client, kind: str
) -> None:
    choose_key(visitor, kind)
    kinds = back_from(visitor, path("confirm_key"))
    assert kinds == path("choose_key")
    assert ticked_kinds(visitor, kinds) == [kind]


def test_from_a_number_that_was_not_sent_yet(visitor: Client) -> None:
    visitor.post(path("choose_key"), {"kind": "sms"})
    assert ticked_kinds(visitor, back_from(visitor, path("enter_number"))) == ["sms"]


def test_a_number_is_kept_while_another_kind_is_tried(visitor: Client) -> None:
    choose_key(visitor, "sms")
    choose_key(visitor, "app")
    assert ticked_kinds(visitor, path("choose_key")) == ["app"]
    assert f'value="{MOBILE}"' in visitor.get(path("enter_number")).content.decode()


def test_an_invented_kind_is_none(visitor: Client) -> None:
    for kind in ("itsme", "%00", "<b>"):
        assert ticked_kinds(visitor, f"{path('choose_key')}?kind={kind}") == ["app"]


def test_to_the_account_and_on_again_without_typing_it_again(visitor: Client) -> None:
    before = KeyHolder.objects.get().password
    account = back_from(visitor, path("choose_key"))
    page = visitor.get(account).content.decode()
    assert account == path("choose_account")
    assert 'value="pj1985"' in page
    assert GOOD_PASSWORD not in page
    assert re.search(
        rf'href="{path("choose_key")}\?link=\w+">Keep what I chose before<', page
    )
    assert visitor.get(path("choose_key")).status_code == 200
    assert KeyHolder.objects.get().password == before


def test_the_first_time_there_is_nothing_to_keep(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    type_code(client, *cast.make_code(dossier, els))
    page = client.get(path("choose_account")).content.decode()
    assert "Keep what I chose before" not in page
    assert not back_from(client, path("choose_account"))


def test_digits_are_never_kept(visitor: Client) -> None:
    key = choose_key(visitor, "email")
    digits = digits_of(key)
    visitor.post(path("confirm_key"), {"key": key.pk, "digits": f"{digits}0"})
    assert digits not in visitor.get(path("confirm_key")).content.decode()
    assert DigitalKey.objects.get().state == KeyState.PENDING


def test_who_has_an_account_comes_back_to_its_name(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    make_key(make_holder(dossier, els), KeyKind.SMS)
    again = cast.make_dossier(dossier.applicant, els)
    type_code(client, *cast.make_code(again, els))
    account = back_from(client, path("choose_key"))
    assert "peter.janssens" in client.get(account).content.decode()

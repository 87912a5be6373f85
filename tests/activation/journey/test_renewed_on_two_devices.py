"""A forgotten password is renewed on one device while another device goes on."""

from collections.abc import Callable

import pytest
from django.test import Client

from activation.enums import KeyKind, KeyState
from activation.models import DigitalKey
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import digits_of, link
from tests.activation.holder.helpers import make_holder, make_key
from tests.activation.journey.devices import OTHER_PASSWORD, is_password
from tests.activation.tabs import Tab


@pytest.fixture
def known(dossier: Dossier, els: Clerk) -> Callable[[], Tab]:
    """Each call returns a device on which somebody with an account typed a new code."""
    make_key(make_holder(dossier, els), KeyKind.SMS)
    again = cast.make_dossier(dossier.applicant, els)
    code, text = cast.make_code(again, els)
    return lambda: Tab(Client()).go(link(code)).send(code=text)


def renew(tab: Tab, password: str) -> Tab:
    return tab.send(password=password, password_again=password)


def test_a_forgotten_password_is_renewed_on_one_device(
    known: Callable[[], Tab],
) -> None:
    one, two = (known().click("I forgot my password") for _ in range(2))
    assert "Your new password counts" in renew(one, "vijf groene stille paarden").text
    renew(two, OTHER_PASSWORD)
    assert two.status == 409
    assert "Meanwhile a new password was chosen" in two.text
    assert is_password("vijf groene stille paarden")
    assert "We remember the password that you typed here." in two.text
    assert "Your new password counts" in renew(two, "").text
    assert is_password(OTHER_PASSWORD)
    one.send(kind="app")
    assert "Meanwhile the password of this account was changed" in one.text
    one.click("I know my password: go on")
    assert "Choose your key" in one.text


def test_who_knows_the_password_is_told_that_it_was_changed(
    known: Callable[[], Tab],
) -> None:
    one, two = known(), known()
    one.click("I know my password: go on").send(kind="app")
    renew(two.click("I forgot my password"), OTHER_PASSWORD)
    key = DigitalKey.objects.get(state=KeyState.PENDING)
    one.send(digits=digits_of(key))
    assert "Meanwhile the password of this account was changed" in one.text
    key.refresh_from_db()
    assert key.state == KeyState.PENDING

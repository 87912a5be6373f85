"""The answer to a form is lost on its way, and the same form is sent once more."""

from copy import deepcopy

import pytest
from django.test import Client

from activation.enums import KeyKind, KeyState
from activation.models import ActivationCode, DigitalKey, KeyHolder
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import GOOD_PASSWORD, digits_of, leads_to, link, path
from tests.activation.holder.helpers import make_holder, make_key
from tests.activation.journey.devices import choose, code_and_text
from tests.activation.tabs import Tab

__all__ = ["code_and_text"]


class PoorNetwork(Tab):
    """A tab that loses the first answer to a form, cookies too, and sends it again."""

    def send(self, form: int = 0, **typed: object) -> "PoorNetwork":
        cookies = deepcopy(self.browser.cookies)
        at, page = self.address, self.page
        super().send(form, **typed)
        self.browser.cookies, self.address, self.page = cookies, at, page
        super().send(form, **typed)
        return self


@pytest.fixture
def tab(code_and_text: tuple[ActivationCode, str]) -> PoorNetwork:
    """A tab in which the code was typed, at the page that chooses an account."""
    code, text = code_and_text
    return PoorNetwork(Client()).go(link(code)).send(code=text)


@pytest.mark.parametrize("kind", ["app", "email"])
def test_the_whole_way_leads_to_the_key(tab: PoorNetwork, kind: str) -> None:
    choose(tab, "peter.janssens", GOOD_PASSWORD)
    assert tab.status == 200
    tab.send(kind=kind)
    assert tab.status == 200
    key = DigitalKey.objects.get(state=KeyState.PENDING)
    tab.send(digits=digits_of(key))
    assert "Your key is active" in tab.text
    assert KeyHolder.objects.count() == DigitalKey.objects.count() == 1


def test_every_page_of_the_way_leads_to_the_key_that_became_active(
    tab: PoorNetwork,
) -> None:
    choose(tab, "peter.janssens", GOOD_PASSWORD).send(kind="app")
    before = deepcopy(tab.browser.cookies)
    tab.send(digits=digits_of(DigitalKey.objects.get()))
    tab.browser.cookies = before
    for page in ("enter_code", "choose_account", "choose_key", "confirm_key"):
        assert leads_to(tab.browser.get(path(page))) == path("done")


def test_a_password_that_was_renewed_is_not_refused(
    dossier: Dossier, els: Clerk
) -> None:
    make_key(make_holder(dossier, els), KeyKind.SMS)
    code, text = cast.make_code(cast.make_dossier(dossier.applicant, els), els)
    tab = PoorNetwork(Client()).go(link(code)).send(code=text)
    tab.click("I forgot my password")
    tab.send(password="vijf groene stille paarden")
    assert tab.status == 200
    assert "Your new password counts" in tab.text


def test_a_code_that_was_stopped_is_said_to_be_stopped(
    code_and_text: tuple[ActivationCode, str],
) -> None:
    code, _text = code_and_text
    tab = PoorNetwork(Client()).go(link(code))
    tab.go(path("not_mine")).send(sure="on")
    assert "The code is stopped" in tab.text

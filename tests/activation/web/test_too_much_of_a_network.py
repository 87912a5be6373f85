"""A network, such as a library's, that sends too much in a minute has to wait.

The page that says so has a button that sends the same form again.
"""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any, override

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from activation.exceptions import TooManyRequestsError
from activation.models import ActivationCode, DigitalKey, KeyHolder, OneTimeCode
from activation.one_time.digits import one_time_text
from activation.web.throttling import A_MINUTE, count_request
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import GOOD_PASSWORD, link
from tests.activation.helpers import path as way
from tests.activation.holder.conftest import app, holder
from tests.activation.holder.helpers import USER_NAME, path, show_password, sign_in
from tests.activation.tabs import Tab

__all__ = ["app", "holder"]

NEW_PASSWORD = "vijf groene stille paarden"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def code_and_text(dossier: Dossier, els: Clerk) -> tuple[ActivationCode, str]:
    return cast.make_code(dossier, els)


@pytest.fixture
def at_the_code(
    clock: time_machine.Traveller, code_and_text: tuple[ActivationCode, str]
) -> Tab:
    return Tab(Client()).go(link(code_and_text[0]))


@pytest.fixture
def at_the_account(at_the_code: Tab, code_and_text: tuple[ActivationCode, str]) -> Tab:
    return at_the_code.send(code=code_and_text[1])


@pytest.fixture
def own(clock: time_machine.Traveller, app: DigitalKey) -> Callable[[str], Tab]:
    """A function that opens a page, by its name, for a holder who is signed in."""
    client = Client()
    sign_in(client, app)
    return lambda page: Tab(client).go(path(page))


def flood() -> None:
    """Use up what this network may send in this minute."""
    for _turn in range(A_MINUTE):
        with suppress(TooManyRequestsError):
            count_request(address="127.0.0.1", at=timezone.now())


def send_in_a_flood(tab: Tab, **typed: str) -> Tab:
    flood()
    tab.send(0, **typed)
    assert tab.status == 429
    assert "Nothing was lost" in tab.text
    return tab


def test_the_code_of_the_paper(
    at_the_code: Tab,
    code_and_text: tuple[ActivationCode, str],
    clock: time_machine.Traveller,
) -> None:
    send_in_a_flood(at_the_code, code=code_and_text[1])
    clock.shift(MINUTE)
    assert "Choose a user name" in at_the_code.send().text


def test_a_name_and_a_password(
    at_the_account: Tab, clock: time_machine.Traveller
) -> None:
    """Pressing the button too soon loses nothing; the password is not on the page."""
    tab = at_the_account
    send_in_a_flood(tab, user_name="peter.j", password=GOOD_PASSWORD)
    assert GOOD_PASSWORD not in tab.page
    assert tab.send().status == 429
    clock.shift(MINUTE)
    assert "Choose your key" in tab.send().text
    holder = KeyHolder.objects.get(user_name="peter.j")
    assert holder.check_password(GOOD_PASSWORD)


def test_a_code_that_is_to_be_stopped(
    at_the_code: Tab, clock: time_machine.Traveller
) -> None:
    tab = at_the_code.go(way("not_mine"))
    send_in_a_flood(tab, sure="on")
    clock.shift(MINUTE)
    assert "The code is stopped" in tab.send().text


def test_a_forgotten_password(clock: time_machine.Traveller, holder: KeyHolder) -> None:
    tab = Tab(Client()).go(path("forgotten"))
    send_in_a_flood(tab, name=USER_NAME)
    clock.shift(MINUTE)
    tab.send()
    assert tab.address == path("recovery_code")


def test_a_new_address(
    own: Callable[[str], Tab], clock: time_machine.Traveller
) -> None:
    tab = own("change_email")
    send_in_a_flood(tab, email="new@example.net")
    clock.shift(MINUTE)
    tab.send()
    assert tab.address == path("confirm_email")
    assert KeyHolder.objects.get().new_email == "new@example.net"


def test_the_present_password_is_not_kept(
    own: Callable[[str], Tab], clock: time_machine.Traveller
) -> None:
    """Whoever finds the page open must still need it; the new password is kept."""
    tab = own("change_password")
    new = {"password": NEW_PASSWORD, "password_again": NEW_PASSWORD}
    send_in_a_flood(tab, present=GOOD_PASSWORD, **new)
    clock.shift(MINUTE)
    assert tab.send().status == 422
    tab.send(present=GOOD_PASSWORD, password="", password_again="")
    assert "Your password is changed" in tab.text
    assert KeyHolder.objects.get().check_password(NEW_PASSWORD)


def test_a_recovery_code_is_not_kept(
    own: Callable[[str], Tab], clock: time_machine.Traveller
) -> None:
    """It replaces a key, so whoever finds the page open must not be able to send it."""
    sheet = own("codes").send(0).page
    code = re.findall(r"<li><code>([0-9A-Z-]+)</code>", sheet)[0]
    browser = Client()
    show_password(browser)
    tab = Tab(browser).go(path("sign_in_with_code"))
    send_in_a_flood(tab, code=code)
    clock.shift(MINUTE)
    assert tab.send().status == 422
    tab.send(code=code)
    assert tab.address == path("overview")


def test_digits_are_not_kept(
    own: Callable[[str], Tab], clock: time_machine.Traveller
) -> None:
    """They work once, and whoever typed them can still read them where they came."""
    tab = own("change_email").send(email="new@example.net")
    digits = one_time_text(OneTimeCode.objects.get())
    send_in_a_flood(tab, digits=digits)
    clock.shift(MINUTE)
    assert tab.send().status == 422
    assert KeyHolder.objects.get().email != "new@example.net"
    tab.send(digits=digits)
    assert KeyHolder.objects.get().email == "new@example.net"


def test_it_is_kept_for_an_hour_and_for_its_own_page(
    at_the_account: Tab, clock: time_machine.Traveller
) -> None:
    tab = at_the_account
    send_in_a_flood(tab, user_name="peter.j", password=GOOD_PASSWORD)
    (kept,) = tab.forms
    clock.shift(MINUTE)
    elsewhere = tab.browser.post(way("choose_account", language="nl"), kept)
    assert elsewhere.status_code == 422
    clock.shift(timedelta(minutes=58))
    tab.browser.post(way("more_time"))
    clock.shift(MINUTE)
    assert tab.send().status == 422
    assert not KeyHolder.objects.exists()


class BrokenOff(io.BytesIO):
    @override
    def read(self, size: int | None = -1) -> bytes:
        raise OSError("the visitor is gone")


@pytest.mark.django_db
def test_a_form_that_breaks_off_on_its_way_is_refused_as_ever() -> None:
    """The form is not read before the check that refuses the request."""
    cut: dict[str, Any] = {"wsgi.input": BrokenOff()}
    answer = Client(enforce_csrf_checks=True).post(
        way("enter_code"),
        "kept_form=x",
        content_type="application/x-www-form-urlencoded",
        **cut,
    )
    assert answer.status_code == 403

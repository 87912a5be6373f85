"""One code on two devices, or in two windows of one browser.

Both choose a user name and a password. The second is told what the first chose, and
either goes on with that account or chooses again. Nobody goes on with an account that
was replaced meanwhile.
"""

import threading

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from activation.enums import KeyKind, KeyState
from activation.exceptions import AccountMovedError
from activation.journey import accounts
from activation.journey.activating import activate_key
from activation.journey.choosing import choose_key
from activation.models import ActivationCode, DigitalKey, KeyHolder, OneTimeCode
from counter.models import Clerk, Dossier
from tests import cast, races
from tests.activation.helpers import GOOD_PASSWORD, at_once, digits_of, link
from tests.activation.holder.helpers import make_holder
from tests.activation.journey.devices import (
    OTHER_PASSWORD,
    choose,
    code_and_text,
    is_password,
)
from tests.activation.tabs import Tab
from tests.races import wait_for_a_lock

__all__ = ["code_and_text"]


NOT_SAVED = "What you typed here was not saved"
NO_LONGER = "Those that you chose here no longer count"
GO_ON = "I know that password: go on with it"

type Devices = tuple[Tab, Tab]


@pytest.fixture(params=["two devices", "two windows"])
def devices(
    request: pytest.FixtureRequest, code_and_text: tuple[ActivationCode, str]
) -> Devices:
    """Two tabs, both at the page where user name and password are chosen."""
    code, text = code_and_text
    one = Tab(Client())
    two = Tab(Client() if request.param == "two devices" else one.browser)
    for tab in (one, two):
        tab.go(link(code))
        if tab.forms and "stands" not in tab.forms[0]:
            tab.send(code=text)
        assert "Choose a user name and a password" in tab.text
    return one, two


def test_the_second_is_told_what_stands_and_changes_nothing(devices: Devices) -> None:
    one, two = devices
    assert "Choose your key" in choose(one, "peter", GOOD_PASSWORD).text
    choose(two, "pj1985", OTHER_PASSWORD)
    assert two.status == 409
    assert NOT_SAVED in two.text
    assert "The user name is p•••r" in two.text
    assert 'value="pj1985"' in two.page  # what was typed is still there
    assert OTHER_PASSWORD not in two.page
    assert is_password(GOOD_PASSWORD)


def test_the_second_goes_on_with_what_stands(devices: Devices) -> None:
    one, two = devices
    choose(one, "peter", GOOD_PASSWORD)
    choose(two, "pj1985", OTHER_PASSWORD)
    assert GO_ON in two.text
    assert "Choose your key" in two.send(form=0).text
    assert "Choose your key" in one.reload().text
    assert is_password(GOOD_PASSWORD)


def test_the_second_chooses_anew_and_the_first_is_told(devices: Devices) -> None:
    one, two = devices
    choose(one, "peter", GOOD_PASSWORD)
    choose(two, "pj1985", OTHER_PASSWORD)
    assert "Choose your key" in choose(two, "pj1985", OTHER_PASSWORD).text
    assert is_password(OTHER_PASSWORD)
    if one.browser is two.browser:
        return  # one browser: this is the choice of both windows
    one.send(kind="app")
    assert NO_LONGER in one.text
    assert "The user name is now p•••5" in one.text
    assert not DigitalKey.objects.exists()


def test_the_password_that_was_not_saved_need_not_be_typed_again(
    devices: Devices,
) -> None:
    one, two = devices
    choose(one, "peter", GOOD_PASSWORD)
    choose(two, "pj1985", OTHER_PASSWORD)
    assert "We remember the password that you typed here." in two.text
    assert "Choose your key" in choose(two, "pj1985", "").text
    assert is_password(OTHER_PASSWORD)


@pytest.mark.django_db(transaction=True)
def test_what_changes_meanwhile_in_the_account_stays(
    dossier: Dossier, els: Clerk
) -> None:
    """Choosing an account keeps an e-mail address that was confirmed meanwhile."""
    holder = make_holder(dossier, els)
    code, _text = cast.make_code(dossier, els)

    locked = threading.Event()

    def confirm_address() -> None:
        with transaction.atomic():
            held = KeyHolder.objects.select_for_update().get(pk=holder.pk)
            locked.set()
            wait_for_a_lock()
            held.email = "confirmed@example.net"
            held.save(update_fields=["email"])

    def choose_anew() -> None:
        locked.wait(10)
        accounts.choose_account(
            code_id=code.pk,
            user_name="pj1985",
            password=OTHER_PASSWORD,
            seen=accounts.stamp(holder),
            at=timezone.now(),
        )

    races.at_once([confirm_address, choose_anew])
    holder.refresh_from_db()
    assert (holder.user_name, holder.email) == ("pj1985", "confirmed@example.net")


@pytest.mark.parametrize("kind", ["app", "email", "sms"])
def test_nobody_activates_with_a_password_that_was_changed(
    code_and_text: tuple[ActivationCode, str], kind: str
) -> None:
    code, text = code_and_text
    one, two = Tab(Client()), Tab(Client())
    choose(one.go(link(code)).send(code=text), "peter", GOOD_PASSWORD)
    one.send(kind=kind)
    if kind == "sms":
        one.send(mobile="0470 12 34 56")
    two.go(link(code)).send(code=text)
    assert "You go on where you were" in two.text
    choose(two.click("Choose another one"), "peter", OTHER_PASSWORD)
    key = DigitalKey.objects.get()
    one.send(digits=digits_of(key))
    assert NO_LONGER in one.text
    assert DigitalKey.objects.get().state == KeyState.PENDING
    assert not OneTimeCode.objects.filter(attempts__gt=0).exists()
    choose(one, "peter", GOOD_PASSWORD)  # was told, and chooses again
    one.send(kind=kind)
    if kind == "sms":
        one.send(mobile="0470 12 34 56")
    one.send(digits=digits_of(key))
    assert "Your key is active" in one.text
    assert is_password(GOOD_PASSWORD)
    two.send(kind="app")
    assert "A key is active already" in two.text


def test_who_was_told_and_goes_on_activates(
    code_and_text: tuple[ActivationCode, str],
) -> None:
    code, text = code_and_text
    one, two = Tab(Client()), Tab(Client())
    choose(one.go(link(code)).send(code=text), "peter", GOOD_PASSWORD).send(kind="app")
    two.go(link(code)).send(code=text).click("Choose another one")
    choose(two, "peter", OTHER_PASSWORD)
    one.send(digits="123456")
    assert NO_LONGER in one.text
    one.send(form=0).send(kind="app")
    one.send(digits=digits_of(DigitalKey.objects.get()))
    assert "Your key is active" in one.text
    assert is_password(OTHER_PASSWORD)
    # The password that counts now was not typed in this visit, so no second key is
    # offered here.
    assert "Add a second key now" not in one.text


def test_a_page_that_is_older_still_is_told_what_stands_now(devices: Devices) -> None:
    one, two = devices
    choose(one, "peter", GOOD_PASSWORD)
    choose(two, "pj1985", OTHER_PASSWORD)  # refused; the page now names "peter"
    stale = Tab(two.browser)
    stale.address, stale.page = two.address, two.page
    choose(two, "pj1985", OTHER_PASSWORD)
    # The form that goes on shows the page once more; the form that chooses is refused.
    for form, status in ((0, 200), (1, 409)):
        again = Tab(stale.browser)
        again.address, again.page = stale.address, stale.page
        again.send(form=form, user_name="third", password=GOOD_PASSWORD)
        assert again.status == status
        assert "Choose a user name and a password" in again.text
        assert (NOT_SAVED in again.text) is (status == 409)
        assert ("The user name is p•••5" in again.text) is (status == 409)
    assert KeyHolder.objects.get().user_name == "pj1985"
    assert is_password(OTHER_PASSWORD)


def test_the_same_form_twice_is_one_choice(devices: Devices) -> None:
    one, _two = devices
    again = Tab(one.browser)
    again.address, again.page = one.address, one.page
    choose(one, "peter", GOOD_PASSWORD)
    assert "Choose your key" in choose(again, "peter", GOOD_PASSWORD).text


@pytest.mark.parametrize("stands", ["", "x", "0" * 32, "\x00", "é" * 5000])
def test_an_invented_stamp_takes_no_account_over(devices: Devices, stands: str) -> None:
    one, two = devices
    choose(one, "peter", GOOD_PASSWORD)
    form = {"user_name": "mallory", "password": OTHER_PASSWORD, "stands": stands}
    assert two.browser.post(two.address, form).status_code in (409, 422)
    keep = two.browser.post(two.address, {"keep": stands}, follow=True)
    assert keep.status_code == 200
    assert is_password(GOOD_PASSWORD)


def test_back_on_one_s_own_page_nothing_is_alarming(
    code_and_text: tuple[ActivationCode, str],
) -> None:
    code, text = code_and_text
    one = Tab(Client())
    choose(one.go(link(code)).send(code=text), "peter", GOOD_PASSWORD)
    one.click("Back")
    assert "Meanwhile" not in one.text
    assert "chosen with this code before" not in one.text
    choose(one, "peter", OTHER_PASSWORD)
    assert "Choose your key" in one.text
    assert is_password(OTHER_PASSWORD)


# The service itself, called by two threads


@pytest.mark.django_db(transaction=True)
def test_a_choice_and_an_activation_at_once_agree(dossier: Dossier, els: Clerk) -> None:
    """The key becomes active and its password stays, or only the password changes."""
    code, _ = cast.make_code(dossier, els)
    at = timezone.now()
    holder = accounts.choose_account(
        code_id=code.pk, user_name="peter", password=GOOD_PASSWORD, at=at
    )
    seen = accounts.stamp(holder)
    key = choose_key(code_id=code.pk, kind=KeyKind.APP, at=at)

    def act(number: int) -> object:
        if number == 0:
            return activate_key(
                code_id=code.pk,
                key_id=key.pk,
                typed=digits_of(key),
                account=seen,
                at=timezone.now(),
            )
        return accounts.choose_account(
            code_id=code.pk,
            user_name="peter",
            password=OTHER_PASSWORD,
            seen=seen,
            at=timezone.now(),
        )

    activated, chosen = at_once(2, act)
    key.refresh_from_db()
    if isinstance(activated, DigitalKey):
        assert is_password(GOOD_PASSWORD)
        assert key.state == KeyState.ACTIVE
    else:
        assert isinstance(activated, AccountMovedError)
        assert isinstance(chosen, KeyHolder)
        assert is_password(OTHER_PASSWORD)
        assert key.state == KeyState.PENDING

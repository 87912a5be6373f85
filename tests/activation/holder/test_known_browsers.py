"""Browsers that a holder signed in with before: how they become and stay known."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from activation.enums import KeyKind
from activation.holder import known_browsers
from activation.holder.sessions import device
from activation.models import DigitalKey, KnownBrowser, SignInCount
from counter.models import Clerk
from counter.sign_in import hashing_places
from counter.tasks import apply_retention
from tests import cast
from tests.activation.helpers import GOOD_PASSWORD, other_digits, text_of
from tests.activation.holder.helpers import (
    fresh,
    make_anna,
    make_holder,
    make_key,
    path,
    show_password,
)
from tests.activation.threats.crowd import address

PAGE = path("sign_in")


@pytest.fixture
def anna(els: Clerk) -> DigitalKey:
    return make_key(make_anna(els, email="anna@example.org"), KeyKind.APP)


@pytest.fixture
def leila(els: Clerk) -> DigitalKey:
    person = cast.make_applicant(
        cast.LEILA_NUMBER, first_names="Leila", last_name="Haddad", birth_date=None
    )
    dossier = cast.make_dossier(person, els, email="leila@example.org")
    return make_key(make_holder(dossier, els, user_name="leila"), KeyKind.APP)


def sign_in(browser: Client, key: DigitalKey) -> None:
    show_password(browser, user_name=key.holder.user_name)
    form = {"key": key.pk, "digits": fresh(key)}
    assert browser.post(path("show_key"), form)["Location"] == path("overview")
    browser.post(path("sign_out"))


def guess(browser: Client, key: DigitalKey) -> str:
    form = {"user_name": key.holder.user_name, "password": "a guess of somebody"}
    return text_of(browser.post(PAGE, form).content)


def is_known(browser: Client, key: DigitalKey) -> bool:
    """Whether this browser need not wait after wrong passwords in other browsers."""
    for _ in range(11):
        page = guess(Client(), key)
    assert "Wait" in page
    here = guess(browser, key)
    SignInCount.objects.all().delete()
    return "Wait" not in here


def test_wrong_secrets_earn_nothing(app: DigitalKey) -> None:
    """Neither a password alone nor wrong digits after it."""
    browser = Client()
    guess(browser, app)
    show_password(browser, user_name=app.holder.user_name)
    form = {"key": app.pk, "digits": other_digits(fresh(app))}
    assert browser.post(path("show_key"), form).status_code == 422
    assert not is_known(browser, app)
    sign_in(browser, app)
    assert is_known(browser, app)


def test_guesses_and_sign_ins_elsewhere_take_it_from_nobody(app: DigitalKey) -> None:
    own = Client()
    sign_in(own, app)
    for _ in range(device.MOST_KNOWN + 1):
        guess(Client(), app)
    SignInCount.objects.all().delete()
    for _ in range(3):
        sign_in(Client(), app)
    assert is_known(own, app)


def test_at_a_shared_computer_the_one_unused_longest_goes_first(
    app: DigitalKey,
    anna: DigitalKey,
    leila: DigitalKey,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(device, "MOST_KNOWN", 2)
    shared = Client()
    for key in (app, anna, app, leila):
        sign_in(shared, key)
    assert [is_known(shared, key) for key in (app, anna, leila)] == [
        True,
        False,
        True,
    ]


def test_of_an_account_s_browsers_the_one_unused_longest_goes_first(
    app: DigitalKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_browsers, "MOST", 3)
    browsers = [Client() for _ in range(4)]
    for browser in (*browsers[:3], browsers[0], browsers[3]):
        sign_in(browser, app)
    assert KnownBrowser.objects.count() == 3
    assert [is_known(browser, app) for browser in browsers] == [
        True,
        False,
        True,
        True,
    ]


def test_old_copies_of_the_cookie_give_a_thief_no_guesses_of_their_own(
    app: DigitalKey,
) -> None:
    """The thief has a copy from each of five sign-ins. The newest counts as the browser
    itself, the older ones as a stranger.
    """
    own = Client()
    copies = []
    for _ in range(5):
        sign_in(own, app)
        copies.append(own.cookies["known"].value)
    assert KnownBrowser.objects.count() == 1
    SignInCount.objects.all().delete()
    compared = 0
    for number, copy in enumerate(copies):
        thief = Client(REMOTE_ADDR=address(number))
        thief.cookies["known"] = copy
        compared += sum("Wait" not in guess(thief, app) for _ in range(12))
    print(f"{compared} guesses compared with 5 copies (bound: 20)")
    assert compared == 20  # ten as a stranger, ten as the browser


def test_it_is_forgotten_half_a_year_after_its_last_sign_in(app: DigitalKey) -> None:
    sign_in(Client(), app)
    for days, left in ((182, 1), (184, 0)):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            apply_retention()
        assert KnownBrowser.objects.count() == left


def test_the_cookie_of_so_many_is_kept_by_every_browser(app: DigitalKey) -> None:
    """Browsers drop a cookie of more than 4096 bytes."""
    browser = Client()
    sign_in(browser, app)
    one = len(browser.cookies["known"].value)
    entry = len(f"{app.holder_id.hex}:{'i' * 16} ")
    assert one + entry * (device.MOST_KNOWN - 1) < 4096 - len("__Host-known=")


def test_in_a_flood_of_guesses_a_place_is_kept_for_it(
    app: DigitalKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Client()
    sign_in(own, app)
    monkeypatch.setattr(hashing_places.HOLDERS, "free", 0)
    form = {"user_name": app.holder.user_name, "password": GOOD_PASSWORD}
    assert Client().post(PAGE, form).status_code == 503
    assert own.post(PAGE, form)["Location"] == path("show_key")
    monkeypatch.setattr(hashing_places.KNOWN_BROWSERS, "free", 0)
    own.post(path("sign_out"))
    assert own.post(PAGE, form).status_code == 503

"""A computer that an account has signed in at is known by its newest cookie."""

import datetime

import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from counter.models import Clerk, DestructionRecord, KnownComputer, Office
from counter.sign_in import known_devices
from counter.tasks import apply_retention, purge_sessions
from tests import cast
from tests.counter import app
from tests.counter.sign_in.guessing import (
    ELSEWHERE,
    SIGN_IN,
    SIGN_OUT,
    WRONG,
    close,
    known,
    status,
)


def test_nobody_writes_the_cookie(els: Clerk) -> None:
    own = known("els")
    name = known_devices.cookie_name()
    genuine = own.cookies[name].value
    close("els")
    for forged in ("", "x", f"{genuine}x", genuine[1:], genuine.replace(":", " ")):
        stranger = Client(REMOTE_ADDR="203.0.113.5")
        stranger.cookies[name] = forged
        assert status(stranger, "els") == 429


def test_a_copied_cookie_shares_the_count_until_the_next_sign_in(els: Clerk) -> None:
    own, thief = known("els"), Client(REMOTE_ADDR=ELSEWHERE)
    name = known_devices.cookie_name()
    thief.cookies[name] = own.cookies[name].value
    assert status(own, "els") == 303
    own.post(SIGN_OUT)
    for _ in range(11):
        status(thief, "els", WRONG)
    assert status(thief, "els") == 429
    assert status(own, "els") == 303


def test_old_copies_of_the_cookie_give_a_thief_no_guesses_of_their_own(
    els: Clerk,
) -> None:
    """Six copies, one of each sign-in: the newest counts as the computer, and the
    others as strangers.
    """
    own, name = known("els"), known_devices.cookie_name()
    copies = []
    for _ in range(5):
        copies.append(own.cookies[name].value)
        assert status(own, "els") == 303
        own.post(SIGN_OUT)
    copies.append(own.cookies[name].value)
    assert KnownComputer.objects.count() == 1
    compared = 0
    for copy in copies:
        thief = Client(REMOTE_ADDR=ELSEWHERE)
        thief.cookies[name] = copy
        compared += sum(status(thief, "els", WRONG) == 422 for _ in range(12))
    print(f"{compared} guesses compared with 6 copies (bound: 20)")
    assert compared == 20  # ten as any stranger, ten as the computer


def test_a_computer_is_forgotten_with_its_cookie(els: Clerk) -> None:
    known("els")
    with time_machine.travel(timezone.now() + datetime.timedelta(days=399)):
        apply_retention()
        assert KnownComputer.objects.exists()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=401)):
        purge_sessions()
        apply_retention()
        assert not KnownComputer.objects.exists()
    assert DestructionRecord.objects.get(rule="known_computer").rows == 1


def test_the_password_alone_earns_no_cookie(els: Clerk, digits_asked: None) -> None:
    app.set_up(els)
    halfway = app.after_the_password(els)
    assert known_devices.cookie_name() not in halfway.cookies
    halfway.post(app.CODE, {"digits": app.digits(els)})
    assert known_devices.cookie_name() in halfway.cookies


def test_the_cookie_is_kept_long_and_read_by_no_script(
    els: Clerk, settings: Settings
) -> None:
    settings.SESSION_COOKIE_SECURE = True
    client = Client()
    client.post(SIGN_IN, {"username": "els", "password": cast.PASSWORD})
    cookie = client.cookies["__Host-computer"]
    assert cookie["max-age"] == 400 * 24 * 60 * 60
    assert cookie["httponly"]
    assert cookie["secure"]
    assert (cookie["samesite"], cookie["path"]) == ("Strict", "/")
    assert "els" not in cookie.value


def test_a_computer_of_a_whole_office_keeps_a_short_cookie(office: Office) -> None:
    shared = Client()
    for number in range(40):
        cast.make_clerk(f"clerk{number}", office, desk="")
        status(shared, f"clerk{number}")
        shared.post(SIGN_OUT)
    value = shared.cookies[known_devices.cookie_name()].value
    assert len(value) < 3000
    close("clerk39")
    assert status(shared, "clerk39") == 303


def test_the_computer_is_known_under_a_new_index_key(
    els: Clerk, settings: Settings
) -> None:
    own = known("els")
    settings.INDEX_KEYS = {"b": b"a new index key, 32 bytes long.."} | dict(
        settings.INDEX_KEYS
    )
    close("els")
    assert status(own, "els") == 303

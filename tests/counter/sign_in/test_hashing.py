"""A flood of passwords does not take the places that people at work need."""

import threading
import time

import pytest
from django.test import Client
from django.urls import reverse

from config import server
from config.settings import base
from counter.models import Clerk, FailedSignIns, SignInFailure
from counter.sign_in import hashers
from counter.sign_in.hashing_places import STRANGERS, NoPlaceError, Places
from tests import cast
from tests.races import at_once

SIGN_IN = reverse("counter_sign_in:sign_in")


class Flood:
    """Strangers who take all of certain places until `end`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch

    def fill(self, places: Places) -> None:
        self._patch.setattr(places, "free", 0)

    def end(self) -> None:
        self._patch.undo()


@pytest.fixture
def flood(monkeypatch: pytest.MonkeyPatch) -> Flood:
    return Flood(monkeypatch)


def post(client: Client, name: str = "els", password: str = cast.PASSWORD) -> int:
    both = {"username": name, "password": password}
    return client.post(SIGN_IN, both).status_code


def test_a_stranger_is_told_to_come_back_and_loses_nothing(
    els: Clerk, flood: Flood
) -> None:
    flood.fill(STRANGERS)
    answer = Client().post(SIGN_IN, {"username": "els", "password": cast.PASSWORD})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.context["form"]["username"].value() == "els"
    assert "Heel veel mensen" in answer.content.decode()
    assert not SignInFailure.objects.exists()
    assert not FailedSignIns.objects.exists()
    flood.end()
    assert post(Client()) == 303


def test_a_known_computer_and_a_locked_screen_are_not_in_the_flood(
    els: Clerk, flood: Flood
) -> None:
    own = Client()
    assert post(own) == 303
    own.post(reverse("counter_sign_in:sign_out"))
    flood.fill(STRANGERS)
    assert post(Client()) == 503
    assert post(own) == 303
    own.post(reverse("counter_sign_in:lock"))
    unlocked = own.post(reverse("counter_sign_in:unlock"), {"password": cast.PASSWORD})
    assert unlocked.status_code == 303


def test_the_places_leave_threads_for_the_desk() -> None:
    """The numbers of production, not those of the tests."""
    count = base.PASSWORD_PLACES
    known = count["known_computers"] + count["known_browsers"]
    assert count["anybody"] + known < server.threads
    assert count["strangers"] < count["anybody"]
    assert count["holders"] < count["anybody"]


def test_a_flood_of_one_kind_leaves_places_for_the_other(els: Clerk) -> None:
    anybody = Places(3)
    strangers, holders = Places(2, within=anybody), Places(2, within=anybody)
    started, over = threading.Barrier(2), threading.Event()

    def compare() -> None:
        with strangers.take():
            started.wait(10)
            over.wait(10)

    first, second = (threading.Thread(target=compare) for _ in range(2))
    first.start()
    started.wait(10)
    second.start()  # has a place, and waits for its turn
    until = time.monotonic() + 10
    while strangers.free and time.monotonic() < until:
        time.sleep(0.01)
    with pytest.raises(NoPlaceError), strangers.take():
        pass
    assert (anybody.free, holders.free) == (1, 2)
    over.set()
    started.wait(10)
    first.join(10)
    second.join(10)
    with holders.take():
        assert anybody.free == 2


@pytest.mark.usefixtures("production_hashes")
@pytest.mark.django_db(transaction=True)
def test_of_a_flood_one_hash_at_a_time_is_computed(
    office: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From many networks under many names; a refused try is not counted."""
    running, most, lock = 0, 0, threading.Lock()
    encode = hashers.Argon2.encode

    def watched(self: hashers.Argon2, password: str, salt: str) -> str:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        try:
            return encode(self, password, salt)
        finally:
            with lock:
                running -= 1

    monkeypatch.setattr(hashers.Argon2, "encode", watched)
    monkeypatch.setattr(STRANGERS, "free", 3)

    def guess(number: int) -> int:
        client = Client(REMOTE_ADDR=f"192.0.2.{number}")
        return post(client, f"name{number}", "raad maar")

    answers = at_once([lambda n=n: guess(n) for n in range(16)])  # type: ignore[misc]
    print(f"{answers.count(422)} of 16 compared, {most} at a time (bound: 1)")
    assert most == 1
    assert set(answers) == {422, 503}
    assert FailedSignIns.objects.count() == answers.count(422)
    assert SignInFailure.objects.count() == 2 * answers.count(422)

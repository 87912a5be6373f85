"""Wrong secrets make those wait who typed them, and nobody else."""

import datetime
import uuid

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from counter.enums import CancelReason
from counter.models import Clerk, Dossier, Office
from tests import cast
from tests.counter import app
from tests.counter.sign_in.guessing import (
    ELSEWHERE,
    OFFICE,
    SIGN_IN,
    SIGN_OUT,
    WRONG,
    clock,
    close,
    known,
    status,
)
from tests.litany import signed_in
from tests.size import SOAK

__all__ = ["clock"]


DESK = reverse("counter_desk:desk")
LOCK, UNLOCK = reverse("counter_sign_in:lock"), reverse("counter_sign_in:unlock")


# The sign-in page


@pytest.mark.parametrize("at", [OFFICE, ELSEWHERE])
def test_a_clerks_own_computer_stays_open_while_a_stranger_guesses(
    els: Clerk, clock: time_machine.Traveller, at: str
) -> None:
    """80 guesses, two a second, from her network or another; 240 in `make soak`."""
    own, stranger = known("els"), Client(REMOTE_ADDR=at)
    opened, turns = [], 12 if SOAK else 4
    for _ in range(turns):
        for _guess in range(20):
            status(stranger, "els", WRONG)
            clock.shift(0.5)
        opened.append(status(own, "els"))
        own.post(SIGN_OUT)
    assert status(stranger, "els") == 429
    print(
        f"{opened.count(303)} of {turns} right passwords opened the desk (bound: all)"
    )
    assert opened == [303] * turns


def test_the_digits_as_well(
    els: Clerk, digits_asked: None, clock: time_machine.Traveller
) -> None:
    """When a stranger knows the password and guesses the digits of the app."""
    app.set_up(els)
    own, stranger = Client(REMOTE_ADDR=OFFICE), Client(REMOTE_ADDR=ELSEWHERE)
    for _ in range(3):
        status(own, "els")
        own.post(app.CODE, {"digits": app.digits(els)})
        assert own.get(DESK).status_code == 200
        own.post(SIGN_OUT)
        status(stranger, "els")
        for _guess in range(11):
            answer = stranger.post(app.CODE, {"digits": app.wrong(els)})
        assert answer.status_code == 429
        clock.shift(30)


def test_a_stranger_is_let_in_again_after_a_growing_wait(
    els: Clerk, clock: time_machine.Traveller
) -> None:
    waits = []
    for number in range(18):
        stranger = Client(REMOTE_ADDR=f"203.0.113.{number}")
        both = {"username": "els", "password": WRONG}
        while (answer := stranger.post(SIGN_IN, both)).status_code == 429:
            waits.append(int(answer.headers["Retry-After"]) - 1)
            clock.shift(waits[-1])
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]


def test_the_own_computer_has_a_growing_wait_too(
    els: Clerk, clock: time_machine.Traveller
) -> None:
    own = known("els")
    for _ in range(10):
        assert status(own, "els", WRONG) == 422
    assert status(own, "els") == 429
    clock.shift(30)
    assert status(own, "els", WRONG) == 422
    clock.shift(59)
    assert status(own, "els") == 429
    clock.shift(1)
    assert status(own, "els") == 303


def test_another_computer_of_hers_stays_open(els: Clerk) -> None:
    first, second = known("els"), known("els")
    for _ in range(11):
        status(first, "els", WRONG)
    assert status(first, "els") == 429
    assert status(second, "els") == 303


def test_a_computer_that_several_share_counts_each_of_them(
    els: Clerk, bart: Clerk
) -> None:
    shared = known("els")
    assert status(shared, "bart") == 303
    shared.post(SIGN_OUT)
    for _ in range(11):
        status(shared, "els", WRONG)
    close("bart")
    assert status(shared, "els") == 429
    assert status(shared, "bart") == 303


def test_another_accounts_computer_is_a_strangers(els: Clerk, bart: Clerk) -> None:
    """Otherwise a clerk's own account would give more guesses at each colleague's."""
    of_bart = known("bart", at=ELSEWHERE)
    close("els")
    assert status(of_bart, "els") == 429


# Inside a session


def test_the_lock_opens_while_a_stranger_guesses_at_the_door(els: Clerk) -> None:
    own = signed_in(els)
    close("els")
    for _ in range(12):
        own.post(LOCK)
        assert own.post(UNLOCK, {"password": cast.PASSWORD}).status_code == 303


def test_a_form_asks_for_the_password_while_a_stranger_guesses(
    els: Clerk, dossier: Dossier, clock: time_machine.Traveller
) -> None:
    own = signed_in(els)
    own.get(DESK)
    clock.shift(datetime.timedelta(minutes=6))
    address = reverse("counter_dossiers:cancel_dossier", args=[dossier.pk])
    own.get(address)
    close("els")
    data = {"reason": CancelReason.LEFT, "password": cast.PASSWORD}
    assert own.post(address, data).status_code == 303


def test_guessing_at_the_lock_closes_neither_the_door_nor_the_next_session(
    els: Clerk, clock: time_machine.Traveller
) -> None:
    screen = signed_in(els)
    screen.post(LOCK)
    for _ in range(11):
        screen.post(UNLOCK, {"password": WRONG})
    assert screen.post(UNLOCK, {"password": cast.PASSWORD}).status_code == 429
    other = Client(REMOTE_ADDR=OFFICE)
    assert status(other, "els") == 303
    other.post(LOCK)
    assert other.post(UNLOCK, {"password": cast.PASSWORD}).status_code == 303


# A supervisor at a clerk's screen


@pytest.fixture
def guessed_at(
    dossier: Dossier, els_client: Client, clock: time_machine.Traveller
) -> Client:
    """Els' browser, in which somebody guessed a supervisor's password."""
    for _ in range(12):
        assert not guess(els_client, dossier)
    return els_client


def waive(client: Client, dossier: Dossier, password: str, name: str = "sofie") -> int:
    data = {
        "submission": str(uuid.uuid4()),
        "supervisor_name": name,
        "supervisor_password": password,
        "reason": "our_mistake",
    }
    address = reverse("activation_desk:waive_and_issue", args=[dossier.pk])
    return client.post(address, data).status_code


def guess(client: Client, dossier: Dossier) -> bool:
    return waive(client, dossier, WRONG) != 422


def test_the_waiver_form_closes_no_supervisors_account(
    guessed_at: Client, dossier: Dossier, sofie: Clerk, bart_client: Client
) -> None:
    assert waive(guessed_at, dossier, cast.PASSWORD) == 422
    assert status(Client(REMOTE_ADDR=OFFICE), "sofie") == 303
    own = signed_in(Clerk.objects.get(pk=sofie.pk))
    own.post(LOCK)
    assert own.post(UNLOCK, {"password": cast.PASSWORD}).status_code == 303
    assert waive(bart_client, dossier, cast.PASSWORD) == 303


def test_guessing_goes_on_in_no_new_session_and_under_no_other_name(
    guessed_at: Client,
    dossier: Dossier,
    sofie: Clerk,
    els: Clerk,
    office: Office,
    clock: time_machine.Traveller,
) -> None:
    cast.make_clerk("nora", office, desk="", role=sofie.role)
    again = Client(REMOTE_ADDR=OFFICE)
    assert status(again, "els") == 303
    for name in ("sofie", "nora"):
        assert waive(again, dossier, cast.PASSWORD, name) == 422
    clock.shift(31)
    assert waive(again, dossier, cast.PASSWORD) == 303


def test_the_clerks_own_password_is_counted_apart(
    guessed_at: Client, els: Clerk
) -> None:
    guessed_at.post(LOCK)
    assert guessed_at.post(UNLOCK, {"password": cast.PASSWORD}).status_code == 303


def test_a_supervisor_who_agrees_forgives_no_guesses(
    els_client: Client, els: Clerk, sofie: Clerk, office: Office
) -> None:
    """Otherwise nine guesses after each agreement would add up to any number."""
    numbers = (cast.PETER_NUMBER, cast.ANNA_NUMBER)
    dossiers = [
        cast.make_dossier(cast.make_applicant(number, last_name="Baert"), els)
        for number in numbers
    ]
    for _ in range(9):
        waive(els_client, dossiers[0], WRONG)
    assert waive(els_client, dossiers[0], cast.PASSWORD) == 303
    waive(els_client, dossiers[1], WRONG)
    assert waive(els_client, dossiers[1], cast.PASSWORD) == 422

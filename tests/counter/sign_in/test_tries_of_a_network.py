"""Wrong passwords from one network address are counted, whatever name they are for."""

import datetime

import time_machine
from django.test import Client
from django.utils import timezone

from counter.models import Clerk, Office
from tests import cast
from tests.counter.sign_in.guessing import (
    ELSEWHERE,
    OFFICE,
    SIGN_IN,
    WRONG,
    clock,
    status,
)

__all__ = ["clock"]


def test_one_address_fails_thirty_times_an_hour(
    els: Clerk, clock: time_machine.Traveller
) -> None:
    """With any number of names; after that its waits grow longer."""
    begun, stranger = timezone.now(), Client(REMOTE_ADDR=ELSEWHERE)
    for number in range(30):
        assert status(stranger, f"name{number}", WRONG) == 422
    both = {"username": "els", "password": cast.PASSWORD}
    refused = stranger.post(SIGN_IN, both)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "31")
    assert b"netwerk" in refused.content
    assert refused.context["form"]["username"].value() == "els"
    # Another network is open for the same name.
    assert status(Client(REMOTE_ADDR=OFFICE), "els", WRONG) == 422
    waits = []
    while timezone.now() < begun + datetime.timedelta(hours=1):
        answer = stranger.post(SIGN_IN, {"username": "x", "password": WRONG})
        if answer.status_code == 429:
            waits.append(int(answer.headers["Retry-After"]) - 1)
            clock.shift(waits[-1])
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]


def test_after_an_hour_the_address_begins_anew(
    els: Clerk, clock: time_machine.Traveller
) -> None:
    stranger = Client(REMOTE_ADDR=ELSEWHERE)
    for number in range(31):
        status(stranger, f"name{number}", WRONG)
    clock.shift(60 * 60)
    for number in range(30):
        assert status(stranger, f"name{number}", WRONG) == 422


def test_a_household_of_ipv6_counts_as_one(db: None) -> None:
    for number in range(30):
        client = Client(REMOTE_ADDR=f"2001:db8:1:2:{number:x}::1")
        status(client, f"name{number}", WRONG)
    assert status(Client(REMOTE_ADDR="2001:db8:1:2:ffff::1"), "x", WRONG) == 429
    assert status(Client(REMOTE_ADDR="2001:db8:1:3::1"), "x", WRONG) == 422


def test_a_closed_address_closes_no_name(els: Clerk) -> None:
    """A try that is refused because of its address is not counted for the name."""
    stranger = Client(REMOTE_ADDR=ELSEWHERE)
    for number in range(30):
        status(stranger, f"name{number}", WRONG)
    for _ in range(20):
        assert status(stranger, "els", WRONG) == 429
    assert status(Client(REMOTE_ADDR=OFFICE), "els") == 303


def test_whoever_signs_in_costs_the_network_nothing(office: Office) -> None:
    """Forty colleagues behind one address, each at a computer that is new."""
    for number in range(40):
        cast.make_clerk(f"clerk{number}", office, desk="")
        assert status(Client(REMOTE_ADDR=OFFICE), f"clerk{number}") == 303

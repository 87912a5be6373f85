"""Typing right and wrong passwords, and a clock for the waits."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import cast

SIGN_IN = reverse("counter_sign_in:sign_in")
SIGN_OUT = reverse("counter_sign_in:sign_out")
OFFICE, ELSEWHERE = "192.0.2.7", "198.51.100.9"
WRONG = "raad maar wat"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


def status(client: Client, name: str, password: str = cast.PASSWORD) -> int:
    both = {"username": name, "password": password}
    return client.post(SIGN_IN, both).status_code


def known(name: str, *, at: str = OFFICE) -> Client:
    """A browser in which this account has signed in and signed out again."""
    client = Client(REMOTE_ADDR=at)
    assert status(client, name) == 303
    client.post(SIGN_OUT)
    return client


def close(name: str, *, at: str = ELSEWHERE) -> None:
    """Type ten wrong passwords as a stranger, so that strangers have to wait."""
    for _ in range(10):
        status(Client(REMOTE_ADDR=at), name, WRONG)
    assert status(Client(REMOTE_ADDR=at), name) == 429

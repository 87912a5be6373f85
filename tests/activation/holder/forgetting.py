"""Steps of somebody who forgot a password, or pretends to."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from activation.enums import Purpose
from activation.holder import recovery_links
from activation.models import OneTimeCode
from tests.activation.holder.helpers import USER_NAME, path

FORGOTTEN = path("forgotten")
CODE = path("recovery_code")
KEY = path("recovery_key")
WAY_IN = path("way_in")
MAILED = OneTimeCode.objects.filter(key=None, purpose=Purpose.RECOVER)
NEW = "vijf groene stille paarden"


@pytest.fixture
def clock(db: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


def forget(client: Client, name: str = USER_NAME) -> None:
    assert client.post(FORGOTTEN, {"name": name})["Location"] == CODE


def link() -> str:
    """The path of the link in the last mail."""
    whole = recovery_links.url(MAILED.latest("requested_at"), language="en")
    return "/" + whole.partition("//")[2].partition("/")[2]


def open_link(client: Client, address: str) -> None:
    assert client.get(address)["Location"] == WAY_IN
    assert client.get(WAY_IN).status_code == 200

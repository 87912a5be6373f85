"""An operator who gets mails, and a clock that only the test moves."""

from collections.abc import Iterator

import pytest
import time_machine
from pytest_django import Settings

from tests.notifications.health.alarm_acts import NOON


@pytest.fixture
def operator(settings: Settings) -> None:
    """An operator who gets mails, and a machine whose disk is never too full."""
    settings.OPERATOR_EMAIL = "beheer@leuven.example"
    settings.DISK_FREE_PERCENT = 0


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock

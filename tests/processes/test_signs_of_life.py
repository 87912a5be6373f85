"""Each process writes signs of life; /readyz names a process that was killed."""

import datetime
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from counter.models import JournalEntry
from notifications.enums import Part
from notifications.models import Heartbeat
from tests.processes.conftest import CELERY, House, Process, wait_for

pytestmark = pytest.mark.processes


def parts(later: float = 0.0) -> dict[str, Any]:
    """What /readyz says about each part, as if that many seconds had passed."""
    at = timezone.now() + datetime.timedelta(seconds=later)
    operator = Client(headers={"Authorization": f"Bearer {settings.READYZ_TOKEN}"})
    with time_machine.travel(at):
        answers: dict[str, Any] = operator.get("/readyz").json()["parts"]
    return answers


def start(house: House) -> dict[Part, Process]:
    schedule = str(house.home / "schedule")
    command = [*CELERY, "beat", "--schedule", schedule]
    return {
        Part.WORKER: house.worker("--pool", "prefork", "--concurrency", "1"),
        Part.BEAT: house._start(command),
        Part.DELIVER: house.loop(),
    }


def test_who_is_killed_is_missed_and_the_others_are_not(
    house: House, settings: Settings
) -> None:
    settings.EXPECTED_PARTS = list(Part)
    entries = JournalEntry.objects.count()
    running = start(house)
    everybody = dict.fromkeys(Part, "alive")
    wait_for(lambda: parts() == everybody, seconds=60, what="three signs of life")
    # Nothing is to be sent, and each process goes on with its signs of life.
    running[Part.WORKER].kill()
    died = Heartbeat.objects.get(part=Part.WORKER).at
    for _ in range(2):
        Heartbeat.objects.update(at=died - datetime.timedelta(minutes=3))
        wait_for(
            lambda: (
                {name for name, state in parts().items() if state != "alive"}
                == {Part.WORKER}
            ),
            seconds=60,
            what="the other two again",
        )
    since = (died - datetime.timedelta(minutes=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert parts()[Part.WORKER] == f"missing since {since}"
    running[Part.BEAT].kill()
    running[Part.DELIVER].kill()
    assert all(state.startswith("missing since") for state in parts(130).values())
    assert JournalEntry.objects.count() == entries
    for process in running.values():
        assert "eartbeat" not in process.logged.replace("--without-heartbeat", "")
    connection.close()


def test_a_worker_that_is_restarted_is_back(house: House, settings: Settings) -> None:
    settings.EXPECTED_PARTS = [Part.WORKER]
    first = house.worker("--pool", "prefork", "--concurrency", "1")
    wait_for(lambda: parts() == {Part.WORKER: "alive"}, what="alive")
    first.kill()
    Heartbeat.objects.update(at=timezone.now() - datetime.timedelta(minutes=3))
    assert parts()[Part.WORKER].startswith("missing since")
    house.worker("--pool", "prefork", "--concurrency", "1")
    wait_for(lambda: parts() == {Part.WORKER: "alive"}, what="alive again")

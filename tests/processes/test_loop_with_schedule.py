"""On one machine the delivery loop and the schedule are one process."""

import signal
from pathlib import Path

import pytest

from localrun import parts
from notifications.enums import Part
from notifications.models import Heartbeat
from tests.database import superuser
from tests.processes.conftest import House, Process, wait_for

pytestmark = pytest.mark.processes


def start(house: House, home: Path) -> Process:
    return house._start(parts.command(parts.SMALL_LOOP.replace(".local", str(home))))


def test_both_show_that_they_live_and_sigterm_ends_both(house: House) -> None:
    loop = start(house, house.home)
    wait_for(
        lambda: (
            set(Heartbeat.objects.values_list("part", flat=True))
            == {Part.BEAT, Part.DELIVER}
        ),
        seconds=60,
        what="two signs of life",
    )
    assert loop.terminate() == 0
    # When each task ran last is kept for the next start.
    assert list(house.home.glob("schedule*"))


def test_without_its_schedule_the_loop_ends(house: House, tmp_path: Path) -> None:
    loop = start(house, tmp_path / "missing")
    assert loop.child.wait(60) == 1
    assert "missing" in loop.logged


def test_without_its_loop_the_schedule_ends(house: House) -> None:
    rename = "ALTER TABLE {} RENAME TO {}"
    with superuser() as server:
        server.execute(rename.format("notifications_delivery", "elsewhere"))
    try:
        loop = start(house, house.home)
        assert loop.child.wait(60) == 1
    finally:
        with superuser() as server:
            server.execute(rename.format("elsewhere", "notifications_delivery"))
    assert "loop_ended" in loop.logged


def test_without_a_broker_the_loop_goes_on(house: House) -> None:
    house.broker.stop()
    loop = start(house, house.home)
    wait_for(
        lambda: Heartbeat.objects.filter(part=Part.DELIVER).exists(),
        seconds=60,
        what="the loop's sign of life",
    )
    assert loop.child.poll() is None
    loop.child.send_signal(signal.SIGTERM)
    assert loop.child.wait(60) == 0

"""The office goes on when no byte more fits into a log, and no answer is cut off.

As on a full disk, but for these processes alone: a file may have BYTES at most, and
their logs are filled up to that. The database is on another machine.
"""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from counter.models import Clerk
from localrun import parts
from tests.processes import conftest
from tests.processes.conftest import House, wait_for
from tests.processes.sending import all_settled, assert_none_lost, visits
from tests.web_server import WebServer, get, of_the_tests, web_server

pytestmark = pytest.mark.processes

#: The limit leaves room for the fonts that a process writes to files at its start.
BYTES = 2_000_000
FULL = (
    "import os, resource, sys;"
    f"resource.setrlimit(resource.RLIMIT_FSIZE, ({BYTES}, {BYTES}));"
    "os.execvp(sys.argv[1], sys.argv[1:])"
)


def on_a_full_disk(command: list[str]) -> list[str]:
    return [sys.executable, "-c", FULL, *command]


def fill(log: Path) -> None:
    """Fill the log's file up to the limit, so that nothing more fits into it."""
    with log.open("ab") as file:
        file.write(b"." * BYTES)


@pytest.fixture
def full_house(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    for name in ("WORKER", "LOOP"):
        command = on_a_full_disk(getattr(conftest, name))
        monkeypatch.setattr(conftest, name, command)
    return house


@pytest.mark.parametrize("kind", ["worker", "loop"])
def test_mails_leave_and_the_sender_lives(
    full_house: House, els: Clerk, kind: str
) -> None:
    house = full_house
    sender = house.loop() if kind == "loop" else house.worker("--concurrency", "1")
    fill(sender.log)
    for start in (0, 5):
        visits(5, els, start=start)
        if kind == "worker":
            house.wake_up()
        wait_for(all_settled, what="the mails")
        time.sleep(1)
        assert not sender.has_ended()
    assert_none_lost(house, 10)


def test_beat_without_room_for_its_schedule_ends_and_says_so(
    full_house: House, tmp_path: Path
) -> None:
    """Then /readyz reports that beat is away, and the container is started again."""
    schedule = str(tmp_path / "schedule")
    command = [*conftest.CELERY, "beat", "--schedule", schedule]
    nothing = [part.replace(str(BYTES), "0") for part in on_a_full_disk(command)]
    # A pipe takes its last words, as the container's log does.
    beat = subprocess.run(
        nothing,
        cwd=conftest.ROOT,
        env=full_house.env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert beat.returncode != 0
    last = json.loads(beat.stderr.splitlines()[-1])
    assert (last["event"], last["level"]) == ("process_ended", "critical")
    assert any("setup_schedule" in place for place in last["exception"])


@pytest.fixture
def full_web(
    django_db_setup: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[WebServer]:
    command = on_a_full_disk(parts.command(parts.WEB))
    monkeypatch.setattr(parts, "command", lambda _name: command)
    with web_server(tmp_path / "web.log", of_the_tests()) as server:
        fill(server.log)
        yield server


@pytest.mark.django_db
def test_pages_are_answered_whole(full_web: WebServer) -> None:
    for _ in range(5):
        assert full_web.ask(get("/counter/sign-in/")).startswith(b"HTTP/1.1 200")
    form = b"a" * 300_000
    posted = get("/counter/sign-in/", b"Content-Length: %d" % len(form))
    answer = full_web.ask(posted.replace(b"GET", b"POST") + form)
    assert answer.split()[1] in {b"400", b"403", b"413"}
    large = full_web.ask(get("/static/bootstrap/css/bootstrap.min.css"))
    head, _, body = large.partition(b"\r\n\r\n")
    (length,) = re.findall(rb"(?i)content-length: (\d+)", head)
    assert len(body) == int(length) > 100_000
    assert full_web.child.poll() is None

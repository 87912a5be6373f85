"""`make run` as a real process: its pages open, and it leaves no process behind."""

import os
import re
import signal
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from urllib.request import urlopen

import psutil
import psycopg
import pytest

from counter.staff.demo_accounts import DEMO_ACCOUNTS
from localrun import copies
from localrun.manage import use_services
from tests.localrun.started import Run, wait_until

pytestmark = pytest.mark.processes

#: For all processes, shortly after the start: it was 790 before parts were copies.
MOST_MIB = 450
PARTS = [
    "PostgreSQL",
    "Valkey",
    "mail catcher",
    "translations",
    *(["code"] if copies.can_copy else []),
    "database tables",
    "demo data",
    "web server",
    "worker",
    "delivery loop",
]


def is_loop(process: psutil.Process) -> bool:
    """Whether this is the delivery loop, by its name (a copy) or words (a command)."""
    return process.name() == "delivery loop" or "localrun.loop" in process.cmdline()


def memory(process: psutil.Process) -> float:
    """MiB of a process; what processes share is divided among them (PSS)."""
    rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
    [kib] = re.findall(r"^Pss: +(\d+) kB$", rollup, re.MULTILINE)
    return int(kib) / 1024


def status(port: int, path: str) -> int:
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as response:
        return int(response.status)


def test_it_reaches_the_desk_and_sigterm_to_it_alone_ends_all(
    start: Callable[..., Run], home: Path
) -> None:
    first = start().until_ready()
    for path in ("/healthz", "/counter/", "/admin/", "/demo/inbox/"):
        assert status(first.port, path) == 200, path
        assert path == "/healthz" or f":{first.port}{path}" in first.printed()
    output = first.printed()
    for account in DEMO_ACCOUNTS:
        assert re.search(rf"{account.username} +{account.password}", output)
    assert [name for name in PARTS if f"\n  {name} " not in output] == []

    if copies.can_copy:
        every = [psutil.Process(first.process.pid), *first.family]
        assert sum(memory(process) for process in every) < MOST_MIB

    with ExitStack() as stack, pytest.MonkeyPatch.context() as environ:
        for name in ("DATABASE_URL", "REDIS_URL"):
            environ.delenv(name, raising=False)
        use_services(stack, home)  # what `make migrate` begins with, beside a run
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            rows = connection.execute("SELECT count(*) FROM counter_office").fetchone()
        assert rows == (1,)
        for name in ("DATABASE_URL", "REDIS_URL"):
            environ.delenv(name)

    second = start()
    assert second.process.wait(20) == 1
    assert f"Another run (process {first.process.pid})" in second.printed()

    assert first.send(signal.SIGTERM) == 0
    assert first.survivors() == []
    assert not (home / "parts.json").exists()


def test_kill_9_is_no_obstacle_and_a_part_that_dies_is_named(
    start: Callable[..., Run],
) -> None:
    first = start().until_ready()
    first.send(signal.SIGKILL)

    second = start().until_ready()
    wait_until(lambda: not first.survivors(), 15)
    assert first.survivors() == []

    [loop] = [p for p in second.family if is_loop(p)]
    loop.kill()
    assert second.process.wait(30) == 1
    assert "The delivery loop ended by signal 9." in second.printed()
    assert second.survivors() == []


def test_a_signal_while_it_starts_ends_what_has_started(
    start: Callable[..., Run],
) -> None:
    started = start()
    wait_until(lambda: "Valkey" in started.printed(), 30)
    started.family = psutil.Process(started.process.pid).children(recursive=True)
    assert len(started.family) >= 2
    assert started.send(signal.SIGINT) == 0
    assert started.survivors() == []
    assert "Ready" not in started.printed()


def test_with_nohup_it_outlives_the_terminal(start: Callable[..., Run]) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # what nohup does
    try:
        started = start()
    finally:
        signal.signal(signal.SIGHUP, before)
    wait_until(lambda: "PostgreSQL" in started.printed(), 30)
    started.process.send_signal(signal.SIGHUP)
    wait_until(lambda: "mail catcher" in started.printed(), 30)
    assert "mail catcher" in started.printed()
    assert started.send(signal.SIGTERM) == 0

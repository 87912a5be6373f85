"""The wake-up after a visit: nobody waits for it, whatever state the broker is in.

It runs in a process of its own, so that each test can choose the broker's address.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import redis

from localrun import copies
from localrun.processes import free_port
from localrun.servers.services import Valkey
from tests.mail_server import BlackHole

ROOT = Path(__file__).parents[3]
# A broken broker may cost a whole visit one second, and a wake-up this much of it.
BOUND_MS = 100.0

# Wakes up once for each of so many visits, and prints the milliseconds of the slowest.
# It waits so many seconds for the broker in the end, so that the test sees the log.
RING = """
import sys, time, django
django.setup()
from notifications.outbox import waking
slowest = 0.0
for _ in range(int(sys.argv[1])):
    started = time.perf_counter()
    waking.wake_up()
    slowest = max(slowest, time.perf_counter() - started)
    time.sleep(0.02)
waking._bell.wait(float(sys.argv[2]))
print(slowest * 1000)
"""


def in_a_process(
    broker: str, script: str, *words: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script, *words],
        env=os.environ
        | {"REDIS_URL": broker, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=40,
        check=True,
    )


def ring(broker: str, *, visits: int = 20, wait: float = 0.0) -> tuple[float, str]:
    """The slowest wake-up in milliseconds, and what was logged."""
    done = in_a_process(broker, RING, str(visits), str(wait))
    slowest = float(done.stdout)
    print(f"slowest wake-up {slowest:.1f} ms, bound {BOUND_MS} ms")
    return slowest, done.stderr


# A process that has loaded the code, and a copy of it that ends after its wake-up.
COPY = """
import os, sys, django
from pathlib import Path
from localrun import copies
django.setup()
from notifications.outbox import waking
home = Path(sys.argv[1])
child = copies.Copy([sys.executable, str(home / "rings.py")], name="rings",
                    log=home / "log", env=os.environ, cwd=Path.cwd())
print(child.wait(20))
"""


@pytest.mark.processes
@pytest.mark.skipif(not copies.can_copy, reason="parts are copies on Linux only")
def test_a_copy_of_a_process_gives_its_last_ring_time(tmp_path: Path) -> None:
    (tmp_path / "rings.py").write_text(
        "from notifications.outbox import waking\nwaking.wake_up()"
    )
    with Valkey(tmp_path) as broker:
        done = in_a_process(broker.url, COPY, str(tmp_path))
        queued = redis.Redis.from_url(broker.url).lrange("celery", 0, -1)
    assert done.stdout == "0\n", (tmp_path / "log").read_text()
    assert len(queued) == 1


@pytest.mark.processes
def test_a_broker_that_is_away_costs_a_visit_no_time() -> None:
    broker = f"redis://:geheim@127.0.0.1:{free_port()}/0"
    slowest, _ = ring(broker)
    assert slowest < BOUND_MS

    _, logged = ring(broker, visits=1, wait=20)
    assert "wake_up_not_sent" in logged
    assert "geheim" not in logged


@pytest.mark.processes
def test_a_broker_that_swallows_everything_costs_a_visit_no_time() -> None:
    with BlackHole() as hole:
        slowest, _ = ring(f"redis://127.0.0.1:{hole.port}/0")

    assert slowest < BOUND_MS


# A wake-up would wait a minute for its page to be made, but a task makes no page.
OF_A_TASK = """
import django
django.setup()
from notifications.outbox import waking
waking.ANSWER_FIRST_SECONDS = 60.0
waking.wake_up_from_task()
print(waking._bell.wait(30))
"""


@pytest.mark.processes
def test_a_task_calls_another_sender_without_waiting_for_a_page(tmp_path: Path) -> None:
    with Valkey(tmp_path) as broker:
        done = in_a_process(broker.url, OF_A_TASK)
        queued = redis.Redis.from_url(broker.url).lrange("celery", 0, -1)
    assert done.stdout == "True\n"
    assert len(queued) == 1


@pytest.mark.processes
def test_a_broker_that_works_is_told_and_learns_nothing(tmp_path: Path) -> None:
    with Valkey(tmp_path) as broker:
        slowest, _ = ring(broker.url, wait=10)
        queued = redis.Redis.from_url(broker.url).lrange("celery", 0, -1)

    assert slowest < BOUND_MS
    # Twenty visits in 0.4 s: one message each tenth of a second, and the last one.
    assert 1 <= len(queued) <= 8
    assert all(b"notifications.tasks.deliver" in message for message in queued)

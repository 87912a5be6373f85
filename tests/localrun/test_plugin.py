"""The services of the tests are there for every test, and gone after the last one."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.processes

ROOT = Path(__file__).resolve().parent.parent.parent
SLEEPY = """
import os, pathlib, time
import psycopg

def test_the_services_are_there(tmp_path):
    psycopg.connect(os.environ["DATABASE_URL"]).close()
    pathlib.Path({here!r}).write_text(os.environ["DATABASE_URL"])
    time.sleep({seconds})
"""


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A directory for a test suite of one test, which `start` writes."""
    tmp_path.chmod(0o711)
    (tmp_path / "temporary").mkdir()
    return tmp_path


def start(suite: Path, *, seconds: int, words: str = "") -> subprocess.Popen[bytes]:
    source = SLEEPY.format(here=str(suite / "seen"), seconds=seconds)
    (suite / "test_sleepy.py").write_text(source)
    (suite / "pytest.ini").write_text("[pytest]\n")
    # In a shell's background job this process would ignore Ctrl-C, and its children
    # too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    left_out = {"DATABASE_URL", "REDIS_URL", "DEMO_INBOX", "PYTEST_XDIST_WORKER"}
    inherited = {k: v for k, v in os.environ.items() if k not in left_out}
    plugins = ["tests.plugins.services", "no:django", "no:cacheprovider"]
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "pytest", "-q", *words.split()),
            *(word for plugin in plugins for word in ("-p", plugin)),
            *("-c", str(suite / "pytest.ini"), str(suite)),
        ],
        cwd=ROOT,
        env={**inherited, "TMPDIR": str(suite / "temporary")},
        stdout=subprocess.DEVNULL,
    )


def servers_under(directory: Path) -> list[psutil.Process]:
    processes = psutil.process_iter(["cmdline", "status"])
    return [p for p in processes if str(directory) in " ".join(p.info["cmdline"] or [])]


def test_with_parallel_workers_one_server_is_started(suite: Path) -> None:
    assert start(suite, seconds=0, words="-n 2").wait(60) == 0
    assert list((suite / "temporary").glob("sleutelloket-*")) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing(suite: Path, number: signal.Signals) -> None:
    tests = start(suite, seconds=60)
    deadline = time.monotonic() + 30
    while not (suite / "seen").exists():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert servers_under(suite / "temporary")
    tests.send_signal(number)
    assert tests.wait(30) != 0
    assert servers_under(suite / "temporary") == []
    assert list((suite / "temporary").glob("sleutelloket-*")) == []

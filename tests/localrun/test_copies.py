"""A part that is a copy of the supervisor behaves as the command that it replaces."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from localrun import copies, lock
from localrun.lock import ROOT

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(not copies.can_copy, reason="parts are copies on Linux only"),
]

BEGINNING = """
import os, signal, subprocess, sys, time
from pathlib import Path
from localrun import copies, lock
home = Path(sys.argv[1])
def copy(words, **environ):
    return copies.Copy([sys.executable, *words], name="a part with a long name",
                       log=home / "log", env=os.environ | environ, cwd=home)
"""
TOLD = """
import os, sys, threading
from pathlib import Path
print(sys.argv, os.getcwd(), os.environ["TOLD"], __name__, sys.stdin.read() == "")
print(Path("/proc/self/comm").read_text().strip(), os.getsid(0) == os.getpid())
files = [f"/proc/self/fd/{name}" for name in os.listdir("/proc/self/fd")]
print({os.readlink(file) for file in files if os.path.lexists(file)})
print("a last word", file=sys.stderr)
raise SystemExit(7)
"""


def run(home: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Run BEGINNING and the script in a new Python process."""
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", BEGINNING + script, str(home)],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )


def test_it_is_the_command_as_far_as_anybody_sees(tmp_path: Path) -> None:
    (tmp_path / "told.py").write_text(TOLD)
    done = run(
        tmp_path,
        "signal.signal(signal.SIGTERM, lambda *_: None)\n"
        "held = lock.take(home / 'held', lock.RUN)\n"
        "child = copy(['told.py', 'one', 'two words'], TOLD='yes')\n"
        "print(child.wait(20), child.poll(), child.returncode)",
    )
    assert done.stdout == "7 7 7\n", done.stderr
    words, name, files, last = (tmp_path / "log").read_text().splitlines()
    expected = ["told.py", "one", "two words"]
    assert words == f"{expected} {tmp_path} yes __main__ True"
    assert name == "a part with a l True"
    assert "lock" not in files
    assert last == "a last word"


def test_a_module_is_run_as_python_m_does(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        "child = copy(['-m', 'json.tool', '--help'])\nprint(child.wait(20))",
    )
    assert done.stdout == "0\n", done.stderr
    assert (tmp_path / "log").read_text().startswith("usage: ")


def test_a_signal_in_its_first_instant_ends_it(tmp_path: Path) -> None:
    """The supervisor's handlers, which were copied with it, are not called."""
    (tmp_path / "waits.py").write_text("import time\ntime.sleep(60)")
    done = run(
        tmp_path,
        "signal.signal(signal.SIGTERM, lambda *_: None)\n"
        "children = [copy(['waits.py']) for _ in range(10)]\n"
        "for child in children: child.send_signal(signal.SIGTERM)\n"
        "print({child.wait(20) for child in children})",
    )
    assert done.stdout == f"{{-{signal.SIGTERM.value}}}\n", done.stderr


def test_an_error_that_ends_it_is_told_in_full_to_who_runs_it(tmp_path: Path) -> None:
    """Kept logs leave out the text of errors; this log is for whoever runs the copy."""
    (tmp_path / "fails.py").write_text(
        "from config.logs import log_uncaught_errors\n"
        "log_uncaught_errors()\n"
        "raise LookupError('why it cannot go on')"
    )
    done = run(tmp_path, "child = copy(['fails.py'])\nprint(child.wait(20))")
    assert done.stdout == "1\n", done.stderr
    assert "LookupError: why it cannot go on" in (tmp_path / "log").read_text()


def test_one_that_does_not_end_in_time_is_said_as_popen_says_it(tmp_path: Path) -> None:
    (tmp_path / "waits.py").write_text("import time\ntime.sleep(60)")
    done = run(
        tmp_path,
        "child = copy(['waits.py'])\n"
        "try: child.wait(0.1)\n"
        "except subprocess.TimeoutExpired: print('late', child.poll())\n"
        "child.send_signal(signal.SIGKILL)\n"
        "print(child.wait(20))",
    )
    assert done.stdout == "late None\n-9\n", done.stderr


def test_it_holds_no_lock_and_dies_with_the_supervisor(tmp_path: Path) -> None:
    (tmp_path / "waits.py").write_text("import time\ntime.sleep(60)")
    done = run(
        tmp_path,
        "held = lock.take(home / 'held', lock.RUN)\n"
        "child = copy(['waits.py'])\n"
        "try: lock.take(home / 'held', lock.COMMAND)\n"
        "except lock.TakenError as taken: print(child.pid, taken.kind, flush=True)\n"
        "os._exit(0)",
    )
    pid, holder = done.stdout.split()
    assert holder == lock.RUN
    lock.take(tmp_path / "held", lock.COMMAND).close()
    for _ in range(100):
        status = Path(f"/proc/{pid}/status")
        if not status.exists() or "\nState:\tZ" in status.read_text():
            break
        subprocess.run(["sleep", "0.05"], check=True)
    else:
        pytest.fail("it lives on")

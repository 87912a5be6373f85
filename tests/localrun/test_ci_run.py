"""The last line and the exit status of `.ci/run`, however the benchmarks end."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
CLOSING = "== 7 passed in 1.23s =="


def run(home: Path, *, check: str, bench: str) -> subprocess.CompletedProcess[str]:
    """Run `.ci/run` where the targets of make do what these two lines of shell say."""
    parts = home / ".ci"
    parts.mkdir()
    shutil.copy(ROOT / ".ci" / "run", parts)
    (parts / "system").write_text("#!/bin/sh\n")
    commands = home / "commands"
    commands.mkdir()
    (commands / "make").write_text(
        f"#!/bin/sh\ncase $* in\n*bench*) {bench} ;;\ncheck) {check} ;;\nesac\n"
    )
    for path in (parts / "system", commands / "make"):
        path.chmod(0o755)
    return subprocess.run(
        [str(parts / "run")],
        env=os.environ
        | {"PATH": f"{commands}:{os.environ['PATH']}", "BENCH_SECONDS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    "bench",
    [
        "echo the table",
        "echo the table; exit 1",
        "echo the table; echo 3 failed in 1.0s; kill -9 $$",
        "echo the table; sleep 600",
        # A benchmark that ignores the signal to stop, and has a child of its own.
        "echo the table; setsid sleep 30 & trap '' TERM; sleep 1.5",
    ],
    ids=["well", "fails", "is killed", "hangs", "leaves a child behind"],
)
def test_the_closing_line_of_pytest_comes_last(tmp_path: Path, bench: str) -> None:
    began = time.monotonic()
    answer = run(tmp_path, check=f"echo '{CLOSING}'; echo after it", bench=bench)
    lines = answer.stdout.splitlines()
    assert (answer.returncode, lines[-1]) == (0, CLOSING)
    assert "the table" in lines
    assert time.monotonic() - began < 25


def test_what_fails_is_not_measured(tmp_path: Path) -> None:
    failed = "== 1 failed, 6 passed in 1.23s =="
    answer = run(tmp_path, check=f"echo '{failed}'; exit 2", bench="echo the table")
    assert answer.returncode == 2
    assert answer.stdout.splitlines()[-1] == failed
    assert "the table" not in answer.stdout

"""The progress of a long measurement is printed while it runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench import running

SAYS = "import sys, bench.measure as m; m.tell('50 pages'); m.tell('100 pages')"


def child(progress: Path, code: str) -> "subprocess.Popen[bytes]":
    environ = {"BENCH_PROGRESS": str(progress)}
    return subprocess.Popen([sys.executable, "-c", code], env=environ)


def test_each_line_is_printed_once_and_in_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    progress = tmp_path / "screens.progress"
    with child(progress, SAYS) as process:
        running.follow(process, progress, 60)
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert lines == ["", "50 pages", "100 pages"]


def test_who_takes_too_long_is_given_up(tmp_path: Path) -> None:
    with child(tmp_path / "none", "import time; time.sleep(60)") as process:
        with pytest.raises(subprocess.TimeoutExpired):
            running.follow(process, tmp_path / "none", 0.2)
        process.kill()

"""Who waits for other processes has a second try, and the run tells of the first."""

from pathlib import Path

import pytest

from tests.pytest_inside import run_pytest

MARKS = "[pytest]\nmarkers =\n    browser\n    processes\n    long\n"
FAILS_ONCE = """
import pathlib
import pytest

tries = pathlib.Path(__file__).with_name("tries")

@pytest.mark.{mark}
def test_of_others():
    before = tries.read_text() if tries.exists() else ""
    tries.write_text(before + "x")
    assert len(before) >= {failures}, "the first words of the failure"
"""


def ran(home: Path, *, mark: str, failures: int = 1, soak: str = "") -> tuple[int, str]:
    (home / "pytest.ini").write_text(MARKS)
    (home / "test_others.py").write_text(
        FAILS_ONCE.format(mark=mark, failures=failures)
    )
    words = ("--rerun-show-tracebacks", str(home))
    run = run_pytest(home, "second_try", *words, SOAK=soak)
    return run.returncode, run.stdout


@pytest.mark.parametrize("mark", ["browser", "processes"])
def test_one_failure_passes_and_is_told(tmp_path: Path, mark: str) -> None:
    status, told = ran(tmp_path, mark=mark)
    assert status == 0
    assert "1 passed, 1 rerun" in told
    assert "the first words of the failure" in told


def test_two_failures_fail(tmp_path: Path) -> None:
    status, told = ran(tmp_path, mark="processes", failures=2)
    assert status == 1
    assert "1 failed, 1 rerun" in told


def test_what_needs_nobody_else_has_one_try(tmp_path: Path) -> None:
    status, told = ran(tmp_path, mark="long")
    assert status == 1
    assert "1 rerun" not in told


def test_the_long_run_gives_one_try(tmp_path: Path) -> None:
    status, told = ran(tmp_path, mark="processes", soak="1")
    assert status == 1
    assert "1 rerun" not in told

"""`make quick` leaves out the tests that took long at the last measurement."""

from pathlib import Path

import pytest

from tests.plugins import long_tests
from tests.pytest_inside import ROOT, run_pytest

SETTINGS = """[pytest]
markers =
    browser
    processes
    long
"""
TESTS = f"""
import time
import pytest

@pytest.mark.parametrize("seconds", [0, {long_tests.LONG_SECONDS}])
def test_slow(seconds):
    time.sleep(seconds)

@pytest.mark.browser
def test_pages():
    time.sleep({long_tests.LONG_SECONDS})

def test_quick():
    pass

def test_left_out():
    pass
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "pytest.ini").write_text(SETTINGS)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_some.py").write_text(TESTS)
    return tmp_path


def ran(home: Path, *words: str) -> str:
    run = run_pytest(home, "long_tests", "-v", *words)
    assert run.returncode == 0, run.stdout
    return run.stdout


def test_what_took_long_is_noted_and_then_left_out(home: Path) -> None:
    ran(home, "--note-long")
    noted = home / "tests" / "long_tests.txt"
    assert noted.read_text() == "tests/test_some.py::test_slow\n"
    output = ran(home, "-m", "not browser and not long")
    assert "test_quick" in output
    assert "test_slow" not in output


def test_what_did_not_run_keeps_its_line(home: Path) -> None:
    noted = home / "tests" / "long_tests.txt"
    noted.write_text(
        "tests/test_gone.py::test_gone\n"
        "tests/test_some.py::test_gone\n"
        "tests/test_some.py::test_left_out\n"
        "tests/test_some.py::test_quick\n"
    )
    ran(home, "--note-long", "-k", "quick")
    assert noted.read_text() == "tests/test_some.py::test_left_out\n"


def test_each_line_names_a_test_that_is_there() -> None:
    noted = long_tests.noted(ROOT)
    assert noted
    assert {name for name in noted if not long_tests.is_there(name, ROOT)} == set()

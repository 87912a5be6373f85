"""`make soak` goes on where it was stopped, ends in time, and says what it left out."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench import soak, soak_page

SMALL = "tests/test_logs.py"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soak, "KEPT", tmp_path / "kept")
    monkeypatch.setattr(soak, "PAGE", tmp_path / "reliability.md")
    soak.PAGE.write_text(soak_page.MARK)


def in_ten_minutes() -> float:
    return time.monotonic() + 600


@pytest.mark.processes
def test_what_has_passed_is_not_run_again(capsys: pytest.CaptureFixture[str]) -> None:
    first = soak.Soak(code="abc", until=in_ten_minutes())
    first.run([SMALL], jobs=1)
    assert first.results[SMALL].outcome == "passed"
    assert first.results[SMALL].mebibytes > 10
    assert f"1/1 {SMALL}: passed" in capsys.readouterr().out
    again = soak.Soak(code="abc", until=in_ten_minutes())
    again.run([SMALL], jobs=1)
    told = capsys.readouterr().out
    assert "1 passed before on abc" in told
    assert "begins" not in told
    other_code = soak.Soak(code="def", until=in_ten_minutes())
    assert other_code.results == {}


@pytest.mark.processes
def test_what_fails_is_said_and_run_again() -> None:
    once = soak.Soak(code="abc", until=in_ten_minutes())
    once.run(["tests/no_such_test.py"], jobs=1)
    assert once.results["tests/no_such_test.py"].outcome.startswith("failed")
    assert soak.Soak(code="abc", until=in_ten_minutes()).results == {}


def test_without_time_left_nothing_is_begun() -> None:
    late = soak.Soak(code="abc", until=time.monotonic())
    late.run([SMALL], jobs=1)
    assert late.results[SMALL].outcome == "not run: no time left"
    page = soak_page.page(late.results.values(), code="abc")
    assert page.endswith(f"Not run:\n\n- `{SMALL}`\n")


STOPPED = """
import sys
from pathlib import Path
from bench import soak, soak_page
soak.KEPT, soak.PAGE = Path(sys.argv[1]), Path(sys.argv[2])
sys.argv = ["soak", sys.argv[3], "tests/test_sizes.py"]
raise SystemExit(soak.main())
"""


@pytest.mark.processes
def test_ctrl_c_ends_what_is_under_way_and_begins_nothing_more(tmp_path: Path) -> None:
    slow = tmp_path / "test_slow.py"
    slow.write_text("import time\n\ndef test_slow():\n    time.sleep(600)\n")
    page = tmp_path / "page.md"
    page.write_text(soak_page.MARK)
    words = [sys.executable, "-c", STOPPED, str(tmp_path), str(page), str(slow)]
    with subprocess.Popen(
        words,
        cwd=soak.ROOT,
        env={**os.environ, "JOBS": "1"},
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout
        assert "begins" in run.stdout.readline()
        run.send_signal(signal.SIGINT)
        told = run.stdout.read()
        assert run.wait(60) == 1
    assert "0 of 2 passed." in told
    assert "cut off: stopped" in page.read_text()
    assert "Not run:\n\n- `tests/test_sizes.py`\n" in page.read_text()


def test_what_passed_on_another_commit_keeps_its_line_with_that_commit() -> None:
    one, other = SMALL, "tests/test_sizes.py"
    before = soak.Soak(code="abc", until=in_ten_minutes())
    before.keep(soak_page.Result(one, "passed", 90, 100, [], "abc"))
    before.keep(soak_page.Result(other, "failed: /x", 10, 100, [], "abc"))
    soak.PAGE.write_text(soak_page.page(before.with_older(), code="abc"))
    after = soak.Soak(code="def", until=in_ten_minutes())
    after.keep(soak_page.Result(other, "passed", 12, 100, [], "def"))
    after.keep(soak_page.Result(one, "not run: stopped", 0, 0, [], "def"))
    page = soak_page.page(after.with_older(), code="def")
    assert f"| `{one}` | passed on `abc` | 90 |" in page
    assert f"| `{other}` | passed | 12 |" in page


def test_a_line_of_the_page_is_kept_where_nothing_else_is_known_of_the_run() -> None:
    """On another machine, or after `.local/` was deleted."""
    other = "tests/test_sizes.py"
    before = [
        soak_page.Result(SMALL, "passed", 90, 100, ["lost: 0", "sent: 3"], "abc"),
        soak_page.Result(other, "passed", 5, 50, [], "before"),
        soak_page.Result("tests/test_names.py", "failed: /x", 5, 50, [], "abc"),
        soak_page.Result("tests/no_such_test.py", "passed", 5, 50, [], "abc"),
    ]
    soak.PAGE.write_text("Above.\n" + soak_page.page(before, code="abc"))
    after = soak.Soak(code="def", until=in_ten_minutes())
    after.keep(soak_page.Result(other, "passed", 12, 100, [], "def"))
    page = soak_page.page(after.with_older(), code="def")
    assert f"| `{SMALL}` | passed on `abc` | 90 | 100 | lost: 0; sent: 3 |" in page
    assert f"| `{other}` | passed | 12 |" in page
    assert "test_names" not in page
    assert "no_such_test" not in page


def test_a_file_that_has_no_line_yet_is_run_first() -> None:
    done = soak_page.Result("tests/test_audit.py", "passed", 90, 100, [], "abc")
    soak.PAGE.write_text(soak_page.page([done], code="abc"))
    assert soak.in_order(["tests/test_audit.py", SMALL]) == [
        SMALL,
        "tests/test_audit.py",
    ]


def test_figures_are_what_tests_print_for_people() -> None:
    told = (
        '{"event": "x: 1"}\n..answers: 489, lost: 0 (0)\n'
        ".sign_in: 1 hash\n.sFthreads: 5\n.s500 pairs\n.sent: 3\nsent: 3\n"
        "1000 guesses (seed 1): 0 accepted (bound 0)\n.no figure\n. [100%]\n"
        "2026-12-01 10:43:02 200 sent\n"
        "=== FAILURES ===\nE       SystemExit: 143\n12 passed in 3.1s\n"
    )
    assert soak_page.figures_in(told) == [
        "answers: 489, lost: 0 (0)",
        "sign_in: 1 hash",
        "threads: 5",
        "500 pairs",
        "sent: 3",
        "1000 guesses (seed 1): 0 accepted (bound 0)",
    ]
    assert soak_page.figures_in("..\n12 passed in 3.1s\n") == []


def test_every_file_of_two_sizes_is_run() -> None:
    assert "tests/processes/test_rolling_restart.py" in soak.files()
    assert len(soak.files()) > 20

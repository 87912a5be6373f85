"""`make reset` deletes the data, and says so only when all of them are gone."""

import subprocess
from pathlib import Path

import pytest

from localrun import lock, reset
from localrun.processes import Leftovers


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    for name in reset.DATA:
        (home / name / "below").mkdir(parents=True)
        (home / name / "below" / "data").touch()
    (home / "schedule.db").touch()
    monkeypatch.setattr(lock, "HOME", home)
    return home


def test_all_data_are_gone(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert reset.main() == 0
        assert {path.name for path in home.iterdir()} == {"lock"}
        assert "are gone" in capsys.readouterr().out


def test_what_is_left_is_named_and_all_else_is_gone(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = (home / "postgres").rename(tmp_path / "elsewhere")
    (home / "postgres").symlink_to(elsewhere)
    (home / "schedule").mkdir()

    assert reset.main() == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert f"\n  {home / 'postgres'}: " in printed.err
    assert f"\n  {home / 'schedule'}: " in printed.err
    assert {path.name for path in home.iterdir()} == {"lock", "postgres", "schedule"}


@pytest.mark.processes
def test_what_a_killed_run_left_of_valkey_is_ended(home: Path) -> None:
    """Only on Linux does a server end with the run that started it."""
    with subprocess.Popen(["sleep", "600"], start_new_session=True) as left:
        Leftovers(home / "valkey" / "pids.json").add(left.pid)
        assert reset.main() == 0
        assert left.wait(5) != 0

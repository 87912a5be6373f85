"""What make and its scripts print before anything is installed."""

import os
import re
import subprocess
from pathlib import Path

from bench import soak

ROOT = Path(__file__).resolve().parent.parent.parent


def choose_python(directory: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """`.ci/python` on a machine that has only what is in `directory`."""
    return subprocess.run(
        ["/bin/sh", str(ROOT / ".ci" / "python")],
        env={"PATH": str(directory), "HOME": str(directory), **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def put_python(directory: Path, name: str, version: str) -> Path:
    """A command that answers the script's two questions as that version would."""
    status = 0 if int(version.split(".")[1]) >= 12 else 1
    answers = f'case "$2" in *platform*) echo {version} ;; *) exit {status} ;; esac'
    path = directory / name
    path.write_text(f"#!/bin/sh\n{answers}\n")
    path.chmod(0o755)
    return path


def test_an_old_python_is_named_with_what_to_do(tmp_path: Path) -> None:
    put_python(tmp_path, "python3", "3.11.2")
    answer = choose_python(tmp_path)
    assert answer.returncode == 1
    assert "Python 3.12 or later is needed: python3 is 3.11.2" in answer.stderr
    assert answer.stdout == ""


def test_a_newer_python_beside_an_old_one_is_found(tmp_path: Path) -> None:
    put_python(tmp_path, "python3", "3.11.2")
    newer = put_python(tmp_path, "python3.14", "3.14.0")
    assert choose_python(tmp_path).stdout.strip() == str(newer)


def test_a_python_can_be_chosen(tmp_path: Path) -> None:
    put_python(tmp_path, "python3", "3.13.1")
    chosen = put_python(tmp_path, "mine", "3.12.1")
    assert choose_python(tmp_path, PYTHON=str(chosen)).stdout.strip() == str(chosen)


def test_no_python_at_all_is_said(tmp_path: Path) -> None:
    answer = choose_python(tmp_path)
    assert answer.returncode == 1
    assert "no Python was found" in answer.stderr


def test_every_target_that_is_promised_exists() -> None:
    shown = subprocess.run(
        ["make", "--print-data-base", "--question", "help"],
        cwd=ROOT,
        env={**os.environ, "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    promised = (
        "run test check bench lint scripts types fix migrate seed reset messages pins"
    )
    missing = [name for name in promised.split() if f"\n{name}:" not in shown]
    assert missing == []


def test_every_test_with_two_sizes_is_in_the_soak() -> None:
    own = Path(__file__)
    # Only the name in Python counts: in quotes or before a `=`, it is the variable of
    # the environment.
    sizes = {
        path
        for path in own.parents[1].rglob("test_*.py")
        if path != own and re.search(r'(?<!")\bSOAK\b(?!=)', path.read_text())
    }
    listed = {ROOT / name for name in soak.files()}
    assert set() != sizes <= listed


def test_a_machine_without_node_is_told_what_is_not_checked(tmp_path: Path) -> None:
    (tmp_path / "id").symlink_to("/bin/false")
    answer = subprocess.run(
        ["/bin/sh", str(ROOT / ".ci" / "system"), "node"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0
    assert "apt-get install nodejs npm" in answer.stderr
    assert "our JavaScript and CSS are not checked" in answer.stderr

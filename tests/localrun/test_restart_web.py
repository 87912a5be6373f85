"""The web servers of compose are started anew one after the other."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
#: Two containers run; everything that is asked of it is written down.
DOCKER = """#!/bin/sh
echo "$@" >>asked
case "$*" in "compose ps --quiet web") [ -e none ] || printf 'one\\ntwo\\n';; esac
case "$*" in *--scale*) [ ! -e ill ];; esac
"""


def restarted(home: Path, *marks: str) -> tuple[int, list[str]]:
    for name in ("docker", "sleep", ".ci/restart-web"):
        (home / name).parent.mkdir(exist_ok=True)
    (home / "docker").write_text(DOCKER)
    (home / "sleep").write_text("#!/bin/sh\necho sleep $@ >>asked\n")
    script = (ROOT / ".ci" / "restart-web").read_text()
    (home / ".ci" / "restart-web").write_text(script)
    for name in ("docker", "sleep", ".ci/restart-web"):
        (home / name).chmod(0o755)
    for mark in marks:
        (home / mark).touch()
    done = subprocess.run(
        [str(home / ".ci" / "restart-web")],
        env={"PATH": f"{home}:{os.defpath}"},
        capture_output=True,
        check=False,
    )
    return done.returncode, (home / "asked").read_text().splitlines()


def up(count: int) -> str:
    words = "compose up --detach --no-deps --no-recreate --wait --scale"
    return f"{words} web={count} web"


def test_the_old_ones_go_when_the_new_ones_are_healthy_and_known(
    tmp_path: Path,
) -> None:
    assert restarted(tmp_path) == (
        0,
        [
            "compose ps --quiet web",
            up(4),
            "sleep 6",
            *("stop --time 30 one", "rm one"),
            *("stop --time 30 two", "rm two"),
            up(2),
        ],
    )


def test_where_the_new_ones_do_not_get_healthy_the_old_ones_stay(
    tmp_path: Path,
) -> None:
    code, asked = restarted(tmp_path, "ill")
    assert code != 0
    assert asked == ["compose ps --quiet web", up(4)]


def test_where_none_runs_none_is_started(tmp_path: Path) -> None:
    assert restarted(tmp_path, "none") == (1, ["compose ps --quiet web"])

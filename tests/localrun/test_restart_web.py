""".ci/restart-web starts new web servers of compose, then stops the old ones.

Here `docker` is a script that only writes down its arguments; docs/servers.md says what
was tried with a real one.
"""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
#: Two containers run, and `job` is somebody's `docker compose run web`. Two more can be
#: made. Files set the case: `none` runs, new ones stay `ill`, or `both` when somebody
#: else restarts them at the same time. All arguments go into the file `asked`.
DOCKER = """#!/bin/sh
echo "$@" >>asked
case "$*" in
    "compose ps --quiet web")
        [ ! -e both ] || { rm both; .ci/restart-web; }
        [ -e none ] || printf 'one\\ntwo\\n';;
    "compose create "*) touch made;;
    "compose ps --all --quiet web")
        printf 'job\\none\\ntwo\\n'; [ ! -e made ] || printf 'three\\nfour\\n';;
    inspect*) if [ -e ill ]; then echo starting; else echo healthy; fi;;
esac
"""
MADE = [
    "compose ps --quiet web",
    "compose rm --force web roles migrate",
    "compose ps --all --quiet web",
    # Without --no-deps: containers made with it are replaced by the next `up`.
    "compose create --no-recreate --scale web=4 web",
    "compose ps --all --quiet web",
    "start three four",
]
INSPECT = "inspect --format {{.State.Health.Status}}"


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


def test_the_old_ones_go_when_the_new_ones_are_healthy_and_known(
    tmp_path: Path,
) -> None:
    assert restarted(tmp_path) == (
        0,
        [
            *MADE,
            *(f"{INSPECT} three", f"{INSPECT} four"),
            "sleep 6",
            *("stop --time 30 one", "rm one"),
            *("stop --time 30 two", "rm two"),
        ],
    )


def test_where_the_new_ones_do_not_get_healthy_the_old_ones_stay(
    tmp_path: Path,
) -> None:
    code, asked = restarted(tmp_path, "ill")
    assert code != 0
    assert asked[: len(MADE)] == MADE
    waited = asked[len(MADE) : -3]
    assert set(waited) == {f"{INSPECT} three", "sleep 2"}
    assert waited.count("sleep 2") == 90
    assert asked[-3:] == [
        "logs --tail 20 three",
        "logs --tail 20 four",
        "rm --force three four",
    ]


def test_a_second_one_at_the_same_time_does_nothing(tmp_path: Path) -> None:
    code, asked = restarted(tmp_path, "both")
    assert code == 0
    assert asked[: len(MADE)] == MADE
    assert asked.count(MADE[0]) == 1


def test_where_none_runs_none_is_started(tmp_path: Path) -> None:
    assert restarted(tmp_path, "none") == (1, ["compose ps --quiet web"])

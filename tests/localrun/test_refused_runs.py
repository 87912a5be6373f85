"""When `make run` cannot start, it says why in a plain sentence."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from counter.database.older_database import CURE, MESSAGE
from localrun import needs
from localrun.manage import use_services
from localrun.processes import ServiceError, free_port
from localrun.servers.services import Postgres
from tests.counter.database.test_older_database import YESTERDAY
from tests.localrun.started import ROOT, SET_BY_TESTS, Run

pytestmark = pytest.mark.processes

#: The last port that only root may listen on.
PRIVILEGED = (
    int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text()) - 1
    if sys.platform == "linux"
    else 0
)


def test_a_taken_port_is_named_before_anything_starts(
    start: Callable[..., Run], home: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = start(port=port)
        assert refused.process.wait(20) == 1
    assert f"Port {port} is taken" in refused.printed()
    assert f"make run PORT={port + 1}" in refused.printed()
    assert not (home / "postgres").exists()


@pytest.mark.parametrize("taken_by_a_file", ["", "smtp.port/x"])
def test_a_home_that_cannot_be_used_is_named_in_a_line(
    start: Callable[..., Run], home: Path, taken_by_a_file: str
) -> None:
    path = home / taken_by_a_file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    refused = start()
    assert refused.process.wait(60) == 1
    assert str(home) in refused.printed()
    assert "Traceback" not in refused.printed()


@pytest.mark.parametrize("port", ["70000", "0", "-1", "abc", ""])
def test_a_port_that_is_none_is_named_in_a_line(home: Path, port: str) -> None:
    refused = subprocess.run(
        [sys.executable, "-m", "localrun.run", "--home", str(home)],
        cwd=ROOT,
        env={**os.environ, "PORT": port},
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 2
    assert f"'{port}' is no port" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not home.exists()


@pytest.mark.skipif(PRIVILEGED < 1, reason="everybody may listen on every port here")
def test_a_port_that_only_root_may_have_is_not_called_taken() -> None:
    script = (
        "import os\n"
        "from localrun import needs\n"
        "os.geteuid() or os.setuid(65534)\n"
        f"needs.need_port({PRIVILEGED})"
    )
    refused = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"may not listen on port {PRIVILEGED}" in refused.stderr


def test_a_database_that_is_away_is_said_to_be_the_reason(
    start: Callable[..., Run],
) -> None:
    nowhere = f"postgresql://x:y@127.0.0.1:{free_port()}/z"
    failed = start(DATABASE_URL=nowhere)
    assert failed.process.wait(60) == 1
    assert "PostgreSQL   " not in failed.printed()
    assert "The database tables ended with 1." in failed.printed()
    assert "Connection refused" in failed.printed()


def test_data_of_an_older_version_are_said_to_be_the_reason(
    start: Callable[..., Run], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Postgres(home) as server, psycopg.connect(server.owner_url) as older:
        older.execute(YESTERDAY.encode())
    refused = start()
    assert refused.process.wait(60) == 1
    assert f"\n{MESSAGE} {CURE}\n" in refused.printed()
    assert "Traceback" not in refused.printed()

    for name in SET_BY_TESTS:
        monkeypatch.delenv(name, raising=False)
    with ExitStack() as stack, pytest.raises(ServiceError, match=MESSAGE):
        use_services(stack, home)  # what `make migrate` and `make seed` begin with


def test_missing_pango_comes_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ctypes.util.find_library", lambda _name: None)
    with pytest.raises(ServiceError, match=r"apt-get install libpango"):
        needs.need_pango()

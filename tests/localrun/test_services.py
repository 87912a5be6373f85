"""PostgreSQL and Valkey from their wheels start, stop, and start after kill -9."""

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from localrun.servers import postgres_program
from localrun.servers.accounts import database_account
from localrun.servers.postgres import DATABASE
from localrun.servers.services import Postgres, ServiceError, Valkey
from tests.localrun.started import ODD_NAME, alive

pytestmark = pytest.mark.processes


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Postgres]:
    server = Postgres(tmp_path, durable=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    server = Valkey(tmp_path)
    server.start()
    yield server
    server.stop()


def write(server: Postgres) -> None:
    with psycopg.connect(server.owner_url) as connection:
        connection.execute("CREATE TABLE visit AS SELECT 1 AS number")


def read(server: Postgres) -> object:
    with psycopg.connect(server.owner_url) as connection:
        return connection.execute("SELECT number FROM visit").fetchall()


def test_postgres_is_18_and_has_what_name_search_needs(postgres: Postgres) -> None:
    with psycopg.connect(postgres.owner_url) as connection:
        assert connection.info.server_version // 10_000 == 18
        connection.execute("CREATE EXTENSION pg_trgm")
        connection.execute("CREATE EXTENSION unaccent")


def test_data_are_found_again_after_a_stop(postgres: Postgres) -> None:
    write(postgres)
    postgres.stop()
    postgres.start()
    assert read(postgres) == [(1,)]


def test_data_and_address_are_found_again_after_kill_9(postgres: Postgres) -> None:
    address = postgres.url
    write(postgres)
    postgres.kill()
    assert (postgres.data / "postmaster.pid").exists()
    assert postgres.start() == address
    assert read(postgres) == [(1,)]


def test_a_long_recovery_after_a_crash_is_waited_for(postgres: Postgres) -> None:
    write(postgres)
    postgres.kill()
    slow = threading.Thread(target=recovers_slowly, args=(postgres, 2.5))
    slow.start()
    postgres.start(timeout=1.0)
    slow.join()
    assert read(postgres) == [(1,)]


def recovers_slowly(server: Postgres, seconds: float) -> None:
    """Suspend the process that recovers the data for `seconds`, as soon as it runs."""
    while server.process is None:
        time.sleep(0.001)
    program = psutil.Process(server.process.pid)
    while True:
        with suppress(psutil.Error):
            for child in program.children():
                if "startup" in " ".join(child.cmdline()):
                    child.suspend()
                    time.sleep(seconds)
                    child.resume()
                    return
        time.sleep(0.001)


def test_a_server_left_running_is_stopped_first(
    postgres: Postgres, tmp_path: Path
) -> None:
    write(postgres)
    left = postgres.process
    assert left is not None
    second = Postgres(tmp_path, durable=False)
    second.start()
    assert read(second) == [(1,)]
    assert left.wait(5) == 0
    assert "left by an earlier run" in second.notes[-1]
    second.stop()


def test_a_stale_pid_given_to_another_process_is_no_obstacle(
    postgres: Postgres,
) -> None:
    write(postgres)
    postgres.kill()
    lock = postgres.data / "postmaster.pid"
    _, *rest = lock.read_text().splitlines()
    # The number of a process of the same account that is no PostgreSQL. One of another
    # account, or the one that starts it, is no obstacle to PostgreSQL itself.
    account = database_account(postgres.data)
    other = subprocess.Popen(
        ["sleep", "60"],
        user=account.uid if account else None,
        group=account.gid if account else None,
    )
    lock.write_text("\n".join([str(other.pid), *rest]))
    try:
        postgres.start()
        assert read(postgres) == [(1,)]
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_half_made_data_are_made_again(tmp_path: Path) -> None:
    draft = tmp_path / "postgres" / "data.new"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18")
    with Postgres(tmp_path, durable=False) as server:
        assert server.url.endswith(f"/{DATABASE}")


def test_a_taken_port_is_passed_over(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with Postgres(tmp_path, durable=False, port=port) as server:
            assert server.port != port


def test_data_of_another_version_are_refused_in_plain_words(
    postgres: Postgres,
) -> None:
    postgres.stop()
    (postgres.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(ServiceError, match=r"written by PostgreSQL 17.*make reset"):
        postgres.start()


def test_a_wrong_password_does_not_get_in(postgres: Postgres) -> None:
    address = f"postgresql://{DATABASE}:wrong@127.0.0.1:{postgres.port}/postgres"
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(address)


def test_passwords_are_in_no_list_of_processes(
    postgres: Postgres, valkey: Valkey
) -> None:
    files = list(postgres.home.glob("*.password"))
    assert len(files) == 3
    assert not any(file.stat().st_mode & 0o077 for file in files)
    for server in (postgres.process, valkey.process):
        assert server is not None
        words = " ".join(psutil.Process(server.pid).cmdline())
        assert not any(file.read_text() in words for file in files)
        assert valkey.password not in words


def test_a_directory_may_have_any_name(tmp_path: Path) -> None:
    home = tmp_path / ODD_NAME
    with Postgres(home, durable=False) as database, Valkey(home) as broker:
        write(database)
        assert read(database) == [(1,)]
        assert redis.Redis.from_url(broker.url).ping()
    with Postgres(home, durable=False) as database:
        assert read(database) == [(1,)]


def test_a_path_that_postgres_cannot_live_in_is_said_to_be_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = tmp_path / 'the "new" one'
    monkeypatch.setattr(postgres_program, "package_directory", lambda _name: installed)
    with pytest.raises(ServiceError, match="Move the code") as refused:
        Postgres(tmp_path).start()
    assert str(installed) in str(refused.value)


def test_valkey_starts_again_empty_at_the_same_address(valkey: Valkey) -> None:
    address = valkey.url
    client = redis.Redis.from_url(address)
    client.set("wake-up", "1")
    valkey.kill()
    assert valkey.start() == address
    assert client.dbsize() == 0


def test_a_valkey_left_running_is_stopped_first(valkey: Valkey, tmp_path: Path) -> None:
    left = valkey.process
    assert left is not None
    with Valkey(tmp_path) as second:
        assert redis.Redis.from_url(second.url).ping()
        assert left.wait(5) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's promise on Linux")
def test_servers_end_when_their_starter_is_killed(tmp_path: Path) -> None:
    script = f"""
import pathlib, time
from localrun.servers.services import Postgres, Valkey
home = pathlib.Path({str(tmp_path)!r})
servers = [Postgres(home, durable=False), Valkey(home)]
for server in servers:
    server.start()
print(*(server.process.pid for server in servers), flush=True)
time.sleep(60)
"""
    starter = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True
    )
    assert starter.stdout is not None
    servers = [psutil.Process(int(pid)) for pid in starter.stdout.readline().split()]
    assert len(servers) == 2
    starter.send_signal(signal.SIGKILL)
    starter.wait()
    deadline = time.monotonic() + 10
    while any(alive(server) for server in servers):
        assert time.monotonic() < deadline, servers
        time.sleep(0.05)

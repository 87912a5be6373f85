"""Finds PostgreSQL's programs, and makes the arguments with which they connect."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from counter.backups.exceptions import ProgramError

#: How many characters of a program's first error message are kept: a longer part could
#: quote values of rows.
_TOLD: Final = 300


def find(name: str) -> str:
    """The path of `pg_dump` or `pg_restore`, from POSTGRES_PROGRAMS or the PATH.

    Raises ProgramError when it is not there.
    """
    directory = settings.POSTGRES_PROGRAMS
    path = shutil.which(name, path=directory or None)
    if path is None:
        where = directory or "the PATH"
        raise ProgramError(
            f"{name} is not in {where}. Install the client programs of PostgreSQL, of "
            "the server's version or later, or say in POSTGRES_PROGRAMS where they are."
        )
    return path


def major(program: str) -> int:
    """The program's major version: `pg_dump (PostgreSQL) 18.6 (Debian ...)` gives 18.

    Raises ProgramError.
    """
    try:
        answer = subprocess.run(  # noqa: S603 (found above)
            [program, "--version"], capture_output=True, text=True, check=True
        )
        return int(answer.stdout.partition(")")[2].split()[0].partition(".")[0])
    except (OSError, subprocess.CalledProcessError, ValueError, IndexError):
        raise ProgramError(f"{program} does not say its version.") from None


def server_version() -> int:
    """The version of the server of Django's connection, such as 180006."""
    connection.ensure_connection()
    return int(getattr(connection, "pg_version", 0))


def server_major() -> int:
    return server_version() // 10_000


def address(of: Mapping[str, Any]) -> str:
    """The connection string for Django's database settings, without the password."""
    parts = {
        "host": of["HOST"],
        "port": of["PORT"],
        "user": of["USER"],
        "dbname": of["NAME"],
        **of.get("OPTIONS", {}),
    }
    known = {"sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout"}
    known |= {"host", "port", "user", "dbname"}
    return make_conninfo(
        "", **{name: parts[name] for name in parts if name in known and parts[name]}
    )


def environment(password: str) -> dict[str, str]:
    """The environment for a program, with the password.

    The password is not an argument, because everybody who lists processes sees those.
    """
    kept = {"PATH", "HOME", "LD_LIBRARY_PATH", "TMPDIR"}
    inherited = {name: os.environ[name] for name in kept & os.environ.keys()}
    return {**inherited, "PGPASSWORD": password, "LC_ALL": "C"}


def first_error(name: str, errors: bytes) -> str:
    """The first error of a program, without the rows that it may quote after it."""
    for line in errors.decode(errors="replace").splitlines():
        if "error:" in line:
            return line.partition("error:")[2].strip()[:_TOLD]
    return f"{Path(name).name} did not say why"

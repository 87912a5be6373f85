"""`manage.py restore_check`, as an operator starts it: its words and its exit codes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg
import pytest
from psycopg import sql

from counter.backups.exceptions import DatabaseAwayError, NotOpenedError
from counter.backups.scratch import scratch
from counter.database.addresses import Address
from counter.models import Clerk, JournalEntry
from localrun.servers import postgres_program
from tests.counter.backups.conftest import SERVER, Vault, new_key, scratch_is_gone
from tests.database import as_role, superuser

ROOT = Path(__file__).resolve().parent.parent.parent.parent
PROGRAMS = str(postgres_program.root() / "bin")
CHECKER = f"tried_checker_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


@pytest.fixture
def server() -> Iterator[psycopg.Connection]:
    with psycopg.connect(os.environ[SERVER], autocommit=True) as made:
        yield made


@pytest.fixture
def checker(server: psycopg.Connection) -> Iterator[str]:
    """The address of the role of docs/backups.md: CREATEDB and nothing more."""
    role = sql.Identifier(CHECKER)
    powers = "LOGIN NOSUPERUSER CREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
    make = sql.SQL("CREATE ROLE {} WITH " + powers + " PASSWORD 'hunter2'")
    server.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(role))
    server.execute(make.format(role))
    yield url(CHECKER)
    server.execute(sql.SQL("DROP ROLE {}").format(role))


def url(role: str) -> str:
    parts = urlsplit(os.environ[SERVER])
    place = parts.netloc.rpartition("@")[2]
    return parts._replace(
        netloc=f"{quote(role)}:hunter2@{place}", path="/postgres"
    ).geturl()


def command(file: Path, key: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    """Run the command; fails when its output has the password or a traceback."""
    given = {
        **os.environ,
        "DATABASE_URL": as_role("DATABASE_URL"),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "POSTGRES_PROGRAMS": PROGRAMS,
        **env,
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "restore_check", file, "--identity", key],
        cwd=ROOT,
        env=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "hunter2" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


def test_a_role_that_may_only_make_databases_proves_a_backup(
    vault: Vault, els: Clerk, checker: str
) -> None:
    made = vault.backup()
    done = command(made.path, vault.key, RESTORE_DATABASE_URL=checker)
    assert done.returncode == 0, done.stderr
    assert f"{made.manifest.rows:,} rows came back as they were" in done.stdout
    assert "restore_check_passed" in done.stderr
    assert scratch_is_gone()


def test_without_an_address_or_with_half_of_one_it_names_the_variable(
    vault: Vault, checker: str
) -> None:
    made = vault.backup()
    env = {"RESTORE_DATABASE_URL": ""}
    done = command(made.path, vault.key, **env)
    assert (done.returncode, done.stdout) == (2, "")
    assert "RESTORE_DATABASE_URL is not set." in done.stderr
    for wrong in ("hunter2", checker.replace("hunter2", "hunter2/")):
        done = command(made.path, vault.key, RESTORE_DATABASE_URL=wrong)
        assert done.returncode == 2
        assert "RESTORE_DATABASE_URL must be postgresql://" in done.stderr


def test_each_reason_has_its_exit_code(
    vault: Vault, els: Clerk, checker: str, server: psycopg.Connection, tmp_path: Path
) -> None:
    made = vault.backup()
    other = tmp_path / "other.txt"
    new_key(other)

    def ends_with(code: int, words: str, file: Path, key: Path, **env: str) -> None:
        done = command(file, key, **{"RESTORE_DATABASE_URL": checker} | env)
        assert done.returncode == code, done.stderr
        assert words in done.stderr
        assert "restore_check_failed" in done.stderr
        assert scratch_is_gone()

    ends_with(
        4, "pg_restore is not in", made.path, vault.key, POSTGRES_PROGRAMS=str(tmp_path)
    )
    nobody = url("nobody_there")
    ends_with(
        5,
        "The server for the check:",
        made.path,
        vault.key,
        RESTORE_DATABASE_URL=nobody,
    )
    ends_with(6, "No such file", vault.place / "lost.age", vault.key)
    ends_with(7, "This key does not open", made.path, other)
    with superuser() as office:
        office.execute("UPDATE counter_journalentry SET event = 'code_lapsed'")
    assert JournalEntry.objects.filter(event="code_lapsed").exists()
    ends_with(8, "was altered", vault.backup().path, vault.key)
    role = sql.Identifier(CHECKER)
    server.execute(sql.SQL("ALTER ROLE {} NOCREATEDB").format(role))
    ends_with(5, "permission denied to create database", made.path, vault.key)


def test_a_server_that_lets_nobody_in_meanwhile_is_away_and_the_file_is_well(
    vault: Vault, els: Clerk, checker: str, server: psycopg.Connection
) -> None:
    """One connection makes the database, the next one is refused."""
    made = vault.backup()
    role = sql.Identifier(CHECKER)
    server.execute(sql.SQL("ALTER ROLE {} CONNECTION LIMIT 1").format(role))
    done = command(made.path, vault.key, RESTORE_DATABASE_URL=checker)
    assert done.returncode == DatabaseAwayError.exit_code, done.stderr
    assert "too many connections for role" in done.stderr
    assert "altered" not in done.stderr


def test_a_scratch_database_that_stays_hides_no_reason(
    server: psycopg.Connection,
) -> None:
    address = Address.read(os.environ[SERVER], name=SERVER)
    lost = (
        "SELECT pg_terminate_backend(pid) FROM pg_locks"
        " WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
        " AND database = (SELECT oid FROM pg_database WHERE datname = 'postgres')"
    )

    def lose_it(error: Exception | None) -> None:
        with scratch(address):
            server.execute(lost)
            if error:
                raise error

    with pytest.raises(NotOpenedError, match="the file itself") as raised:
        lose_it(NotOpenedError("the file itself"))
    [note] = raised.value.__notes__
    assert note.startswith("The database restore_check is still there.")
    with pytest.raises(DatabaseAwayError):
        lose_it(None)
    with scratch(address):
        pass
    assert scratch_is_gone()

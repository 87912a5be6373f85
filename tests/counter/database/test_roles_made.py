"""The roles that `create_roles` makes; no process starts as one that may do more."""

import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from psycopg import sql
from pytest_django import Settings

from counter.database import privileges
from counter.database.privileges import growing_tables, powers
from counter.database.roles import create_roles
from tests.database import as_role, become
from tests.production import environment_of_production, run

SUPERUSER = "SUPERUSER_DATABASE_URL"
#: Each test process has names of its own, as all of them use one server.
_OURS = os.environ.get("PYTEST_XDIST_WORKER", "alone")
NAME, OWNER = f"tried_application_{_OURS}", f"tried_owner_{_OURS}"
DATABASE = f"tried_database_{_OURS}"


def address(role: str) -> str:
    """The address for a role in these tests' own database, on the tests' server."""
    parts = urlsplit(os.environ[SUPERUSER])
    place = f"{role}:secret@{parts.hostname}:{parts.port}"
    return parts._replace(netloc=place, path=f"/{DATABASE}").geturl()


@pytest.fixture
def server(db: None) -> Iterator[psycopg.Connection]:
    """The superuser's connection; what the test makes is gone afterwards."""
    with psycopg.connect(os.environ[SUPERUSER], autocommit=True) as made:
        # Roles belong to the whole server: two such tests at once would collide.
        made.execute("SELECT pg_advisory_lock(hashtext('tests: roles are made'))")
        yield made
        made.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)".encode())
        for role in (NAME, OWNER):
            made.execute(f"DROP ROLE IF EXISTS {role}".encode())


def create() -> None:
    create_roles(
        superuser_url=os.environ[SUPERUSER],
        owner_url=address(OWNER),
        application_url=address(NAME),
    )


def test_the_application_has_no_power_beyond_its_work(db: None) -> None:
    assert powers(connection) == []
    assert {"counter_journalentry", "payments_payment"} <= set(growing_tables())


@pytest.mark.parametrize("role", ["OWNER_DATABASE_URL", SUPERUSER])
def test_the_others_have(role: str, transactional_db: None) -> None:
    become(role)
    try:
        assert powers(connection)
    finally:
        become("DATABASE_URL")


@pytest.mark.parametrize(
    ("gift", "power"),
    [
        ("ALTER ROLE {role} CREATEROLE", "makes roles"),
        ("ALTER ROLE {role} CREATEDB", "makes databases"),
        ("ALTER ROLE {role} REPLICATION", "replicates the server"),
        ("ALTER ROLE {role} BYPASSRLS", "passes row security"),
        ("ALTER ROLE {role} SUPERUSER", "is a superuser"),
        ("GRANT pg_write_all_data TO {role}", "belongs to another role"),
        ("GRANT {owner} TO {role}", "belongs to another role"),
        ("ALTER DATABASE {database} OWNER TO {role}", "owns the database"),
        ("GRANT TEMP ON DATABASE {database} TO PUBLIC", "makes temporary tables"),
    ],
)
def test_what_was_given_by_hand_is_seen_and_taken_back(
    server: psycopg.Connection, gift: str, power: str
) -> None:
    create()
    names = {"role": NAME, "owner": OWNER, "database": DATABASE}
    given = {name: sql.Identifier(value) for name, value in names.items()}
    server.execute(sql.SQL(gift).format(**given))
    assert power in powers_found()
    create()
    assert powers_found() == []


@pytest.mark.parametrize(
    ("gift", "power"),
    [
        ("GRANT CREATE ON SCHEMA public TO PUBLIC", "makes tables"),
        (
            (
                "CREATE TABLE counter_journalentry (id int);"
                " GRANT UPDATE ON counter_journalentry TO sleutelloket_application"
            ),
            "changes what only grows",
        ),
        (
            (
                "CREATE TABLE payments_payment (id int);"
                " GRANT TRIGGER ON payments_payment TO {role}"
            ),
            "changes what only grows",
        ),
        ("CREATE TABLE t (id int); ALTER TABLE t OWNER TO {role}", "owns tables"),
        (
            (
                "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
                " ALTER FUNCTION f() OWNER TO {role}"
            ),
            "owns functions",
        ),
        (
            "GRANT SET ON PARAMETER session_replication_role TO {role}",
            "switches triggers off",
        ),
    ],
)
def test_what_was_given_inside_the_database_is_seen(
    server: psycopg.Connection, gift: str, power: str
) -> None:
    create()
    inside = urlsplit(os.environ[SUPERUSER])._replace(path=f"/{DATABASE}").geturl()
    with psycopg.connect(inside, autocommit=True) as ours:
        for statement in gift.split(";"):
            ours.execute(sql.SQL(statement).format(role=sql.Identifier(NAME)))
        assert powers_found() == [power]
        ours.execute(f"DROP OWNED BY {NAME}".encode())


def powers_found() -> list[str]:
    """The powers that Django sees as the tried role in the tried database."""
    tried = connection.copy()
    tried.settings_dict |= {"USER": NAME, "PASSWORD": "secret", "NAME": DATABASE}
    try:
        return powers(tried)
    finally:
        tried.close()


def test_a_connection_that_becomes_another_role_is_closed(
    transactional_db: None, settings: Settings
) -> None:
    """The database was away at the start; later its address has the owner's role."""
    settings.DEMO_ALLOWED = False
    become("OWNER_DATABASE_URL")
    try:
        with pytest.raises(ImproperlyConfigured, match="owns the database"):
            connection.ensure_connection()
        assert connection.connection is None
    finally:
        become("DATABASE_URL")


def test_a_connection_whose_role_cannot_be_looked_at_is_closed(
    transactional_db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO_ALLOWED = False
    broken = dict(privileges._POWERS) | {"is odd": "has_table_privilege('x', 'NEVER')"}
    monkeypatch.setattr(privileges, "_POWERS", broken)
    connection.close()
    with pytest.raises(DatabaseError):
        connection.ensure_connection()
    assert connection.connection is None


def test_an_older_server_is_not_asked_for_what_it_does_not_know(db: None) -> None:
    assert "MAINTAIN" in privileges._more_than_adding(connection)
    older = SimpleNamespace(pg_version=160004)
    assert "MAINTAIN" not in privileges._more_than_adding(cast(Any, older))


PARTS = {
    "web": ["-c", "import config.wsgi"],
    "worker": ["-m", "celery", "-A", "config.celery", "worker", "--pool", "solo"],
    "beat": ["-m", "celery", "-A", "config.celery", "beat", "--schedule", "{file}"],
    "delivery loop": ["manage.py", "deliver", "--once"],
    "a command": ["manage.py", "verify_journal"],
}


@pytest.mark.processes
@pytest.mark.parametrize("role", ["OWNER_DATABASE_URL", SUPERUSER])
@pytest.mark.parametrize("part", PARTS)
def test_no_part_starts_as_another_role(
    transactional_db: None, tmp_path: Path, part: str, role: str
) -> None:
    words = [word.format(file=tmp_path / "schedule") for word in PARTS[part]]
    env = environment_of_production() | {"DATABASE_URL": as_role(role)}
    ended = run(words, env)
    assert ended.returncode not in {0, None}
    assert "The role in DATABASE_URL" in ended.stderr

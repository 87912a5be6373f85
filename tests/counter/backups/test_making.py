"""`manage.py backup` writes a file, or says why not in a sentence and an exit code."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from counter.backups import making
from counter.backups.exceptions import NoRecipientError, PlaceError, ProgramError
from counter.enums import RunOutcome
from counter.models import Clerk, TaskRun
from localrun.servers import postgres_program
from tests.counter.backups.conftest import Vault
from tests.database import as_role

ROOT = Path(__file__).resolve().parent.parent.parent.parent
PROGRAMS = str(postgres_program.root() / "bin")
#: Limits the size of files. Output goes through pipes: only the backup meets the limit.
LIMITED = (
    "import django, resource, sys; django.setup();"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000));"
    "from django.core.management import execute_from_command_line;"
    "execute_from_command_line(['manage.py', *sys.argv[1:]])"
)


def command(vault: Vault, *before: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the command as an operator's timer does."""
    recipient = vault.key.read_text().split("public key: ")[1].split()[0]
    given = {
        **os.environ,
        "DATABASE_URL": as_role("DATABASE_URL"),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "BACKUP_RECIPIENTS": recipient,
        **env,
    }
    return subprocess.run(
        [sys.executable, *(before or ["manage.py"]), "backup", "--to", vault.place],
        cwd=ROOT,
        env=given,
        capture_output=True,
        text=True,
        check=False,
    )


def program(directory: Path, name: str, script: str) -> str:
    """Write a shell script with that name; returns its directory."""
    directory.mkdir(exist_ok=True)
    (directory / name).write_text(f"#!/bin/sh\n{script}\n")
    (directory / name).chmod(0o755)
    return str(directory)


def test_the_command_says_what_it_wrote(vault: Vault, els: Clerk) -> None:
    done = command(vault, POSTGRES_PROGRAMS=PROGRAMS)
    assert done.returncode == 0, done.stderr
    [name] = vault.files()
    assert name.startswith("sleutelloket-20")
    assert name in done.stdout
    vault.check(vault.place / name)
    run = TaskRun.objects.get(name="backup")
    assert run.outcome == RunOutcome.DONE
    assert run.handled


def test_without_a_recipient_there_is_none(vault: Vault, settings: Settings) -> None:
    settings.BACKUP_RECIPIENTS = []
    with pytest.raises(NoRecipientError, match="names no public key"):
        vault.backup()
    with pytest.raises(CommandError) as raised:
        call_command("backup", to=vault.place)
    assert raised.value.returncode == 3
    assert TaskRun.objects.get(name="backup").error == "NoRecipientError"
    assert vault.files() == []


def test_a_secret_key_is_no_recipient_and_is_not_repeated(
    vault: Vault, settings: Settings
) -> None:
    secret = vault.key.read_text().split()[-1]
    settings.BACKUP_RECIPIENTS = [secret]
    with pytest.raises(NoRecipientError, match="must be public keys") as raised:
        vault.backup()
    assert secret not in str(raised.value)


def test_where_pg_dump_is_missing_it_is_named(
    vault: Vault, settings: Settings, tmp_path: Path
) -> None:
    settings.POSTGRES_PROGRAMS = str(tmp_path)
    with pytest.raises(ProgramError, match=f"pg_dump is not in {tmp_path}"):
        vault.backup()


def test_an_older_pg_dump_is_refused_before_it_runs(
    vault: Vault, settings: Settings, tmp_path: Path
) -> None:
    older = "echo 'pg_dump (PostgreSQL) 9.6.24'"
    settings.POSTGRES_PROGRAMS = program(tmp_path / "old", "pg_dump", older)
    with pytest.raises(ProgramError, match=r"is of PostgreSQL 9 and the server of \d+"):
        vault.backup()
    assert vault.files() == []


def test_a_dump_that_breaks_off_leaves_no_half_of_a_file(
    vault: Vault, settings: Settings, tmp_path: Path
) -> None:
    breaks_off = (
        '[ "$1" = --version ] && { echo "pg_dump (PostgreSQL) 99.1"; exit; }\n'
        "echo PGDMP\n"
        "echo 'pg_dump: error: the server closed the connection' >&2\n"
        "echo 'DETAIL: peter@example.org' >&2\n"
        "exit 1"
    )
    settings.POSTGRES_PROGRAMS = program(tmp_path / "bad", "pg_dump", breaks_off)
    with pytest.raises(
        ProgramError, match="the server closed the connection"
    ) as raised:
        vault.backup()
    assert "peter" not in str(raised.value)
    assert vault.files() == []


def test_a_place_that_is_not_there_is_said(vault: Vault) -> None:
    gone = Vault(vault.place / "gone", vault.key)
    with pytest.raises(PlaceError, match="No such file or directory"):
        gone.backup()


def test_a_full_disk_is_said_and_left_as_it_was(vault: Vault, els: Clerk) -> None:
    done = command(vault, "-c", LIMITED, POSTGRES_PROGRAMS=PROGRAMS)
    assert done.returncode == 6, done.stdout + done.stderr
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert vault.files() == []


def test_a_database_that_is_away_is_said_without_its_password(vault: Vault) -> None:
    done = command(
        vault,
        POSTGRES_PROGRAMS=PROGRAMS,
        DATABASE_URL="postgresql://sleutelloket:geheim8@127.0.0.1:9/sleutelloket",
    )
    assert done.returncode == 5, done.stdout + done.stderr
    assert "does not answer" in done.stderr
    assert "geheim8" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_half_that_a_killed_run_left_is_swept_a_day_later(vault: Vault) -> None:
    old = vault.place / ".sleutelloket-20200101T000000Z.age.part"
    young = vault.place / ".sleutelloket-20200102T000000Z.age.part"
    for part in (old, young):
        part.write_bytes(b"half")
    yesterday = time.time() - 25 * 60 * 60
    os.utime(old, (yesterday, yesterday))
    made = vault.backup()
    assert vault.files() == [young.name, made.path.name]


def test_a_backup_of_the_same_second_does_not_delete_the_other_s_file(
    vault: Vault,
) -> None:
    """Cron and a timer started one each: the first backup goes on undisturbed."""
    at = timezone.now()
    part = vault.place / f".sleutelloket-{at:%Y%m%dT%H%M%SZ}.age.part"
    part.write_bytes(b"the first one writes here")
    with pytest.raises(PlaceError, match="File exists"):
        making.make(vault.place, at=at)
    assert vault.files() == [part.name]


def test_the_application_may_read_where_numbers_stand_and_not_count_on(
    vault: Vault,
) -> None:
    """Otherwise a backup would need another role than the application's."""
    with psycopg.connect(as_role("DATABASE_URL"), autocommit=True) as application:
        application.execute("SELECT last_value FROM payments_receipt_id_seq")
        for statement in (
            "SELECT nextval('payments_receipt_id_seq')",
            "SELECT setval('payments_receipt_id_seq', 9)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                application.execute(statement.encode())

"""Makes a backup: dumped, encrypted and written as one stream, complete or not at all.

1. A read-only transaction exports a snapshot. The manifest is measured in it and
   pg_dump reads it, so both have the same state while the office works on.
2. age encrypts the manifest and pg_dump's archive into the file `.name.part`.
   Unencrypted data are never on a disk.
3. The file gets its final name when pg_dump succeeded and all data are on the disk.
"""

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final

import pyrage
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from counter.backups import programs
from counter.backups.exceptions import (
    BackupError,
    DatabaseAwayError,
    NoRecipientError,
    PlaceError,
    ProgramError,
    first_line,
)
from counter.backups.manifest import Manifest
from counter.backups.streams import Prefixed, Remembering

#: A part file that is older, in seconds, was left by a run that was killed.
_LEFT_AFTER: Final = 24 * 60 * 60
_NAME: Final = "sleutelloket-{at:%Y%m%dT%H%M%SZ}.age"


@dataclass(frozen=True)
class Made:
    path: Path
    bytes: int
    manifest: Manifest


def make(directory: Path, *, at: datetime) -> Made:
    """Write a backup of the database into the directory.

    Raises a BackupError; then it leaves no new file in the directory.
    """
    recipients = _recipients()
    program = programs.find("pg_dump")
    path = directory / _NAME.format(at=at.astimezone(UTC))
    part = path.with_name(f".{path.name}.part")
    _sweep(directory)
    try:
        with contextlib.ExitStack() as afterwards:
            with _snapshot() as snapshot:
                _not_older(program)
                manifest = Manifest.of_now(at=at)
                with _opened(part) as file:
                    # Not before: a part that was there is another backup's.
                    afterwards.callback(_remove, part)
                    _dump(program, snapshot, manifest, file, recipients)
            part.rename(path)
        _sync(directory)
        return Made(path, path.stat().st_size, manifest)
    except DatabaseError as error:
        raise DatabaseAwayError(
            f"The database does not answer or refuses: {first_line(error)}"
        ) from None
    except OSError as error:
        raise _place(directory, error) from None


def _recipients() -> "list[pyrage.x25519.Recipient]":
    if not settings.BACKUP_RECIPIENTS:
        raise NoRecipientError(
            "BACKUP_RECIPIENTS names no public key, so nobody could open a backup. "
            "docs/backups.md says how to make one."
        )
    try:
        return [
            pyrage.x25519.Recipient.from_str(text)
            for text in settings.BACKUP_RECIPIENTS
        ]
    except pyrage.RecipientError:
        raise NoRecipientError(
            "BACKUP_RECIPIENTS must be public keys of age (age1...), separated by "
            "commas. Never the secret one (AGE-SECRET-KEY-1...)."
        ) from None


@contextlib.contextmanager
def _snapshot() -> Iterator[str]:
    """Export a snapshot in a transaction, and give its name for pg_dump."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # This transaction is idle while pg_dump reads.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def _not_older(program: str) -> None:
    ours, servers = programs.major(program), programs.server_major()
    if ours < servers:
        raise ProgramError(
            f"{program} is of PostgreSQL {ours} and the server of {servers}: a backup "
            f"is made by pg_dump {servers} or later."
        )


@contextlib.contextmanager
def _opened(part: Path) -> Iterator[IO[bytes]]:
    """A new file that only its owner may read; at the end it is synced to the disk."""
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _dump(
    program: str,
    snapshot: str,
    manifest: Manifest,
    file: IO[bytes],
    recipients: "list[pyrage.x25519.Recipient]",
) -> None:
    """Encrypt the manifest and pg_dump's archive with age, into the file."""
    database = connection.settings_dict
    command = [
        *(program, "--format=custom", "--no-password", "--lock-wait-timeout=60s"),
        f"--snapshot={snapshot}",
        f"--dbname={programs.address(database)}",
    ]
    out = Remembering(file)
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(  # noqa: S603 (our own words)
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=programs.environment(str(database["PASSWORD"])),
        ) as dump,
    ):
        assert dump.stdout is not None  # noqa: S101 (a pipe)
        try:
            pyrage.encrypt_io(Prefixed(manifest.line(), dump.stdout), out, recipients)
        except (pyrage.EncryptError, OSError) as error:
            dump.kill()
            raise out.error or BackupError(f"age could not encrypt: {error}") from None
        except BaseException:
            dump.kill()
            raise
        if dump.wait():
            errors.seek(0)
            why = programs.first_error("pg_dump", errors.read())
            raise ProgramError(f"pg_dump failed: {why}")


def _sweep(directory: Path) -> None:
    with contextlib.suppress(OSError):
        for part in directory.glob(".sleutelloket-*.age.part"):
            if part.stat().st_mtime < time.time() - _LEFT_AFTER:
                part.unlink(missing_ok=True)


def _remove(part: Path) -> None:
    with contextlib.suppress(OSError):
        part.unlink(missing_ok=True)


def _sync(directory: Path) -> None:
    """Sync the directory, so that the file's new name is on the disk too."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _place(directory: Path, error: OSError) -> PlaceError:
    return PlaceError(f"The backup cannot be written to {directory}: {error.strerror}.")

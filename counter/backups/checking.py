"""Checks a backup by restoring it into a scratch database, and comparing the data.

The decrypted archive goes from age directly into pg_restore and never onto a disk. The
scratch database has all the data of the backup, and is always dropped at the end.
Owners and privileges are not restored, so that the server does not need our roles; a
real restore sets them again (docs/backups.md).
"""

import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

import pyrage
from django.db import DatabaseError, Error, InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from counter.backups import figures, manifest, programs
from counter.backups.exceptions import (
    BackupError,
    DatabaseAwayError,
    NotOpenedError,
    NotTheSameError,
    PlaceError,
    ProgramError,
    first_line,
)
from counter.backups.manifest import Manifest
from counter.backups.scratch import connected, scratch
from counter.backups.streams import WithoutFirstLine
from counter.database.addresses import Address

_MOST_TOLD: Final = 20


@dataclass(frozen=True)
class Checked:
    """A backup that was restored completely and without differences."""

    manifest: Manifest


def check(file: Path, *, identity: Path, server: Address) -> Checked:
    """Restore the file on this server, and compare the data with its manifest.

    Raises a BackupError whose sentence names the first thing that is wrong. A
    NotTheSameError has sentences for the next ones in its notes.
    """
    identities = _identities(identity)
    try:
        archive = file.open("rb")
    except OSError as error:
        raise PlaceError(f"{file} cannot be read: {error.strerror}.") from None
    program = programs.find("pg_restore")
    with archive, scratch(server) as address, connected(address) as database:
        archived = _restore(program, archive, identities, database)
        try:
            wrong = _wrong(archived)
            first = next(wrong, None)
            if first is not None:
                more = list(islice(wrong, _MOST_TOLD))
                raise _not_the_same(first, more)
        except (OperationalError, InterfaceError) as error:
            raise _away(error) from None
        except DatabaseError as error:
            raise NotTheSameError(
                f"What came back cannot be read: {first_line(error)}"
            ) from None
    return Checked(archived)


def _identities(file: Path) -> "list[pyrage.x25519.Identity]":
    """The secret keys in a file of age-keygen: one in a line; # begins a comment.

    Raises PlaceError, and NotOpenedError when the file has no secret key.
    """
    try:
        lines = file.read_text().split("\n")
        keys = [line.strip() for line in lines if line.strip() and line[:1] != "#"]
        identities = [pyrage.x25519.Identity.from_str(key) for key in keys]
    except OSError as error:
        raise PlaceError(f"{file} cannot be read: {error.strerror}.") from None
    except (pyrage.IdentityError, ValueError):
        raise NotOpenedError(f"{file} holds no secret key of age.") from None
    if not identities:
        raise NotOpenedError(f"{file} holds no secret key of age.")
    return identities


def _restore(
    program: str,
    archive: IO[bytes],
    identities: "list[pyrage.x25519.Identity]",
    database: dict[str, Any],
) -> Manifest:
    """Decrypt the archive with age and send it into pg_restore. Return the manifest."""
    command = [
        *(program, "--exit-on-error", "--no-owner", "--no-privileges"),
        *("--no-password", f"--dbname={programs.address(database)}"),
    ]
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(  # noqa: S603 (our own words)
            command,
            stdin=subprocess.PIPE,
            # A buffer would be written when the pipe is closed. When pg_restore has
            # stopped, that error would hide the reason why.
            bufsize=0,
            stderr=errors,
            env=programs.environment(database["PASSWORD"]),
        ) as restoring,
    ):
        try:
            archived = _pour(archive, identities, restoring, program)
        except BaseException:
            restoring.kill()
            raise
        if restoring.wait():
            errors.seek(0)
            why = programs.first_error("pg_restore", errors.read())
            raise ProgramError(f"pg_restore failed: {why}")
    return archived


def _pour(
    archive: IO[bytes],
    identities: "list[pyrage.x25519.Identity]",
    restoring: subprocess.Popen[bytes],
    program: str,
) -> Manifest:
    assert restoring.stdin is not None  # noqa: S101 (a pipe)
    reader = _Reader(restoring.stdin, program)
    try:
        pyrage.decrypt_io(archive, reader.out, identities)
        restoring.stdin.close()
    except Error as error:  # while the manifest's version is compared with the server's
        raise _away(error) from None
    except (pyrage.DecryptError, OSError) as error:
        # A broken pipe means that pg_restore stopped; `_restore` raises its reason.
        if not isinstance(reader.out.error or error, BrokenPipeError):
            raise _not_opened(reader, error) from None
    if reader.manifest is None:
        raise NotOpenedError("The file opens, and is no backup of Sleutelloket.")
    return reader.manifest


class _Reader:
    """Reads the manifest from the first line; only the rest goes to pg_restore."""

    def __init__(self, pipe: IO[bytes], program: str) -> None:
        self.manifest: Manifest | None = None
        self._program = program
        self.out = WithoutFirstLine(pipe, self._take)

    def _take(self, line: bytes) -> None:
        archived = Manifest.read(line)
        ours, servers = programs.major(self._program), programs.server_major()
        if min(ours, servers) < archived.major:
            raise ProgramError(
                f"The backup is of PostgreSQL {archived.major}; this pg_restore is of "
                f"{ours} and the server of {servers}. Both have to be as new."
            )
        self.manifest = archived


def _not_opened(reader: _Reader, error: Exception) -> BackupError:
    if isinstance(reader.out.error, BackupError):
        return reader.out.error
    if "No matching keys" in str(error):
        return NotOpenedError("This key does not open the backup: it is for another.")
    if reader.manifest is None and isinstance(error, pyrage.DecryptError):
        return NotOpenedError("This is no file of age, or its beginning is gone.")
    return NotOpenedError("The file is cut off or altered: not all of it opens.")


def _away(error: Error) -> DatabaseAwayError:
    return DatabaseAwayError(f"The server for the check: {first_line(error)}")


def _wrong(archived: Manifest) -> Iterator[str]:
    """A sentence for each value that differs from the manifest or cannot be right."""
    executor = MigrationExecutor(connection)
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        migration, _backwards = plan[0]
        yield (
            f"The backup is of another version of Sleutelloket ({migration} is not in "
            "it): check it with the version that made it."
        )
        return
    yield from manifest.differing(archived, Manifest.of_now(at=timezone.now()))
    for figure in figures.figures():
        if figure.wrong:
            yield from figure.wrong()


def _not_the_same(first: str, more: list[str]) -> NotTheSameError:
    error = NotTheSameError(first)
    for sentence in more:
        error.add_note(sentence)
    return error

"""`manage.py backup` makes an encrypted backup of the whole database."""

from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import structlog
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from counter.backups import making
from counter.backups.exceptions import BackupError
from counter.operations import output, task_runs

#: The name under which runs are recorded, from which the age of the backup is known.
RUN: Final = "backup"
LONGEST: Final = timedelta(hours=6)

log = structlog.get_logger("sleutelloket.backups")


class Command(BaseCommand):
    help = (
        "Write a backup that only the keys behind BACKUP_RECIPIENTS open, in one file, "
        "whole or not at all. Ends with 3 without a recipient, 4 when pg_dump is "
        "missing or fails, 5 when the database is away, 6 when the file cannot be "
        "written (docs/backups.md)."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, required=True, metavar="DIRECTORY")

    def handle(self, *, to: Path, **_options: Any) -> None:
        try:
            with task_runs.recorded(RUN, at_most=LONGEST) as tally:
                backup = making.make(to, at=timezone.now())
                tally.handled = backup.manifest.rows
        except BackupError as error:
            log.error("backup_failed", error=type(error).__name__)  # noqa: TRY400
            raise CommandError(str(error), returncode=error.exit_code) from None
        log.info("backup_made", file=backup.path.name, bytes=backup.bytes)
        output.write_line(
            self.stdout,
            f"{backup.path}: {backup.bytes:,} bytes, {backup.manifest.rows:,} rows of "
            f"PostgreSQL {backup.manifest.major}.",
        )

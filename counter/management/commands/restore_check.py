"""`manage.py restore_check` checks a backup by restoring it on a server."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

import structlog
from django.core.management.base import BaseCommand, CommandError

from counter.backups import checking
from counter.backups.exceptions import BackupError
from counter.database.addresses import Address, AddressError

#: The variable with the server for the scratch database; only this command reads it.
SERVER: Final = "RESTORE_DATABASE_URL"

log = structlog.get_logger("sleutelloket.backups")


class Command(BaseCommand):
    help = (
        "Restore a backup into a scratch database on the server in "
        f"{SERVER}, compare everything with the backup's manifest, check journal and "
        "books, and drop it again. Ends with 7 when the file does not open, 8 when "
        "something is not as it was, and names it (docs/backups.md)."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--identity",
            type=Path,
            required=True,
            metavar="KEYFILE",
            help="the secret key, as age-keygen wrote it",
        )

    def handle(self, *, file: Path, identity: Path, **_options: Any) -> None:
        server = _server()
        try:
            checked = checking.check(file, identity=identity, server=server)
        except BackupError as error:
            log.error("restore_check_failed", error=type(error).__name__)  # noqa: TRY400
            for sentence in getattr(error, "__notes__", ()):
                self.stderr.write(sentence)
            raise CommandError(str(error), returncode=error.exit_code) from None
        backup = checked.manifest
        log.info("restore_check_passed", made_at=backup.made_at)
        self.stdout.write(
            f"Made at {backup.made_at}, PostgreSQL {backup.major}: "
            f"{backup.rows:,} rows came back as they were; journal, receipts and sums "
            f"fit. Head: "
            f"{backup.figures['journal']['head'] or 'none yet'}"
        )


def _server() -> Address:
    url = os.environ.get(SERVER)
    if not url:
        raise CommandError(f"{SERVER} is not set.", returncode=2)
    try:
        return Address.read(url, name=SERVER)
    except AddressError as mistake:
        raise CommandError(str(mistake), returncode=2) from None

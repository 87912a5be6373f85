"""What a process finds of itself: migrations and keys that it knows of or lacks.

Others, started earlier or later, may find otherwise.
"""

import functools
import socket
from collections.abc import Iterator

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from notifications.enums import Trouble
from notifications.health.troubles import Finding


def missing_migrations() -> list[str]:
    """Migrations of this version that are not applied. Others are ignored.

    Raises DatabaseError.
    """
    applied = MigrationRecorder(connection).applied_migrations()
    missing = _known_migrations() - applied.keys()
    return sorted(f"{app}.{name}" for app, name in missing)


def of_migrations(missing: list[str]) -> Iterator[Finding]:
    """One for all of them, about the first: the others follow from it."""
    if missing:
        yield Finding(Trouble.MIGRATIONS, missing[0], is_deadly=True)


def of_keys(missing: list[str]) -> Iterator[Finding]:
    """One for each key; a machine's processes are started anew together."""
    for key in missing:
        yield Finding(Trouble.KEYS, f"{socket.gethostname()}: {key}")


@functools.cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return frozenset(loader.disk_migrations or ())

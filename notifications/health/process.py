"""What a process checks about itself: missing migrations and missing keys.

Other processes, started earlier or later, may see it differently.
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
    """Migrations of this version that are not applied; unknown applied ones are
    ignored.

    Raises DatabaseError.
    """
    applied = MigrationRecorder(connection).applied_migrations()
    missing = _known_migrations() - applied.keys()
    return sorted(f"{app}.{name}" for app, name in missing)


def of_migrations(missing: list[str]) -> Iterator[Finding]:
    """One finding about the first missing migration: the others follow from it."""
    if missing:
        yield Finding(Trouble.MIGRATIONS, missing[0], is_deadly=True)


def of_keys(missing: list[str]) -> Iterator[Finding]:
    """One finding for each missing key, about the machine: its processes are restarted
    together.
    """
    for key in missing:
        yield Finding(Trouble.KEYS, f"{socket.gethostname()}: {key}")


@functools.cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return frozenset(loader.disk_migrations or ())

"""Recognises a database whose migrations are older than each app's initial set.

No migration leads from such a database to today's tables. Nothing was released at that
time, so its data may be thrown away. This module does not import Django, so that
`make run` can check before it starts Django.
"""

import pkgutil
from collections.abc import Collection
from pathlib import Path
from typing import Final

import psycopg

#: For each app, the migration of its initial set that makes its tables. Until the first
#: release, whoever changes such a migration also renames it: a database with the former
#: tables is recognised by the former name.
TABLES: Final = {
    "counter": "0002_create_all_tables",
    "payments": "0001_create_all_tables",
    "activation": "0001_create_tables",
    "notifications": "0001_create_tables",
}
MESSAGE: Final = "This database was made by an older, unreleased version."
CURE: Final = (
    "Throw its data away with `make reset`, then start again. On a server: drop the "
    "database, then create_roles and migrate (docs/database.md)."
)

_ROOT: Final = Path(__file__).resolve().parents[2]


def is_older(applied: Collection[tuple[str, str]]) -> bool:
    """Whether these recorded migrations (app, name) are those of an older database.

    True when an app has recorded a migration that the code does not have, and has not
    recorded the one that makes its tables. One of the two is not enough: after code was
    rolled back, a newer database has unknown migrations too; and a new database has no
    tables while its first `migrate` runs, or when that was interrupted.
    """
    for app, tables in TABLES.items():
        recorded = {name for label, name in applied if label == app}
        if recorded - _in_the_code(app) and tables not in recorded:
            return True
    return False


def is_older_at(owner_url: str) -> bool:
    """Whether the database at this address is older; False when it is still empty.

    Raises psycopg.Error when the database does not answer, or refuses this role.
    """
    with psycopg.connect(owner_url, connect_timeout=5) as connection:
        table = connection.execute("SELECT to_regclass('django_migrations')").fetchone()
        if table == (None,):
            return False
        rows = connection.execute("SELECT app, name FROM django_migrations").fetchall()
    return is_older([(str(app), str(name)) for app, name in rows])


def _in_the_code(app: str) -> set[str]:
    folder = _ROOT / app / "migrations"
    return {module.name for module in pkgutil.iter_modules([str(folder)])}

"""Recognising a database whose migrations came before the initial set of each app.

Nothing leads from its tables to today's, and nothing was released then: its data are
thrown away. Kept free of Django, so that `make run` can look before it starts it.
"""

import pkgutil
from collections.abc import Collection
from pathlib import Path
from typing import Final

import psycopg

#: The migration of each app's initial set that makes its tables.
TABLES: Final = {
    "counter": "0002_tables",
    "payments": "0001_tables",
    "activation": "0001_tables",
    "notifications": "0001_tables",
}
MESSAGE: Final = "This database was made by an older, unreleased version."
CURE: Final = (
    "Throw its data away with `make reset`, then start again. On a server: drop the "
    "database, then create_roles and migrate (docs/database.md)."
)

_ROOT: Final = Path(__file__).resolve().parents[2]


def is_older(applied: Collection[tuple[str, str]]) -> bool:
    """Whether these are the recorded migrations (app, name) of such a database.

    True when an app has a migration that the code does not have, but not the one that
    makes its tables. Either alone is no sign of age: a newer database, under code that
    was rolled back, has unknown ones too; and a new database lacks the tables while its
    first `migrate` is under way, or was interrupted.
    """
    for app, tables in TABLES.items():
        recorded = {name for label, name in applied if label == app}
        if recorded - _in_the_code(app) and tables not in recorded:
            return True
    return False


def is_older_at(owner_url: str) -> bool:
    """The same of the database at an address; False when it is still empty.

    Raises psycopg.Error when it does not answer, or not to this role.
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

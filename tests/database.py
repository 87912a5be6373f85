"""What only the superuser or the owner may do with the tests' database.

The tests themselves run as the application's role, like the product.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, LiteralString
from urllib.parse import quote, unquote, urlsplit

import psycopg
from django.db import connection
from psycopg import sql

from counter.database.roles import APPLICATION

#: Tables about the models, which are not emptied: every test would write them anew.
WRITTEN_BY_MIGRATE: Final = {
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_content_type",
}
#: In bytes: of a smaller table, deleting rows is quicker than making a new file.
_SMALL: Final = 1 << 18


def as_role(variable: str) -> str:
    """The address of this test's database, for the role in the variable's address."""
    name = quote(str(connection.settings_dict["NAME"]))
    return urlsplit(os.environ[variable])._replace(path=f"/{name}").geturl()


def become(variable: str) -> None:
    """From here on, let Django connect as the role in the variable's address."""
    url = urlsplit(os.environ[variable])
    connection.close()
    connection.settings_dict["USER"] = unquote(url.username or "")
    connection.settings_dict["PASSWORD"] = unquote(url.password or "")


def let_tests_analyze() -> None:
    """As the owner, who alone may do so, make the function that `analyze` calls."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION analyze_for_tests() RETURNS void"
            " LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN ANALYZE; END'"
        )


def close_to_the_public() -> None:
    """As the owner, let only the application's role connect to the tests' database.

    Django made this database, and `create_roles` closes only the product's.
    """
    with connection.cursor() as cursor:
        name = connection.ops.quote_name(str(connection.settings_dict["NAME"]))
        cursor.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
        cursor.execute(f"GRANT CONNECT ON DATABASE {name} TO {APPLICATION}")


def analyze() -> None:
    """Let PostgreSQL count the rows, as autovacuum does on servers. Without that its
    planner takes tables that a test filled for empty, and reads all of one for a row.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT analyze_for_tests()")


def empty_tables(server: psycopg.Connection[Any]) -> None:
    """Remove every row that a test committed. Django truncates all tables, which takes
    four times as long: most tests leave a few rows in a few tables.
    """
    tables = connection.introspection.django_table_names(
        only_existing=True, include_views=False
    )
    row = sql.SQL(
        "SELECT {name}, pg_relation_size({name}::regclass)"
        " WHERE EXISTS (SELECT FROM {table})"
    )
    asked = sql.SQL(" UNION ALL ").join(
        row.format(name=sql.Literal(table), table=sql.Identifier(table))
        for table in set(tables) - WRITTEN_BY_MIGRATE
    )
    for table, size in server.execute(asked).fetchall():
        emptied: LiteralString
        emptied = "DELETE FROM {}" if size < _SMALL else "TRUNCATE TABLE {} CASCADE"
        server.execute(sql.SQL(emptied).format(sql.Identifier(table)))


@contextmanager
def superuser() -> Iterator[psycopg.Connection[Any]]:
    """A superuser's connection. It sees only committed rows: use `transaction=True`.

    Triggers and foreign keys are off in it, as for an attacker who owns the server.
    """
    with psycopg.connect(as_role("SUPERUSER_DATABASE_URL"), autocommit=True) as server:
        server.execute("SET session_replication_role = replica")
        yield server

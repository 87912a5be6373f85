"""A scratch database: made for one check, and gone afterwards whatever happened."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from django.db import connection
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from counter.backups.exceptions import DatabaseAwayError

_NAME: Final = "restore_check"
#: One check at a time on a server, so that the next one may sweep what a killed one
#: left; it waits for so long.
_WAIT: Final = "SET lock_timeout = '15min'"
_LOCK: Final = "SELECT pg_advisory_lock(hashtextextended('restore_check', 0))"


@contextmanager
def scratch(server_url: str) -> Iterator[str]:
    """The address of an empty database on this server, for a role that may make one.

    Raises DatabaseAwayError when the server does not answer, the role may not, or
    another check goes on there.
    """
    try:
        server = psycopg.connect(_named(server_url, "postgres"), autocommit=True)
    except psycopg.Error as error:
        raise DatabaseAwayError(_told(error)) from None
    with server:
        try:
            server.execute(_WAIT)
            server.execute(_LOCK)
            server.execute(_drop())
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(
                    sql.Identifier(_NAME)
                )
            )
        except psycopg.Error as error:
            raise DatabaseAwayError(_told(error)) from None
        try:
            yield _named(server_url, _NAME)
        finally:
            server.execute(_drop())


@contextmanager
def connected(address: str) -> Iterator[dict[str, Any]]:
    """Let Django speak to this database, and to the one before again afterwards.

    Gives Django's settings of it.
    """
    said = conninfo_to_dict(address)
    ours = {
        "NAME": said.pop("dbname"),
        "USER": said.pop("user", ""),
        "PASSWORD": said.pop("password", ""),
        "HOST": said.pop("host", ""),
        "PORT": str(said.pop("port", "")),
        "OPTIONS": said,
    }
    before = {name: connection.settings_dict[name] for name in ours}
    connection.close()
    connection.settings_dict.update(ours)
    try:
        yield connection.settings_dict
    finally:
        connection.close()
        connection.settings_dict.update(before)


def _drop() -> sql.Composed:
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    return drop.format(sql.Identifier(_NAME))


def _named(address: str, database: str) -> str:
    return make_conninfo(address, dbname=database, connect_timeout=5)


def _told(error: psycopg.Error) -> str:
    lines = str(error).splitlines()
    return f"The server for the check: {lines[0] if lines else type(error).__name__}"

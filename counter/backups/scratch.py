"""The scratch database, which is made for one check and always dropped afterwards."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from django.db import connection
from psycopg import sql

from counter.backups.exceptions import DatabaseAwayError
from counter.database.addresses import Address

_NAME: Final = "restore_check"
#: How long a check waits for the lock. Only one check runs on a server at a time, so
#: that it may drop a database that a killed check left.
_WAIT: Final = "SET lock_timeout = '15min'"
_LOCK: Final = "SELECT pg_advisory_lock(hashtextextended('restore_check', 0))"


@contextmanager
def scratch(server_address: Address) -> Iterator[Address]:
    """Make an empty database on this server, give its address, and drop it at the end.

    Raises DatabaseAwayError when the server does not answer, when the role may not make
    a database, or when another check is running there. When the block raises and the
    database cannot be dropped either, the block's error gets a note about that.
    """
    ours = dataclasses.replace(server_address, database="postgres").conninfo()
    try:
        server = psycopg.connect(ours, autocommit=True)
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
            yield dataclasses.replace(server_address, database=_NAME)
        except BaseException as error:
            try:
                server.execute(_drop())
            except psycopg.Error as stays:
                error.add_note(f"The database {_NAME} is still there. {_told(stays)}")
            raise
        try:
            server.execute(_drop())
        except psycopg.Error as error:
            raise DatabaseAwayError(_told(error)) from None


@contextmanager
def connected(address: Address) -> Iterator[dict[str, Any]]:
    """Connect Django to this database, and give its settings.

    At the end Django is connected to the former database again.
    """
    ours = {
        "NAME": address.database,
        "USER": address.user,
        "PASSWORD": address.password,
        "HOST": address.host,
        "PORT": address.port,
        "OPTIONS": dict(address.options),
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


def _told(error: psycopg.Error) -> str:
    lines = str(error).splitlines()
    return f"The server for the check: {lines[0] if lines else type(error).__name__}"

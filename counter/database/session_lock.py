"""Locks of the database session (PostgreSQL's advisory locks), by a name.

Such a lock lasts longer than a transaction, and ends with the connection, so a killed
process leaves none behind.
"""

from typing import Final

from django.db import Error, connection

_STATEMENT: Final = "SELECT {function}(hashtextextended(%s, 0))"


def try_lock(name: str) -> bool:
    """Take the lock; False, without waiting, when another session has it."""
    return _asked("pg_try_advisory_lock", name)


def unlock(name: str) -> None:
    """Give the lock back; raises no error of the database.

    A connection on which this fails is closed, which gives the lock back too. The error
    that broke the connection is then the one that is reported.
    """
    try:
        _asked("pg_advisory_unlock", name)
    except Error:
        connection.close()


def _asked(function: str, name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT.format(function=function), [name])
        row = cursor.fetchone()
    return bool(row and row[0])

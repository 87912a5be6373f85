"""Notify threads through PostgreSQL (LISTEN and NOTIFY) of a new one-time code.

The notification comes when the code's row is committed; until then the threads sleep
and query nothing. A notification can be lost, with its connection or behind a pooler
that assigns connections by transaction; then the next regular look finds the row
(notifications.outbox.express).
"""

import select
import socket
import threading
from typing import Any, Final

from django.db import connection

CHANNEL: Final = "outbox_urgent"


def announce() -> None:
    """Notify the threads of an urgent row, when the caller's transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


class Ending:
    """An event that tells threads to end; they can wait for it and for a connection at
    once.
    """

    def __init__(self) -> None:
        self._event = threading.Event()
        # The byte is never read, so the socket stays readable and wakes every thread.
        self._heard, self._said = socket.socketpair()

    def set(self) -> None:
        self._event.set()
        self._said.send(b".")

    def is_set(self) -> bool:
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        return self._event.wait(seconds)

    def fileno(self) -> int:
        return self._heard.fileno()

    def close(self) -> None:
        self._heard.close()
        self._said.close()


class Listener:
    """Receives notifications for one thread, on its own connection to the database."""

    _on: Any = None

    def begin(self) -> None:
        """Start to listen; again if the connection to the database is a new one."""
        connection.ensure_connection()
        if connection.connection is not self._on:
            with connection.cursor() as cursor:
                cursor.execute(f"LISTEN {CHANNEL}")
            self._on = connection.connection

    def wait(self, ending: Ending, *, seconds: float) -> bool:
        """Wait for a notification, for `ending`, or for this many seconds.

        Returns whether there was a notification, at once if it came since the last
        call. Raises the database's error when it is away.
        """
        if self._words():
            return True
        select.select([self._on, ending], [], [], seconds)
        return self._words()

    def _words(self) -> bool:
        return bool(list(self._on.notifies(timeout=0)))

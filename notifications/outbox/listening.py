"""PostgreSQL tells who waits that a one-time code was put in, when it is committed.

Whoever waits sleeps meanwhile and asks nothing. A word that gets lost, with its
connection or behind a pooler that hands connections out by the transaction, is made up
for by the next look (notifications.outbox.express).
"""

import select
import socket
import threading
from typing import Any, Final

from django.db import connection

CHANNEL: Final = "outbox_urgent"


def announce() -> None:
    """Say that an urgent row was put in, when the caller's transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


class Ending:
    """An end that threads wait for, together with what a connection says."""

    def __init__(self) -> None:
        self._event = threading.Event()
        # Written once and never read: so it wakes everybody.
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
    """One thread's ear, on its own connection to the database."""

    _on: Any = None

    def begin(self) -> None:
        """Listen from now on, also on a connection that was opened anew."""
        connection.ensure_connection()
        if connection.connection is not self._on:
            with connection.cursor() as cursor:
                cursor.execute(f"LISTEN {CHANNEL}")
            self._on = connection.connection

    def wait(self, ending: Ending, *, seconds: float) -> bool:
        """Until somebody announces, the end comes, or so long.

        Whether somebody announced; at once if that was since the last time. Raises what
        the database says when it is away.
        """
        if self._words():
            return True
        select.select([self._on, ending], [], [], seconds)
        return self._words()

    def _words(self) -> bool:
        return bool(list(self._on.notifies(timeout=0)))

"""Waiting where a limit a minute holds rows back (MOST_A_MINUTE): one pass for all.

Each pass that waited would keep a process of a worker from everything else, and one is
enough: the others end, and who waits sends the row of all of them.
"""

import time
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

from django.db import Error, connection

#: How long the one that waits sleeps until it looks again.
SECONDS: Final = 0.25


class Turn:
    """The waiting of one pass. Of those with the same `what_for` only one waits.

    The lock is of the database's session: it ends with a process that is killed.
    """

    def __init__(self, *what_for: object) -> None:
        self._lock = " ".join(["notifications.outbox.pacing", *map(str, what_for)])
        self._is_ours = False

    def wait(self) -> bool:
        """Wait a moment; at once and False where another pass waits already."""
        if not self._is_ours:
            self._is_ours = self._asked("pg_try_advisory_lock")
        if self._is_ours:
            time.sleep(SECONDS)
        return self._is_ours

    def _asked(self, function: str) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [self._lock])
            row = cursor.fetchone()
        return bool(row and row[0])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._is_ours:
            with suppress(Error):  # a connection that broke has let go of it
                self._asked("pg_advisory_unlock")

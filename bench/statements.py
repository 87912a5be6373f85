"""What goes to the database, and how long each statement took."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection


@dataclass(frozen=True)
class Statement:
    sql: str
    wall: float


@contextmanager
def watched() -> Iterator[list[Statement]]:
    """Collect the statements of this thread, savepoints included, BEGIN and COMMIT
    not: Django sends those another way.
    """
    seen: list[Statement] = []

    def note(
        execute: Callable[..., object], sql: str, params: object, *rest: object
    ) -> object:
        started = time.perf_counter()
        try:
            return execute(sql, params, *rest)
        finally:
            seen.append(Statement(sql, time.perf_counter() - started))

    with connection.execute_wrapper(note):
        yield seen


def spent_on_both_sides() -> float:
    """Seconds of CPU so far: this process's, and the one's of the database that serves
    its connection (Linux; the server is on this machine).
    """
    connection.ensure_connection()
    served_by = connection.connection.info.backend_pid
    nanoseconds = Path(f"/proc/{served_by}/schedstat").read_text().split()[0]
    return time.process_time() + int(nanoseconds) / 1e9

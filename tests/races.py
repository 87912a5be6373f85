"""Several actions at once on the real database, each with its own connection."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor

from django.db import connection


def at_once[T](actions: Sequence[Callable[[], T]]) -> list[T]:
    """Run all actions at the same instant; returns their answers in the same order."""
    start = threading.Barrier(len(actions))

    def run(action: Callable[[], T]) -> T:
        try:
            start.wait(timeout=10)
            return action()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


# Connections of this database only, because other tests run beside this one. A
# connection that waits for a row's lock holds a lock on its table.
_HOW_MANY_WAIT = """
SELECT count(DISTINCT waits.pid)
FROM pg_locks AS waits
JOIN pg_locks AS holds USING (pid)
JOIN pg_database AS here ON here.oid = holds.database
WHERE NOT waits.granted AND here.datname = current_database()
"""


def wait_for_a_lock() -> None:
    """Wait until another connection waits for what this transaction has locked."""
    _wait_until(lambda: _waiting() > 0)


def start[T](
    pool: Executor, action: Callable[[], T], *beside: "Future[T]"
) -> "Future[T]":
    """Run the action in the pool, and wait until it and those `beside` have ended or
    wait for a lock.
    """

    def run() -> T:
        try:
            return action()
        finally:
            connection.close()

    running = [*beside, pool.submit(run)]
    _wait_until(lambda: _waiting() >= sum(not one.done() for one in running))
    return running[-1]


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_HOW_MANY_WAIT)
        count: int = cursor.fetchone()[0]
        return count


def _wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if is_so():
            return
        time.sleep(0.01)
    raise TimeoutError("Nobody waits for a lock.")

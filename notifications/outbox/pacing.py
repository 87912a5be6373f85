"""Waiting for a limit a minute (MOST_A_MINUTE): one pass waits on behalf of all.

Each waiting pass keeps a process of a worker from other work, and one is enough. The
other passes end, and the one that waits sends their rows too.
"""

import time
from types import TracebackType
from typing import Final, Self

from counter.database import session_lock

#: How long the waiting pass sleeps before it looks again.
SECONDS: Final = 0.25


class Turn:
    """One pass's right to wait. Of the passes with the same `what_for` only one has it.

    It is an advisory lock of the database session, so it ends with a killed process.
    """

    def __init__(self, *what_for: object) -> None:
        self._lock = " ".join(["notifications.outbox.pacing", *map(str, what_for)])
        self._is_ours = False

    def wait(self) -> bool:
        """Wait a moment and return True; return False at once if another pass waits
        already.
        """
        if not self._is_ours:
            self._is_ours = session_lock.try_lock(self._lock)
        if self._is_ours:
            time.sleep(SECONDS)
        return self._is_ours

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._is_ours:
            session_lock.unlock(self._lock)

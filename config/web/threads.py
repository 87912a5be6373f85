"""Threads shared out among addresses: who asks for much only delays their own requests.

waitress gives the next free thread to whoever has waited longest. Four hundred whole
requests of one address that take a second each would hold up everybody for a minute.
Here the next thread goes to the address that has the fewest at work, in turn, and none
has all of them.
"""

from collections import Counter, deque
from typing import Protocol, override

from waitress.task import ThreadedTaskDispatcher


class Work(Protocol):
    """What a thread does; `whose` does not change while it waits or works."""

    @property
    def whose(self) -> str: ...

    def service(self) -> None: ...

    def cancel(self) -> None: ...


class Queue:
    """The requests that wait for a thread, by address; used under `FairThreads`' lock.

    Its length, which waitress reads, counts only those that may begin now.
    """

    def __init__(self) -> None:
        self.most = 1
        self._waiting: dict[str, deque[Work]] = {}
        self._working: Counter[str] = Counter()

    def append(self, work: Work) -> None:
        self._waiting.setdefault(work.whose, deque()).append(work)

    def popleft(self) -> Work:
        """The next one; its address goes to the end of those that have as few."""
        whose = min(self._may_begin(), key=self._working.__getitem__)
        waiting = self._waiting.pop(whose)
        work = waiting.popleft()
        if waiting:
            self._waiting[whose] = waiting
        self._working[whose] += 1
        return work

    def done(self, whose: str) -> None:
        self._working[whose] -= 1
        if not self._working[whose]:
            del self._working[whose]

    def __len__(self) -> int:
        return sum(len(self._waiting[whose]) for whose in self._may_begin())

    def _may_begin(self) -> list[str]:
        """The addresses that may begin a request, in the order of their last turn."""
        return [whose for whose in self._waiting if self._working[whose] < self.most]


class FairThreads(ThreadedTaskDispatcher):  # type: ignore[misc]
    """waitress' threads, with that queue; one address has `most` of them at once."""

    def __init__(self, count: int, *, most: int) -> None:
        super().__init__()
        self.queue = Queue()
        self.queue.most = most
        self.set_thread_count(count)

    def done(self, whose: str) -> None:
        """Work of this address has ended, so another of it may begin."""
        with self.lock:
            self.queue.done(whose)
            self.queue_cv.notify()

    @override
    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        """End the threads, and cancel whatever still waits."""
        with self.lock:
            self.queue.most = 1_000_000
        return bool(super().shutdown(cancel_pending, timeout))

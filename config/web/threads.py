"""Share the threads among addresses: many requests of one address delay only its own.

waitress gives the next free thread to the request that has waited longest: four hundred
requests of one address that take a second each would hold up everybody for a minute.
Here the next thread goes to the address with the fewest running requests, in turn, and
no address gets all threads.
"""

from collections import Counter, deque
from typing import Protocol, override

from waitress.task import ThreadedTaskDispatcher


class Work(Protocol):
    """A request for a thread; its `whose` (the address) does not change while it waits
    or runs.
    """

    @property
    def whose(self) -> str: ...

    def service(self) -> None: ...

    def cancel(self) -> None: ...


class Queue:
    """The requests that wait for a thread, by address; used under `FairThreads`' lock.

    Its length, which waitress reads, counts only the requests that may begin now.
    """

    def __init__(self) -> None:
        self.most = 1
        self._waiting: dict[str, deque[Work]] = {}
        self._working: Counter[str] = Counter()

    def append(self, work: Work) -> None:
        self._waiting.setdefault(work.whose, deque()).append(work)

    def popleft(self) -> Work:
        """Take the next request; its address goes to the end of those with as few."""
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
    """waitress' threads with this queue; `most` is the number that one address may
    use.
    """

    def __init__(self, count: int, *, most: int) -> None:
        super().__init__()
        self.queue = Queue()
        self.queue.most = most
        self.set_thread_count(count)

    def done(self, whose: str) -> None:
        """Note that a request of this address has ended, so its next one may begin."""
        with self.lock:
            self.queue.done(whose)
            self.queue_cv.notify()

    @override
    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        """End the threads, and cancel all requests that still wait."""
        with self.lock:
            self.queue.most = 1_000_000
        return bool(super().shutdown(cancel_pending, timeout))

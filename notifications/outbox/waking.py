"""Telling a worker that there is something to send.

A wake-up says nothing and may get lost: the sweep finds the row within a minute, and
`manage.py deliver` within 15 seconds. So nobody waits for it. A thread of its own
talks to the broker; the clerk's request only sets a flag, which takes microseconds
with the broker there, away, or swallowing packets.
"""

import atexit
import threading
from typing import Final

import structlog
from celery import current_app
from kombu.exceptions import KombuError
from redis import RedisError
from structlog.contextvars import bound_contextvars, get_contextvars

log = structlog.get_logger("sleutelloket.delivery")

DELIVER: Final = "notifications.tasks.deliver"
# A wake-up older than this is useless, because the sweep came first.
EXPIRES_SECONDS: Final = 60
#: So long a page has time to be made before the broker is talked to.
ANSWER_FIRST_SECONDS: Final = 0.1
# A command that ends right after its commit gives its last wake-up this long.
LAST_SECONDS: Final = 1.0


class _Bell:
    """One thread a process that rings for everybody; made when first needed.

    Rings that come while it is busy, or within a tenth of a second, become one: the
    flag is set after a commit, and cleared before ringing, so the worker that is woken
    sees what was committed. It carries the id of the last request that rang, because a
    thread has no context but its own.
    """

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._hurried = threading.Event()
        self._idle = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._context: dict[str, str] = {}

    def ring(self, *, at_once: bool) -> None:
        bound = get_contextvars()
        self._context = {key: bound[key] for key in ("request_id",) if key in bound}
        self._idle.clear()
        if at_once:
            self._hurried.set()
        self._asked.set()
        # A forked child inherits the object but not the thread.
        if self._thread is None or not self._thread.is_alive():
            with self._lock:
                if self._thread is None or not self._thread.is_alive():
                    self._begin()

    def _begin(self) -> None:
        # Registered in this process: a forked one drops what its parent registered.
        atexit.register(self.wait, LAST_SECONDS)
        self._thread = threading.Thread(target=self._run, name="wake-up", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while self._asked.wait():
            # The request that rang goes on with its page; two threads of one process
            # take turns, and the message would take a tenth of its time.
            self._hurried.wait(ANSWER_FIRST_SECONDS)
            self._hurried.clear()
            self._asked.clear()
            # config.celery sends it along.
            with bound_contextvars(**self._context):
                _publish()
            if not self._asked.is_set():
                self._idle.set()

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is left to ring for; whether that was in time."""
        return self._thread is None or self._idle.wait(seconds)


_bell = _Bell()


def wake_up() -> None:
    """Ask for a delivery pass soon. Never fails and never waits."""
    _bell.ring(at_once=False)


def wake_up_at_once() -> None:
    """The same out of a task, where no page is being made that would have to wait."""
    _bell.ring(at_once=True)


def _publish() -> None:
    try:
        current_app.send_task(
            DELIVER, expires=EXPIRES_SECONDS, retry=False, ignore_result=True
        )
    except (KombuError, RedisError, OSError) as error:
        # Only its class: the message may hold the broker's address with the password.
        log.warning("wake_up_not_sent", error=type(error).__name__)

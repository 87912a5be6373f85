"""Tell a worker that there is something to send.

A wake-up has no content and may get lost: the regular task finds the row within a
minute, and `manage.py deliver` within 15 seconds. So nobody waits for it. A thread of
its own talks to the broker. The clerk's request only sets a flag, which takes
microseconds even if the broker is down or its network swallows packets.
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
# A wake-up older than this is useless, because the regular task came first.
EXPIRES_SECONDS: Final = 60
#: The thread waits this long before it talks to the broker, so that the page is made
#: first.
ANSWER_FIRST_SECONDS: Final = 0.1
# A command that ends right after its commit waits this long for its last wake-up.
LAST_SECONDS: Final = 1.0


class _Bell:
    """One thread in each process that sends all its wake-ups; it starts at the first
    one.

    Wake-ups that are asked for while it is busy, or within a tenth of a second, become
    one. The flag is set after a commit, and cleared before the wake-up is sent, so the
    worker sees what was committed. The thread sends along the id of the last request
    that asked, because a thread does not inherit the context of the request.
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
        # A forked child inherits the object without its thread.
        if self._thread is None or not self._thread.is_alive():
            with self._lock:
                if self._thread is None or not self._thread.is_alive():
                    self._begin()

    def _begin(self) -> None:
        # Registered here and not at import: a forked process drops what its parent
        # registered.
        atexit.register(self.wait, LAST_SECONDS)
        self._thread = threading.Thread(target=self._run, name="wake-up", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while self._asked.wait():
            # The request that asked is still making its page. Two threads of a process
            # take turns, and talking to the broker would take a tenth of the request's
            # time.
            self._hurried.wait(ANSWER_FIRST_SECONDS)
            self._hurried.clear()
            self._asked.clear()
            # config.celery sends the request's id along.
            with bound_contextvars(**self._context):
                _publish()
            if not self._asked.is_set():
                self._idle.set()

    def wait(self, seconds: float) -> bool:
        """Wait until no wake-up is left to send; returns whether that was within this
        time.
        """
        return self._thread is None or self._idle.wait(seconds)


_bell = _Bell()


def wake_up() -> None:
    """Ask for a delivery pass soon. Never fails and never waits."""
    _bell.ring(at_once=False)


def wake_up_from_task() -> None:
    """As `wake_up`, for tasks: no page is being made that would have to wait."""
    _bell.ring(at_once=True)


def _publish() -> None:
    try:
        current_app.send_task(
            DELIVER, expires=EXPIRES_SECONDS, retry=False, ignore_result=True
        )
    except (KombuError, RedisError, OSError) as error:
        # Only the error's class: its text may contain the broker's address with the
        # password.
        log.warning("wake_up_not_sent", error=type(error).__name__)

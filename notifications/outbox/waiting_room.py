"""Wait for servers that have a mail's text and do not answer yet.

That may take ten minutes, and must not hold up anything else. One thread in each
process watches all of its open connections, renews the leases meanwhile, and settles
each row when its server answers. It reads only what has arrived and never blocks, so a
server that answers byte by byte does not delay the others. The thread ends when no mail
waits any more.

A process that is asked to stop waits only a few seconds. Rows that still wait are then
in the same state as after kill -9: of unknown outcome, and due again when their lease
ends.
"""

import selectors
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import structlog
from django.db import Error, InterfaceError, OperationalError, connection

from notifications.channels.smtp import Unanswered
from notifications.enums import Lane
from notifications.models import Delivery
from notifications.outbox import circuits, outbox
from notifications.outbox.settling import (
    SendingOutcome,
    log_error,
    log_outcome,
    settle,
    unknown,
)

log = structlog.get_logger("sleutelloket.delivery")

#: How long a server may take in all to answer a text (docs/domain.md#mail-servers).
AFTER_TEXT_SECONDS: Final = 600.0
#: A third of the lease, so that two renewals may fail.
RENEW_SECONDS: Final = outbox.LEASE.total_seconds() / 3
#: The number of waiting connections in one process. If all are taken, this process
#: sends no more mail until a server answers.
MOST_WAITING: Final = 20
#: The fraction of them that this lane leaves free for more urgent ones.
_KEPT: Final = {Lane.URGENT: 0.0, Lane.DESK: 0.1, Lane.BULK: 0.25}
#: How long a process that ends still waits for answers.
LAST_SECONDS: Final = 5.0
_LOOK_SECONDS: Final = 0.25


@dataclass(eq=False)
class _Guest:
    delivery: Delivery
    conversation: Unanswered
    to: str = field(repr=False)
    since: float


class _Room:
    """One for each process; a forked child inherits the object without its thread."""

    def __init__(self) -> None:
        self._guests: list[_Guest] = []
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._empty = threading.Event()
        self._empty.set()
        self._renewed = 0.0

    def take(self, delivery: Delivery, conversation: Unanswered, *, to: str) -> None:
        # When the answer comes, the state of its lane is not known any more.
        delivery.is_ailing = True
        guest = _Guest(delivery, conversation, to, since=time.monotonic())
        with self._lock:
            self._guests.append(guest)
            self._empty.clear()
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(
                    target=self._run, name="waiting-room", daemon=True
                )
                self._thread.start()

    def is_full(self, lane: Lane) -> bool:
        kept = int(MOST_WAITING * _KEPT[lane])
        return len(self._guests) >= MOST_WAITING - kept

    def wait(self, seconds: float) -> bool:
        """Wait until no mail waits; returns whether that was within this time."""
        return self._empty.wait(seconds)

    def _run(self) -> None:
        while guests := self._present():
            _wait_for_words(guests)
            for guest in guests:
                # Renew before each mail, because writing down a server's answer may
                # take a while.
                self._renew()
                if guest in self._guests and _is_done(guest):
                    self._leave(guest)

    def _present(self) -> list[_Guest]:
        with self._lock:
            if not self._guests:
                connection.close()
                self._thread = None
                self._empty.set()
            return list(self._guests)

    def _leave(self, guest: _Guest) -> None:
        with self._lock, suppress(ValueError):
            self._guests.remove(guest)

    def _renew(self) -> None:
        """Renew the leases of all waiting rows; let go of rows that another sender
        holds.
        """
        if time.monotonic() - self._renewed < RENEW_SECONDS:
            return
        self._renewed = time.monotonic()
        with self._lock:
            guests = list(self._guests)
        try:
            ours = outbox.renew(guest.delivery for guest in guests)
        except Error as error:
            _database_away(error)
            return
        for guest in guests:
            if guest.delivery.pk not in ours:
                guest.conversation.close()
                log_outcome(guest.delivery, SendingOutcome.LOST)
                self._leave(guest)


def _wait_for_words(guests: list[_Guest]) -> None:
    """Wait until a server says something or hangs up, a quarter of a second at most."""
    with selectors.PollSelector() as waiting:
        for guest in guests:
            # A socket that cannot be registered is handled when it is read.
            with suppress(OSError, ValueError, KeyError):
                if guest.conversation.socket is not None:
                    waiting.register(guest.conversation.socket, selectors.EVENT_READ)
        waiting.select(timeout=_LOOK_SECONDS)


def _is_done(guest: _Guest) -> bool:
    """Read the server's answer and settle the row; True if it need not wait longer.

    If the database is away nothing can be written: the answer is lost, and the sending
    counts as unconfirmed. The same happens after any unexpected error; the other mails
    go on waiting.
    """
    try:
        return _is_heard(guest)
    except (OperationalError, InterfaceError) as error:
        _database_away(error)
    except Exception as error:  # noqa: BLE001 (whatever it is, it is this one's alone)
        log_error(guest.delivery, error, "answer_not_heard")
        _give_up(guest)
    guest.conversation.close()
    return True


def _is_heard(guest: _Guest) -> bool:
    conversation = guest.conversation
    if conversation.has_answered():
        act = conversation.answer
    elif time.monotonic() - guest.since > AFTER_TEXT_SECONDS:
        act = conversation.never_answers
    else:
        return False
    settle(guest.delivery, act, to=guest.to, away=set(), may_be_there=lambda: True)
    return True


def _give_up(guest: _Guest) -> None:
    """Mark a row as of unknown outcome; if that fails, it is due again when its lease
    ends.
    """
    try:
        circuits.note_no_try(guest.delivery)
        unknown(guest.delivery)
    except Error as error:
        _database_away(error)


def _database_away(error: Error) -> None:
    log.warning("database_away", error=type(error).__name__)
    connection.close()


_room = _Room()
take = _room.take
is_full = _room.is_full
wait = _room.wait

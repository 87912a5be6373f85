"""Threads that send one-time codes only, beside the pass that sends everything else.

A pass sends one message after the other, and with a slow server each takes seconds. A
person who looks at a page that asks for six digits must not wait behind a reminder. So
each sending process has a thread for each channel, mail and text messages, that takes
only the urgent lane. The database wakes it (notifications.outbox.listening).
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from notifications.enums import Channel, Lane
from notifications.outbox import outbox, waiting_room
from notifications.outbox.delivering import deliver_due
from notifications.outbox.listening import Ending, Listener

log = structlog.get_logger("sleutelloket.delivery")

#: The threads connect to the database only after this long: a shorter pass ends first.
BEGIN_SECONDS: Final = 0.25
#: How often the threads look without a notification: for messages that were put off,
#: and in case a notification was lost.
EVERY_SECONDS: Final = 5.0
#: How soon the threads look again after a notification. If their clock is a little
#: behind the database's, they find nothing due at first.
SOON_SECONDS: Final = 0.5
#: How long a thread waits after an error.
PAUSE_SECONDS: Final = 1.0


@contextmanager
def beside() -> Iterator[None]:
    """Send urgent messages in threads of their own, within this context.

    At its end it waits some seconds for a message that is being sent; a message that
    takes longer is due again when its lease ends.
    """
    ending = Ending()
    threads = [
        threading.Thread(
            target=_run, args=[channel, ending], name=f"urgent-{channel}", daemon=True
        )
        for channel in Channel
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ending.set()
        for thread in threads:
            thread.join(waiting_room.LAST_SECONDS)
        if not any(thread.is_alive() for thread in threads):
            ending.close()


def _run(channel: Channel, ending: Ending) -> None:
    listener = Listener()
    pause = EVERY_SECONDS
    try:
        is_over = ending.wait(BEGIN_SECONDS)
        while not is_over:
            try:
                listener.begin()
                _look(channel, ending)
                is_told = listener.wait(ending, seconds=pause)
                pause = SOON_SECONDS if is_told else EVERY_SECONDS
                is_over = ending.is_set()
            except (OperationalError, InterfaceError) as error:
                log.warning("database_away", error=type(error).__name__)
                connection.close()
                is_over = ending.wait(PAUSE_SECONDS)
            except Exception as error:
                # An error that ended the thread would be noticed by nobody.
                log.exception("urgent_pass_failed", error=type(error).__name__)
                connection.close()
                is_over = ending.wait(PAUSE_SECONDS)
    finally:
        connection.close()


def _look(channel: Channel, ending: Ending) -> None:
    others = [other for other in Channel if other != channel]
    while outbox.is_due(Lane.URGENT, channel, at=timezone.now()):
        done = deliver_due(stop=ending.is_set, lanes=[Lane.URGENT], without=others)
        if not done.more:
            return

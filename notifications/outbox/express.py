"""Senders that are kept free for one-time codes, beside whoever sends the rest.

A pass sends one message after the other, and a slow server makes each take seconds:
who looks at a page that asks for six digits must not wait behind a reminder. So a
process that sends has a thread for each channel, mail and text messages, that takes
nothing but the urgent lane.
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

log = structlog.get_logger("sleutelloket.delivery")

#: Also how long a pass may last before the threads open anything at all.
EVERY_SECONDS: Final = 0.25


@contextmanager
def beside() -> Iterator[None]:
    """Send urgent messages in threads of their own, for as long as this lasts.

    In the end a message in hand is finished, if that takes no more than some seconds;
    else it is left to the end of its lease.
    """
    ending = threading.Event()
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


def _run(channel: Channel, ending: threading.Event) -> None:
    others = [other for other in Channel if other != channel]
    try:
        while not ending.wait(EVERY_SECONDS):
            try:
                if outbox.is_due(Lane.URGENT, channel, at=timezone.now()):
                    deliver_due(stop=ending.is_set, lanes=[Lane.URGENT], without=others)
            except (OperationalError, InterfaceError) as error:
                log.warning("database_away", error=type(error).__name__)
                connection.close()
            except Exception as error:
                # A thread that ended would say nothing of it.
                log.exception("urgent_pass_failed", error=type(error).__name__)
                connection.close()
    finally:
        connection.close()

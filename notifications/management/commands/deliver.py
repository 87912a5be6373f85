"""The delivery loop without Celery: mail is sent even if the broker is down."""

import signal
import threading
from argparse import ArgumentParser
from contextlib import nullcontext
from types import FrameType
from typing import Final

import structlog
from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from counter.checks import refuse_to_serve
from counter.operations import output
from notifications.enums import Part
from notifications.health import heartbeats, watching
from notifications.outbox import express, waiting_room
from notifications.outbox.delivering import deliver_due

log = structlog.get_logger("sleutelloket.delivery")

EVERY_SECONDS: Final = 15.0


class Command(BaseCommand):
    help = (
        "Sends what is due in the outbox, every 15 seconds and one-time codes at once, "
        "until SIGTERM or Ctrl-C. "
        "Needs PostgreSQL and the mail server, and neither Celery nor its broker."
    )
    requires_system_checks: list[str] = []
    # For a caller that runs the loop in a thread, and stops it by this event.
    stealth_options = ("stopping",)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="until nothing is due")
        parser.add_argument("--every", type=float, default=EVERY_SECONDS)

    def handle(
        self,
        *,
        once: bool,
        every: float,
        stopping: threading.Event | None = None,
        **_options: object,
    ) -> None:
        refuse_to_serve()
        if stopping is None:
            stopping = threading.Event()
            if not once:
                _set_at_signals(stopping)
        with nullcontext() if once else express.beside():
            is_away = self._passes(stopping, once=once, every=every)
        # With --once wait for all answers; when asked to stop, for a few seconds only.
        waiting_room.wait(
            waiting_room.AFTER_TEXT_SECONDS if once else waiting_room.LAST_SECONDS
        )
        if is_away:
            raise CommandError("The database is away: not all that is due was sent.")

    def _passes(self, stopping: threading.Event, *, once: bool, every: float) -> bool:
        """Run passes until asked to stop, or with `once` until nothing is due.

        Returns True if the database was away, with `once` only.
        """
        while not stopping.is_set():
            more = self._one_pass(stopping, says_so=not once)
            if more:
                continue
            if once:
                return more is None
            # A connection that a restart of the database broke is not used again.
            close_old_connections()
            stopping.wait(every)
        return False

    def _one_pass(self, stopping: threading.Event, *, says_so: bool) -> bool | None:
        """Run one pass; returns whether more is due, or None if the database is
        away.
        """
        try:
            if says_so:
                heartbeats.beat(Part.DELIVER, at=timezone.now())
            done = deliver_due(stop=stopping.is_set)
            if says_so:
                watching.look_between_work()
        except (OperationalError, InterfaceError) as error:
            log.warning("database_away", error=type(error).__name__)
            return None
        if done.outcomes:
            line = f"{timezone.localtime():%Y-%m-%d %H:%M:%S} {done}"
            output.write_line(self.stdout, line)
        return done.more


def _set_at_signals(stopping: threading.Event) -> None:
    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()  # The pass stops after the row that it is sending.

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)

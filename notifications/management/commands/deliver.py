"""The delivery loop without Celery: mail leaves with the broker dead."""

import signal
import threading
from argparse import ArgumentParser
from types import FrameType
from typing import Final

import structlog
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from notifications.services.delivering import deliver_due

log = structlog.get_logger("sleutelloket.delivery")

EVERY_SECONDS: Final = 15.0


class Command(BaseCommand):
    help = (
        "Sends what is due in the outbox, every 15 seconds, until SIGTERM or Ctrl-C. "
        "Needs PostgreSQL and the mail server, and neither Celery nor its broker."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="until nothing is due")
        parser.add_argument("--every", type=float, default=EVERY_SECONDS)

    def handle(self, *, once: bool, every: float, **_options: object) -> None:
        stopping = threading.Event()

        def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
            stopping.set()  # Between two rows: the one in hand is finished.

        if not once:
            signal.signal(signal.SIGTERM, ask_to_stop)
            signal.signal(signal.SIGINT, ask_to_stop)
        while not stopping.is_set():
            more = self._one_pass(stopping)
            if more:
                continue
            if once:
                break
            # A connection that a restart of the database broke is not used again.
            close_old_connections()
            stopping.wait(every)

    def _one_pass(self, stopping: threading.Event) -> bool:
        """Whether to go on at once; a database that is away is waited for."""
        try:
            done = deliver_due(stop=stopping.is_set)
        except (OperationalError, InterfaceError) as error:
            log.warning("database_away", error=type(error).__name__)
            return False
        if done.outcomes:
            now = timezone.localtime()
            self.stdout.write(f"{now:%Y-%m-%d %H:%M:%S} {done}")
        return done.more

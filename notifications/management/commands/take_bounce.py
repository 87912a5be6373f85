"""Read one mail that the mail server pipes in from the sender's mailbox."""

import os
import sys
from typing import Any, Final

import structlog
from django.core.management.base import BaseCommand
from django.utils import timezone

from counter.operations import output
from notifications.bounces.noting import note_bounce
from notifications.bounces.reports import LONGEST

_PIECE: Final = 64 * 1024

log = structlog.get_logger("sleutelloket.bounces")


class Command(BaseCommand):
    help = (
        "Reads one mail from standard input. When it reports that a mail of ours came "
        "back, the clerk sees it at the dossier. Anything else is passed over."
    )

    # A check that fails has nothing to do with the mail, which would be lost.
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        raw = sys.stdin.buffer.read(LONGEST + 1)
        # Read a longer mail to its end: the mail server would write to a closed pipe,
        # and some count that as a mail that was not delivered.
        while sys.stdin.buffer.read(_PIECE):
            pass
        try:
            noted = note_bounce(raw, at=timezone.now())
        except Exception as error:  # noqa: BLE001 (whatever it is, the mail comes again)
            log.warning("bounce_put_off", error=type(error).__name__)
            # Postfix and Exim keep the mail for later with this number only.
            sys.exit(os.EX_TEMPFAIL)
        # The mail server may have closed the pipe: the bounce is noted all the same.
        output.write_line(self.stdout, "noted" if noted else "passed over")

"""What the mail server pipes the sender's mailbox into."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from notifications.bounces.noting import note_bounce
from notifications.bounces.reports import LONGEST


class Command(BaseCommand):
    help = (
        "Reads one mail from standard input. When it reports that a mail of ours came "
        "back, the clerk sees it at the dossier. Anything else is passed over."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        noted = note_bounce(sys.stdin.buffer.read(LONGEST + 1), at=timezone.now())
        self.stdout.write("noted" if noted else "passed over")

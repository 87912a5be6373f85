"""`manage.py check_statistics` compares the stored counts with new counts."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from counter.statistics import counted_months


class Command(BaseCommand):
    help = (
        "Count each month of the statistics anew and name those that were kept "
        "otherwise; ends with 1 when there are any."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        several = 0
        for office, month, subject in counted_months.differing(timezone.now()):
            several += 1
            words = f"{office}, {month:%Y-%m}, subject {subject}: counted otherwise now"
            self.stderr.write(words)
        if several:
            raise CommandError(f"Counts that differ: {several}.")
        self.stdout.write("Every month that was counted is as it was counted.")

"""`manage.py verify_journal`: whether the journal is still what was sealed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from counter import journal
from counter.models import JournalEntry, JournalSeal

WHY = {
    "chain": "the chain of seals is broken here",
    "count": "entries were removed or slipped in",
    "content": "entries were changed",
}


class Command(BaseCommand):
    help = "Check every seal of the journal; ends with 1 when one no longer fits."

    def handle(self, **_options: Any) -> None:
        broken = journal.verify()
        for seal in broken:
            self.stderr.write(
                f"entries {seal.first_id} to {seal.last_id}: {WHY[seal.why]}"
            )
        last = JournalSeal.objects.last()
        sealed = last.last_id if last else 0
        unsealed = JournalEntry.objects.filter(pk__gt=sealed).count()
        seals = JournalSeal.objects.count()
        self.stdout.write(
            f"{seals} seals checked up to entry {sealed}; "
            f"{unsealed} entries not sealed yet."
        )
        if broken:
            raise CommandError(f"{len(broken)} seals do not fit.")

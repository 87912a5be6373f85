"""`manage.py verify_journal`: whether the journal is still what was sealed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from counter.journal import journal
from counter.models import JournalEntry, JournalSeal

WHY = {
    "chain": "the chain of seals is broken here",
    "count": "entries were removed or slipped in",
    "content": "entries were changed, or the seal was not made by us",
    "key": "its key is not in SEAL_KEYS",
}


class Command(BaseCommand):
    help = "Check every seal of the journal; ends with 1 when one no longer fits."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--head",
            action="append",
            default=[],
            help="a head that was mailed or logged: is it still in the journal?",
        )

    def handle(self, *, head: list[str], **_options: Any) -> None:
        lost = [text for text in head if not self._has(text)]
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
        for text in lost:
            self.stderr.write(
                f"head {text}: not in this journal. Its last entries were cut off, or "
                "all of it was written anew."
            )
        if broken:
            raise CommandError(f"{len(broken)} seals do not fit.")
        if lost:
            raise CommandError(f"{len(lost)} heads are not in the journal.")
        self.stdout.write(f"Head: {journal.head() or 'none yet'}")

    def _has(self, head: str) -> bool:
        try:
            return journal.has_head(head)
        except ValueError:
            raise CommandError(f"This is no head: {head}") from None

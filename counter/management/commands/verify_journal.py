"""`manage.py verify_journal` checks the whole journal against its seals."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from counter.journal import journal, verifying
from counter.journal.broken_words import sentence
from counter.journal.verifying import Broken
from counter.models import JournalEntry, JournalSeal

MOST_TOLD = 1_000


class Command(BaseCommand):
    help = (
        "Check every entry and seal of the journal and name what no longer fits; ends "
        "with 1 when something does not."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--head",
            action="append",
            default=[],
            help="a head that was mailed or logged: is it still in the journal?",
        )

    def handle(self, *, head: list[str], **_options: Any) -> None:
        lost = [text for text in head if not self._has(text)]
        first, row, count = self._look()
        last = JournalSeal.objects.defer("marks").last()
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
        if first is not None:
            why = f"{count} do not fit. First: {sentence(first)}."
            if row is not None and row is not first:
                why = f"{why} First entry: {sentence(row)}."
            raise CommandError(why)
        if lost:
            raise CommandError(f"{len(lost)} heads are not in the journal.")
        self.stdout.write(f"Head: {journal.head() or 'none yet'}")

    def _look(self) -> tuple[Broken | None, Broken | None, int]:
        """Check the journal, and write the first thousand errors to stderr.

        Returns the first error, the first error about an entry, and the number of all.
        """
        first: Broken | None = None
        row: Broken | None = None
        count = 0
        for broken in verifying.verify():
            first, count = first or broken, count + 1
            if broken.entry_id is not None:
                row = row or broken
            if count <= MOST_TOLD:
                self.stderr.write(sentence(broken))
        if count > MOST_TOLD:
            self.stderr.write(f"and {count - MOST_TOLD} more")
        return first, row, count

    def _has(self, head: str) -> bool:
        try:
            return journal.has_head(head)
        except ValueError:
            raise CommandError(f"This is no head: {head}") from None

"""`manage.py clock --at DATE --dry-run` shows what tasks will do until that day."""

from argparse import ArgumentParser
from datetime import date
from typing import Any, Final

from dateutil.relativedelta import relativedelta
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone, translation

from counter.upcoming.table import Table, table

#: Nothing that we store is planned farther ahead.
_FARTHEST: Final = relativedelta(years=100)


class Command(BaseCommand):
    help = (
        "Show what lapses, expires, is reminded, removed and charged at a new price "
        "until the end of a day, as a table. Changes nothing; without --dry-run it "
        "refuses (docs/servers.md#the-clock)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at", required=True, metavar="YYYY-MM-DD")
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *, at: str, dry_run: bool, **_options: Any) -> None:
        if not dry_run:
            raise CommandError(
                "The clock goes by itself: nothing here moves it. With --dry-run the "
                "table of what comes is shown."
            )
        until = _day(at)
        with translation.override("en"), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            for line in lines(table(now=timezone.now(), until=until)):
                self.stdout.write(line)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text} is no date such as 2027-01-31.") from None
    today = timezone.localdate()
    if day < today:
        raise CommandError(f"{text} is over.")
    if day > (last := today + _FARTHEST):
        raise CommandError(f"{text} is too far ahead: {last} is the last day.")
    return day


def lines(upcoming_table: Table) -> list[str]:
    """The table as lines of text, without rows whose total is zero."""
    heads = ["due now", *(f"{day:%d/%m/%y}" for day in upcoming_table.days), "in all"]
    body = [
        (row.label, [*map(str, row.counts), str(row.total)])
        for row in upcoming_table.rows
        if row.total
    ]
    wide = max((len(label) for label, _ in body), default=0)
    printed = []
    if body:
        printed.append(" ".join([" " * wide, *(f"{head:>8}" for head in heads)]))
        printed += [
            " ".join([f"{label:<{wide}}", *(f"{count:>8}" for count in counts)])
            for label, counts in body
        ]
    else:
        printed.append("Nothing comes by itself until then.")
    printed += [f"{day:%d/%m/%y} {words}" for day, words in upcoming_table.changes]
    return printed

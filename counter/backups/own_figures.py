"""The figures of the counter app: the rows of every table, and the journal."""

from collections.abc import Iterator
from typing import Final

from django.apps import apps
from django.db import connection

from counter.backups.figures import Figure, Value
from counter.journal import journal, verifying
from counter.journal.broken_words import sentence
from counter.models import JournalEntry


def _rows() -> dict[str, Value]:
    """The number of rows of each table, of all apps."""
    tables = sorted(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    )
    counted: dict[str, Value] = {}
    with connection.cursor() as cursor:
        for table in tables:
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT count(*) FROM {name}")  # noqa: S608 (our tables)
            counted[table] = cursor.fetchone()[0]
    return counted


def _journal() -> dict[str, Value]:
    last = JournalEntry.objects.order_by("-pk").values_list("pk", flat=True).first()
    return {"head": journal.head(), "last entry": last or 0}


def _broken() -> Iterator[str]:
    return (f"{sentence(broken)}." for broken in verifying.verify())


FIGURES: Final = (
    Figure(order=10, code="rows", measure=_rows),
    Figure(order=20, code="journal", measure=_journal, wrong=_broken),
)

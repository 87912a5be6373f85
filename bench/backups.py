"""16. A backup of ten years of visits, and proving that it comes back.

10,000 visits; with --large 100,000. The archive's journal is marked and sealed by the
product's own code first, because the check looks at every mark of every entry.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from itertools import batched
from pathlib import Path
from typing import Final

import pyrage
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from bench.archive import fill
from bench.measure import Figure
from counter.backups import checking, making
from counter.database.addresses import Address
from counter.journal import marks
from counter.journal.journal import GENESIS
from counter.models import JournalEntry, JournalSeal
from localrun.servers import postgres_program

VISITS: Final = 100_000 if os.environ.get("BENCH_LARGE") else 10_000
#: Entries under a seal, as an office has them in a busy minute.
_UNDER_A_SEAL: Final = 40


def measure() -> list[Figure]:
    fill(VISITS)
    _seal_the_archive()
    settings.POSTGRES_PROGRAMS = str(postgres_program.root() / "bin")
    secret = pyrage.x25519.Identity.generate()
    settings.BACKUP_RECIPIENTS = [str(secret.to_public())]
    with tempfile.TemporaryDirectory() as directory:
        place, key = Path(directory), Path(directory) / "key.txt"
        key.write_text(str(secret))
        started = time.perf_counter()
        backup = making.make(place, at=timezone.now())
        took = time.perf_counter() - started
        started = time.perf_counter()
        server = Address.read(os.environ["DATABASE_URL"], name="DATABASE_URL")
        checking.check(backup.path, identity=key, server=server)
        came_back = time.perf_counter() - started
    size = f"{backup.bytes / 1e6:,.0f} MB, {backup.manifest.rows:,} rows"
    return [
        Figure(16, f"backup of {VISITS:,} visits, seconds", took, ours=size),
        Figure(16, "restored and checked, seconds", came_back, ours=size),
    ]


def _seal_the_archive() -> None:
    """As if the product had written every entry, and sealed it in its minute."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("CREATE TEMPORARY TABLE marked (id bigint, mark bytea)")
        cursor.execute("DELETE FROM counter_journalseal")
        previous, seals = GENESIS, list[JournalSeal]()
        rows = list[tuple[int, bytes]]()
        for entries in batched(_marked(), _UNDER_A_SEAL):
            seals.append(_seal_of(list(entries), previous))
            previous = bytes(seals[-1].digest)
            rows += [(entry.pk, bytes(entry.mark)) for entry in entries]
        with cursor.copy("COPY marked FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("CREATE INDEX ON marked (id)")
        cursor.execute("ANALYZE marked")
        cursor.execute(
            "UPDATE counter_journalentry AS entry SET mark = marked.mark"
            " FROM marked WHERE marked.id = entry.id"
        )
        JournalSeal.objects.bulk_create(seals, batch_size=1000)
        cursor.execute("DROP TABLE marked")


def _marked() -> Iterator[JournalEntry]:
    for entry in JournalEntry.objects.order_by("pk").iterator():
        entry.mark = marks.written(entry)
        yield entry


def _seal_of(entries: list[JournalEntry], previous: bytes) -> JournalSeal:
    kid = next(iter(settings.SEAL_KEYS))
    listed = marks.listed(kid, entries, previous)
    return JournalSeal(
        sealed_at=entries[-1].at,
        first_id=entries[0].pk,
        last_id=entries[-1].pk,
        entries=len(entries),
        previous=previous,
        marks=listed,
        digest=marks.digest(kid, previous, listed),
        key_id=kid,
    )

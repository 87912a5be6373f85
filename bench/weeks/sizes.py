"""How large the database is, table by table, and what a backup of it takes."""

import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyrage
from django.conf import settings
from django.db import connection
from django.utils import timezone

from counter.backups import making
from localrun.servers import postgres_program

#: A table that is a smaller share of the whole is not named.
_NAMED: Final = 0.005

_SIZES: Final = """
SELECT c.relname, greatest(c.reltuples, 0)::bigint,
       pg_table_size(c.oid), pg_indexes_size(c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'r'
ORDER BY pg_total_relation_size(c.oid) DESC
"""


@dataclass(frozen=True)
class Table:
    """Rows as ANALYZE has counted them; bytes of rows and of indexes."""

    name: str
    rows: int
    data: int
    indexes: int

    @property
    def bytes(self) -> int:
        return self.data + self.indexes


def tables() -> list[Table]:
    """All of them, the largest first; also cleans them up as autovacuum would."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute(_SIZES)
        return [Table(*row) for row in cursor.fetchall()]


def shown(tables: list[Table], visits: int) -> list[str]:
    """The large ones, as lines: rows, megabytes, indexes, and bytes a visit."""
    whole = sum(table.bytes for table in tables)
    heads = ("table", "rows", "MB", "of it indexes", "bytes a visit")
    lines = [f"{heads[0]:36}{heads[1]:>10}{heads[2]:>9}{heads[3]:>15}{heads[4]:>15}"]
    named = [table for table in tables if table.bytes >= whole * _NAMED]
    rest = [table for table in tables if table not in named]
    others = Table(
        f"{len(rest)} others",
        sum(table.rows for table in rest),
        sum(table.data for table in rest),
        sum(table.indexes for table in rest),
    )
    lines += [
        f"{table.name:36}{table.rows:>10,}{table.bytes / 1e6:>9.1f}"
        f"{table.indexes / 1e6:>15.1f}{table.bytes / visits:>15,.0f}"
        for table in [*named, others]
    ]
    return lines


@dataclass(frozen=True)
class Backup:
    seconds: float
    bytes: int


def back_up() -> Backup:
    """As the nightly backup is made, for a key that is thrown away."""
    settings.POSTGRES_PROGRAMS = str(postgres_program.root() / "bin")
    secret = pyrage.x25519.Identity.generate()
    settings.BACKUP_RECIPIENTS = [str(secret.to_public())]
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_HOME")) as directory:
        started = time.perf_counter()
        backup = making.make(Path(directory), at=timezone.now())
        return Backup(time.perf_counter() - started, backup.bytes)

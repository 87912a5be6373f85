"""What a request left in the database, and what a page says to its reader."""

import re

from django.db import connection
from psycopg.sql import SQL, Identifier

from tests.activation.helpers import text_of


def all_tables() -> dict[str, str]:
    """Each table's name with a digest of its contents."""
    digests = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            whole = SQL(
                "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"
                " FROM {} t"
            )
            cursor.execute(whole.format(Identifier(table)))
            row = cursor.fetchone()
            assert row is not None
            digests[table] = row[0]
    return digests


def rows_touched() -> int:
    """How many rows this transaction wrote or deleted, rolled-back ones included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)"
            " FROM pg_stat_xact_user_tables"
        )
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def as_read(content: bytes) -> str:
    """The page's text without what differs at each request."""
    return re.sub(r'nonce="[^"]*"|value="[A-Za-z0-9]{64}"', "", text_of(content))

"""Emptying tables that refuse to be emptied."""

from django.db import connection


def empty_append_only_tables() -> None:
    """Let the flush after a test pass the append-only triggers, in this session.

    Needs a superuser, which the tests' role is and the application's is not.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")


def refuse_again() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = DEFAULT")

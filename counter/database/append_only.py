"""Operations of migrations that make the database refuse a change.

Tables that only grow, people who stay nobody, and what a legal hold keeps. Their
functions come from counter.migrations.0003_append_only, which a migration that uses
them has to depend on.
"""

from django.db import migrations


def append_only(table: str) -> migrations.RunSQL:
    """Triggers on the table; raw SQL and bulk updates meet them as well."""
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        """,
        f"""
        DROP TRIGGER append_only ON {table};
        DROP TRIGGER append_only_whole ON {table};
        """,
    )


def stays_anonymised(table: str) -> migrations.RunSQL:
    """A trigger on a table of people: who is anonymised never gets a name again.

    Otherwise emptied rows could be filled with somebody else. Its function
    `refuse_to_come_back` is of the same migration as `refuse_change`.
    """
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER stays_anonymised BEFORE UPDATE OF anonymised_at ON {table}
            FOR EACH ROW WHEN (OLD.anonymised_at IS NOT NULL
                AND OLD.anonymised_at IS DISTINCT FROM NEW.anonymised_at)
            EXECUTE FUNCTION refuse_to_come_back();
        """,
        f"DROP TRIGGER stays_anonymised ON {table};",
    )


def kept_while_held(table: str, whose: str, *, when: str) -> migrations.RunSQL:
    """A trigger that refuses to remove a row, or what it says, while a hold stands.

    The last line behind counter.retention, which looks for holds itself. `when` is the
    event and its condition; `whose` the way from the row to its person: "self",
    "person", "dossier", "holder" or "either".
    """
    event, _where, condition = when.partition(" IF ")
    suffix = event.split()[0].lower()
    clause = f"WHEN ({condition})" if condition else ""
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER held_{suffix} BEFORE {event} ON {table}
            FOR EACH ROW {clause} EXECUTE FUNCTION refuse_while_held('{whose}');
        """,
        f"DROP TRIGGER held_{suffix} ON {table};",
    )

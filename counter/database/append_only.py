"""Migration operations that add triggers, with which the database refuses a change.

There are triggers for append-only tables, for people who were anonymised, and for rows
under a legal hold. The triggers' functions are made by
counter.migrations.0003_append_only, on which a migration that uses them must depend.
"""

from django.db import migrations


def append_only(table: str) -> migrations.RunSQL:
    """Refuse to change or delete rows, also by raw SQL and bulk updates."""
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
    """Refuse to change or remove the date on which a person was anonymised.

    Otherwise the emptied row could be filled with another person's data. The trigger's
    function `refuse_to_come_back` is made by the same migration as `refuse_change`.
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
    """Refuse to delete a row, or to empty it, while a legal hold is in force.

    This is a second safeguard: counter.retention looks for holds itself. `when` is the
    trigger's event, with " IF " and a condition if it has one. `whose` says how the row
    leads to its person: "self", "person", "dossier", "holder" or "either".
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

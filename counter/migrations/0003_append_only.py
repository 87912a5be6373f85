"""The tables that only grow: the database refuses to change or remove their rows."""

from django.db import migrations

from counter.database.append_only import append_only

REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("counter", "0002_tables")]

    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION refuse_change();"),
        append_only("counter_journalentry"),
        append_only("counter_journalseal"),
        append_only("counter_kinshipanswer"),
        append_only("counter_dossiercorrection"),
        append_only("counter_accountchange"),
    ]

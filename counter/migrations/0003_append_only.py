"""The journal is append-only, and its time is the database's own, whatever an
insert says.
"""

from django.db import migrations

from counter.database.append_only import append_only

FUNCTIONS = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION journal_own_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.at := clock_timestamp();
    RETURN NEW;
END $$;

CREATE TRIGGER journal_own_time BEFORE INSERT ON counter_journalentry
    FOR EACH ROW EXECUTE FUNCTION journal_own_time();
"""
DROP_FUNCTIONS = """
DROP TRIGGER journal_own_time ON counter_journalentry;
DROP FUNCTION journal_own_time();
DROP FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("counter", "0002_the_counter")]

    operations = [
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        append_only("counter_journalentry"),
        append_only("counter_journalseal"),
    ]

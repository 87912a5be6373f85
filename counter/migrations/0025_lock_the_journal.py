"""Sealing locks the journal against writers for a moment. A table lock needs the right
to change the table, which the application's role has not: the owner's function does it.
"""

from django.db import migrations

LOCK = """
CREATE FUNCTION lock_journal() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    LOCK TABLE counter_journalentry IN SHARE ROW EXCLUSIVE MODE;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("counter", "0024_count_failed_sign_ins_by_the_hour")]

    operations = [migrations.RunSQL(LOCK, "DROP FUNCTION lock_journal();")]

"""The tables that only grow: the database refuses to change or remove their rows."""

from django.db import migrations

from counter.database.append_only import append_only, stays_anonymised

REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""

# What stood in a dossier before a correction goes when the dossier is anonymised, and
# then only: the rows stay, their `changes` are emptied by the owner's function. And who
# is anonymised stays so, or the emptied rows could be filled with somebody else.
FORGET = """
CREATE FUNCTION refuse_change_but_forgetting() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.changes = '{}'::jsonb
        AND to_jsonb(NEW) - 'changes' = to_jsonb(OLD) - 'changes'
        AND EXISTS (SELECT FROM public.counter_dossier
            WHERE id = OLD.dossier_id AND anonymised_at IS NOT NULL)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON counter_dossiercorrection
    FOR EACH ROW EXECUTE FUNCTION refuse_change_but_forgetting();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON counter_dossiercorrection
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION forget_corrections(dossiers uuid[]) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.counter_dossiercorrection SET changes = '{}'::jsonb
        WHERE dossier_id = ANY(dossiers) AND changes <> '{}'::jsonb;
END $$;

CREATE FUNCTION refuse_to_come_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is anonymised and stays so', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""
DROP_FORGET = """
DROP FUNCTION refuse_to_come_back();
DROP FUNCTION forget_corrections(uuid[]);
DROP TRIGGER append_only ON counter_dossiercorrection;
DROP TRIGGER append_only_whole ON counter_dossiercorrection;
DROP FUNCTION refuse_change_but_forgetting();
"""


class Migration(migrations.Migration):
    dependencies = [("counter", "0002_tables")]

    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION refuse_change();"),
        append_only("counter_journalentry"),
        append_only("counter_journalseal"),
        append_only("counter_kinshipanswer"),
        migrations.RunSQL(FORGET, DROP_FORGET),
        append_only("counter_destructionrecord"),
        stays_anonymised("counter_applicant"),
        stays_anonymised("counter_dossier"),
        append_only("counter_accountchange"),
    ]

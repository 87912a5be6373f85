"""The tables that only grow: the database refuses to change or remove their rows."""

from django.db import migrations

from counter.database.append_only import (
    append_only,
    kept_while_held,
    stays_anonymised,
)

REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""

# What stood in a dossier before a correction goes when the dossier is anonymised, and
# then only: the rows stay, their `changes` are emptied by the owner's function. Whose
# family somebody was goes then too, row and all. Of what was done to an account of staff
# the addresses of then go when their time is over; who did what and when stays. And who is anonymised stays so, or the
# emptied rows could be filled with somebody else.
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

CREATE FUNCTION refuse_change_of_kinship() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (SELECT FROM public.counter_dossier
            WHERE id = OLD.dossier_id AND anonymised_at IS NOT NULL)
    THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON counter_kinshipanswer
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_kinship();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON counter_kinshipanswer
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION forget_kinship(dossiers uuid[]) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM public.counter_kinshipanswer WHERE dossier_id = ANY(dossiers);
END $$;

CREATE FUNCTION refuse_change_but_addresses() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.old_email = '' AND NEW.second_email = ''
        AND to_jsonb(NEW) - 'old_email' - 'second_email'
            = to_jsonb(OLD) - 'old_email' - 'second_email'
        AND (OLD.old_email <> '' OR OLD.second_email <> '')
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON counter_accountchange
    FOR EACH ROW EXECUTE FUNCTION refuse_change_but_addresses();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON counter_accountchange
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION forget_addresses_of_accounts(changes uuid[]) RETURNS bigint
LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    emptied bigint;
BEGIN
    UPDATE public.counter_accountchange SET old_email = '', second_email = ''
        WHERE id = ANY(changes) AND (old_email <> '' OR second_email <> '');
    GET DIAGNOSTICS emptied = ROW_COUNT;
    RETURN emptied;
END $$;

CREATE FUNCTION refuse_to_come_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is anonymised and stays so', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""

# The last line behind the rules of retention, which look for holds themselves. Whether
# a hold's last day is over is not asked here: the night lifts it then.
HOLDS = """
CREATE FUNCTION is_held(person uuid) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM public.counter_legalhold AS hold
        JOIN public.counter_dossier AS dossier ON dossier.id = hold.dossier_id
        WHERE hold.lifted_at IS NULL AND dossier.applicant_id = person)
$$;

CREATE FUNCTION refuse_while_held() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    whose text := TG_ARGV[0];
    person uuid;
BEGIN
    IF whose = 'self' THEN
        person := OLD.id;
    ELSIF whose = 'person' THEN
        person := OLD.applicant_id;
    ELSIF whose = 'dossier' THEN
        SELECT applicant_id INTO person FROM public.counter_dossier
            WHERE id = OLD.dossier_id;
    ELSIF whose = 'holder' THEN
        SELECT applicant_id INTO person FROM public.activation_keyholder
            WHERE id = OLD.holder_id;
    ELSE
        SELECT applicant_id INTO person FROM public.counter_dossier
            WHERE id = OLD.dossier_id
            UNION SELECT applicant_id FROM public.activation_keyholder
            WHERE id = OLD.holder_id;
    END IF;
    IF public.is_held(person) THEN
        RAISE EXCEPTION '% is kept by a legal hold', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION refuse_to_part_while_held() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF public.is_held(OLD.applicant_id) AND EXISTS (
        SELECT FROM public.counter_applicant
        WHERE id = NEW.applicant_id AND anonymised_at IS NOT NULL)
    THEN
        RAISE EXCEPTION '% is kept by a legal hold', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER held_parting BEFORE UPDATE OF applicant_id ON counter_dossier
    FOR EACH ROW WHEN (OLD.applicant_id IS DISTINCT FROM NEW.applicant_id)
    EXECUTE FUNCTION refuse_to_part_while_held();
"""
DROP_HOLDS = """
DROP TRIGGER held_parting ON counter_dossier;
DROP FUNCTION refuse_to_part_while_held();
DROP FUNCTION refuse_while_held();
DROP FUNCTION is_held(uuid);
"""

DROP_FORGET = """
DROP FUNCTION refuse_to_come_back();
DROP FUNCTION forget_addresses_of_accounts(uuid[]);
DROP TRIGGER append_only ON counter_accountchange;
DROP TRIGGER append_only_whole ON counter_accountchange;
DROP FUNCTION refuse_change_but_addresses();
DROP FUNCTION forget_kinship(uuid[]);
DROP TRIGGER append_only ON counter_kinshipanswer;
DROP TRIGGER append_only_whole ON counter_kinshipanswer;
DROP FUNCTION refuse_change_of_kinship();
DROP FUNCTION forget_corrections(uuid[]);
DROP TRIGGER append_only ON counter_dossiercorrection;
DROP TRIGGER append_only_whole ON counter_dossiercorrection;
DROP FUNCTION refuse_change_but_forgetting();
"""

ANONYMISED = (
    "UPDATE IF OLD.anonymised_at IS NULL AND NEW.anonymised_at IS NOT NULL"
)


class Migration(migrations.Migration):
    dependencies = [("counter", "0002_create_all_tables")]

    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION refuse_change();"),
        append_only("counter_journalentry"),
        append_only("counter_journalseal"),
        migrations.RunSQL(FORGET, DROP_FORGET),
        append_only("counter_destructionrecord"),
        stays_anonymised("counter_applicant"),
        stays_anonymised("counter_dossier"),
        migrations.RunSQL(HOLDS, DROP_HOLDS),
        kept_while_held("counter_applicant", "self", when=ANONYMISED),
        kept_while_held(
            "counter_dossier",
            "person",
            when="UPDATE IF (OLD.anonymised_at IS NULL AND NEW.anonymised_at IS NOT"
            " NULL) OR (OLD.email <> '' AND NEW.email = '') OR"
            " (OLD.document_number_sealed <> '' AND NEW.document_number_sealed = '')",
        ),
    ]

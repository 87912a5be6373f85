"""What the database itself sees to in the journal, whatever an insert says.

- The time of an entry is the database's own.
- The number of an entry is the one drawn for it, and a seal follows the last seal. What
  is sealed next is found by these numbers, so an invented one would leave nothing to
  seal ever after. A number that is not drawn has no `currval`, which is an error by
  itself. One drawn before the last seal is refused as well: its entry would be slipped
  in below that seal.
- Sealing locks the journal against writers for a moment. A table lock needs the right
  to change the table, which the application's role has not: the owner's function does
  it.
"""

from django.db import migrations

OWN_TIME = """
CREATE FUNCTION journal_own_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.at := clock_timestamp();
    RETURN NEW;
END $$;

CREATE TRIGGER journal_own_time BEFORE INSERT ON counter_journalentry
    FOR EACH ROW EXECUTE FUNCTION journal_own_time();
"""
DROP_OWN_TIME = """
DROP TRIGGER journal_own_time ON counter_journalentry;
DROP FUNCTION journal_own_time();
"""

# An event that happens once in a thousand entries has to be known to be rare, and so has
# what an entry is about, which nearly none says and hardly two alike: else the list of
# either is looked for backwards along the time, through all of the journal. And that a
# clerk sends no mail and activates no key, which two columns by themselves do not say.
KNOWN_AS_RARE = """
ALTER TABLE counter_journalentry ALTER COLUMN event SET STATISTICS 1000;
ALTER TABLE counter_journalentry ALTER COLUMN subject SET (n_distinct = -0.02);
CREATE STATISTICS journal_event_of_clerk (mcv) ON event, clerk_id
    FROM counter_journalentry;
"""
NOT_KNOWN = """
DROP STATISTICS journal_event_of_clerk;
ALTER TABLE counter_journalentry ALTER COLUMN event SET STATISTICS DEFAULT;
ALTER TABLE counter_journalentry ALTER COLUMN subject RESET (n_distinct);
"""

OWN_NUMBERS = """
CREATE FUNCTION journal_own_number() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.id IS DISTINCT FROM
            currval(pg_get_serial_sequence('public.counter_journalentry', 'id'))
        OR NEW.id <= (SELECT max(last_id) FROM public.counter_journalseal)
    THEN
        RAISE EXCEPTION 'a journal entry has the number that was drawn for it'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER journal_own_number BEFORE INSERT ON counter_journalentry
    FOR EACH ROW EXECUTE FUNCTION journal_own_number();

CREATE FUNCTION seal_follows() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    last_seal public.counter_journalseal;
BEGIN
    SELECT * INTO last_seal
        FROM public.counter_journalseal ORDER BY last_id DESC LIMIT 1;
    IF NEW.first_id <= coalesce(last_seal.last_id, 0)
        OR NEW.last_id < NEW.first_id
        OR NEW.last_id > coalesce(
            (SELECT max(id) FROM public.counter_journalentry), 0)
        OR NEW.previous IS DISTINCT FROM
            coalesce(last_seal.digest, decode(repeat('00', 32), 'hex'))
    THEN
        RAISE EXCEPTION 'a journal seal follows the last one, over written entries'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER seal_follows BEFORE INSERT ON counter_journalseal
    FOR EACH ROW EXECUTE FUNCTION seal_follows();
"""
DROP_OWN_NUMBERS = """
DROP TRIGGER seal_follows ON counter_journalseal;
DROP FUNCTION seal_follows();
DROP TRIGGER journal_own_number ON counter_journalentry;
DROP FUNCTION journal_own_number();
"""

LOCK = """
CREATE FUNCTION lock_journal() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    LOCK TABLE counter_journalentry IN SHARE ROW EXCLUSIVE MODE;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("counter", "0003_append_only")]

    operations = [
        migrations.RunSQL(OWN_TIME, DROP_OWN_TIME),
        migrations.RunSQL(KNOWN_AS_RARE, NOT_KNOWN),
        migrations.RunSQL(OWN_NUMBERS, DROP_OWN_NUMBERS),
        migrations.RunSQL(LOCK, "DROP FUNCTION lock_journal();"),
    ]

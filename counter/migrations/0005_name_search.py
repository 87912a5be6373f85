"""Names are found by any part, whatever their accents, by an index.

They are searched in the dossiers, which keep every name that a person had.

unaccent() is only STABLE, because its dictionary could be replaced. Ours is not, so
the wrapper may call itself IMMUTABLE, which an index asks for. The bodies are parsed
here and now: they keep working whatever search_path a restore or a session has.

No fastupdate: a name is written a few hundred times a day and searched for as often,
and the list of pending entries would be read by every search.
"""

from django.db import migrations

MAKE = """
CREATE FUNCTION counter_folded(shown text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN lower(unaccent('unaccent'::regdictionary, shown));

CREATE FUNCTION counter_searchable_name(last_name text, first_names text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ' ' || counter_folded(last_name || ' ' || first_names);

CREATE INDEX counter_dossier_name ON counter_dossier
    USING gin (counter_searchable_name(last_name, first_names) gin_trgm_ops)
    WITH (fastupdate = off);
"""
UNMAKE = """
DROP INDEX counter_dossier_name;
DROP FUNCTION counter_searchable_name(text, text);
DROP FUNCTION counter_folded(text);
"""


class Migration(migrations.Migration):
    dependencies = [("counter", "0004_journal")]

    operations = [migrations.RunSQL(MAKE, UNMAKE)]

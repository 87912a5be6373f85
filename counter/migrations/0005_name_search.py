"""Names are found by any part, whatever their accents, by an index.

They are searched in the dossiers, which keep every name that a person had.

unaccent() is only STABLE, because its dictionary could be replaced. Ours is not, so
the wrapper may call itself IMMUTABLE, which an index asks for. The bodies are parsed
here and now: they keep working whatever search_path a restore or a session has.

The list of pending entries is short: every search reads it, which costs 0.02 ms when it
is full. Without it each move of a dossier to another state puts all parts of its name
into the index anew, one by one, which is five sixths of what the move costs.
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
    WITH (fastupdate = on, gin_pending_list_limit = 64);
"""
UNMAKE = """
DROP INDEX counter_dossier_name;
DROP FUNCTION counter_searchable_name(text, text);
DROP FUNCTION counter_folded(text);
"""


class Migration(migrations.Migration):
    dependencies = [("counter", "0004_journal")]

    operations = [migrations.RunSQL(MAKE, UNMAKE)]

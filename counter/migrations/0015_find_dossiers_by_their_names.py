"""Names are searched in the dossiers, which keep every name that a person had.

The index moves there; see 0008 for its functions and why it has no fastupdate.
"""

from django.db import migrations

MAKE = """
DROP INDEX counter_applicant_name;

CREATE INDEX counter_dossier_name ON counter_dossier
    USING gin (counter_searchable_name(last_name, first_names) gin_trgm_ops)
    WITH (fastupdate = off);
"""

UNMAKE = """
DROP INDEX counter_dossier_name;

CREATE INDEX counter_applicant_name ON counter_applicant
    USING gin (counter_searchable_name(last_name, first_names) gin_trgm_ops)
    WITH (fastupdate = off);
"""


class Migration(migrations.Migration):
    dependencies = (("counter", "0014_a_dossier_keeps_its_names"),)

    operations = (migrations.RunSQL(MAKE, UNMAKE),)

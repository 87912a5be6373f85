"""What PostgreSQL has to be able to do before the first table.

btree_gist for prices that may not overlap, pg_trgm and unaccent for finding names.
"""

from django.contrib.postgres.operations import (
    BtreeGistExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations


class Migration(migrations.Migration):
    operations = [BtreeGistExtension(), TrigramExtension(), UnaccentExtension()]

"""An account that is anonymised never belongs to anybody again."""

from django.db import migrations

from counter.database.append_only import stays_anonymised


class Migration(migrations.Migration):
    dependencies = [
        ("activation", "0001_tables"),
        ("counter", "0003_append_only"),
    ]

    operations = [stays_anonymised("activation_keyholder")]

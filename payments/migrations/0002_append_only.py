"""A payment is never changed or removed: the database refuses it."""

from django.db import migrations

from counter.database.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0001_tariffs_and_payments"),
        ("counter", "0003_append_only"),
    ]

    operations = [append_only("payments_payment")]

"""What was booked is never changed or removed: the database refuses it."""

from django.db import migrations

from counter.database.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0001_create_all_tables"),
        ("counter", "0003_append_only"),
    ]

    operations = [
        append_only("payments_payment"),
        append_only("payments_receipt"),
        append_only("payments_drawermovement"),
        append_only("payments_drawercount"),
        append_only("payments_exportbatch"),
        append_only("payments_bankrefund"),
    ]

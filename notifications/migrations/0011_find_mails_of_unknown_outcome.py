"""Every desk view of a supervisor asks how many there are; the outbox is never emptied."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0010_mails_to_staff")]

    operations = [
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                models.F("created_at"),
                condition=models.Q(("state", "unknown")),
                name="delivery_unknown",
            ),
        ),
    ]

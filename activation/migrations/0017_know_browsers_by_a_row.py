import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The browsers of holders, each with a digest of what its cookie holds now."""

    dependencies = [("activation", "0016_find_wrong_passwords")]

    operations = [
        migrations.CreateModel(
            name="KnownBrowser",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "mark",
                    models.BinaryField(editable=False, max_length=32, unique=True),
                ),
                ("signed_in_at", models.DateTimeField()),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="known_browsers",
                        to="activation.keyholder",
                    ),
                ),
            ],
            options={
                "verbose_name": "known browser",
                "verbose_name_plural": "known browsers",
                "indexes": [
                    models.Index(fields=["signed_in_at"], name="known_browser_age")
                ],
            },
        ),
    ]

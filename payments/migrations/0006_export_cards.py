"""A batch is a drawer's, or the cards of a day."""

import datetime

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("payments", "0005_cash_needs_a_drawer"),)

    operations = (
        migrations.AddField(
            "exportbatch",
            "date",
            # The table is new and empty.
            models.DateField(default=datetime.date(2026, 1, 1), verbose_name="date"),
            preserve_default=False,
        ),
        migrations.AlterField(
            "exportbatch",
            "session",
            models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="export",
                to="payments.drawersession",
                verbose_name="drawer",
            ),
        ),
        migrations.AddConstraint(
            "exportbatch",
            models.UniqueConstraint(
                "office",
                "date",
                condition=models.Q(("session__isnull", True)),
                name="export_cards_once_a_day",
            ),
        ),
    )

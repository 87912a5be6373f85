"""A receipt keeps the desk and the user name that it was printed with.

Of older ones the desk is the drawer's, which kept it; of cards only the clerk's of
today is known.
"""

from django.db import migrations, models

FILL = """
ALTER TABLE payments_receipt DISABLE TRIGGER append_only;
UPDATE payments_receipt AS receipt
SET desk = coalesce(drawer.desk, clerk.desk), username = clerk.username
FROM payments_payment AS payment
JOIN counter_clerk AS clerk ON clerk.id = payment.taken_by_id
LEFT JOIN payments_drawersession AS drawer ON drawer.id = payment.drawer_id
WHERE payment.id = receipt.payment_id;
ALTER TABLE payments_receipt ENABLE TRIGGER append_only;
"""


class Migration(migrations.Migration):
    dependencies = (("payments", "0008_charge_prices_in_force"),)

    operations = (
        migrations.AddField(
            "receipt",
            "desk",
            models.CharField(
                blank=True, default="", max_length=40, verbose_name="desk"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "receipt",
            "username",
            models.CharField(default="", max_length=150, verbose_name="user name"),
            preserve_default=False,
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    )

"""That the finance service paid a reversal back: noted once, and then it stays."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from counter.database.append_only import append_only

FUNCTION = """
CREATE FUNCTION refund_by_bank_transfer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM payments_reversal
               WHERE id = NEW.reversal_id AND state = 'confirmed' AND by_bank_transfer
                 AND (decided_at AT TIME ZONE 'Europe/Brussels')::date <= NEW.paid_on)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the finance service had nothing to pay back'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER by_bank_transfer BEFORE INSERT ON payments_bankrefund
    FOR EACH ROW EXECUTE FUNCTION refund_by_bank_transfer();
"""
DROP_FUNCTION = """
DROP TRIGGER by_bank_transfer ON payments_bankrefund;
DROP FUNCTION refund_by_bank_transfer();
"""


class Migration(migrations.Migration):
    dependencies = (
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("payments", "0009_receipts_keep_who_printed"),
    )

    operations = (
        migrations.CreateModel(
            "BankRefund",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("paid_on", models.DateField(verbose_name="paid back on")),
                ("noted_at", models.DateTimeField(verbose_name="noted")),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_refunds",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="noted by",
                    ),
                ),
                (
                    "reversal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_refund",
                        to="payments.reversal",
                        verbose_name="reversal",
                    ),
                ),
            ],
            {
                "verbose_name": "refund by bank transfer",
                "verbose_name_plural": "refunds by bank transfer",
                "ordering": ("-paid_on", "-noted_at"),
            },
        ),
        append_only("payments_bankrefund"),
        migrations.RunSQL(FUNCTION, DROP_FUNCTION),
    )

"""A reversal is agreed to first and settled when the money went, and which way.

The database keeps each step: from asked to agreed, refused, withdrawn or settled, from
agreed to settled, and never back.
"""
import django.db.models.deletion
import payments.enums
from django.conf import settings
from django.db import migrations, models

FUNCTIONS = """
CREATE OR REPLACE FUNCTION keep_decided_reversal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
        AND (NEW.id, NEW.payment_id, NEW.reason, NEW.method, NEW.amount,
             NEW.asked_by_id, NEW.asked_at)
            IS NOT DISTINCT FROM
            (OLD.id, OLD.payment_id, OLD.reason, OLD.method, OLD.amount,
             OLD.asked_by_id, OLD.asked_at)
        AND (OLD.state = 'asked'
             OR (OLD.state = 'agreed' AND NEW.state = 'settled'
                 AND (NEW.decided_by_id, NEW.decided_at, NEW.withdrawn_at)
                     IS NOT DISTINCT FROM
                     (OLD.decided_by_id, OLD.decided_at, OLD.withdrawn_at)
                 AND (NEW.way = 'transfer'
                      OR (NEW.way, NEW.drawer_id)
                         IS NOT DISTINCT FROM (OLD.way, OLD.drawer_id))))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a reversal is not changed so'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE OR REPLACE FUNCTION refund_by_bank_transfer() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM payments_reversal
               WHERE id = NEW.reversal_id AND state = 'settled' AND way = 'transfer'
                 AND booked_on <= NEW.paid_on)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the finance service had nothing to pay back'
        USING ERRCODE = 'restrict_violation';
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0011_choices_by_reference'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='reversal',
            name='reversal_one_a_payment',
        ),
        migrations.RemoveConstraint(
            model_name='reversal',
            name='reversal_decided_has_who',
        ),
        migrations.RemoveConstraint(
            model_name='reversal',
            name='reversal_cash_comes_from_somewhere',
        ),
        migrations.AddField(
            model_name='reversal',
            name='booked_on',
            field=models.DateField(help_text='A date in Brussels.', null=True, verbose_name='counts on'),
        ),
        migrations.AddField(
            model_name='reversal',
            name='refund_slip',
            field=models.CharField(blank=True, max_length=30, verbose_name='slip number of the refund'),
        ),
        migrations.AddField(
            model_name='reversal',
            name='settled_at',
            field=models.DateTimeField(null=True, verbose_name='given back'),
        ),
        migrations.AddField(
            model_name='reversal',
            name='settled_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='settled_reversals', to=settings.AUTH_USER_MODEL, verbose_name='given back by'),
        ),
        migrations.AddField(
            model_name='reversal',
            name='way',
            field=models.CharField(blank=True, choices=payments.enums.Way.pairs, max_length=8, verbose_name='way'),
        ),
        migrations.AddField(
            model_name='reversal',
            name='withdrawn_at',
            field=models.DateTimeField(null=True, verbose_name='withdrawn'),
        ),
        migrations.AddIndex(
            model_name='reversal',
            index=models.Index(models.F('asked_at'), condition=models.Q(('state__in', ('asked', 'agreed'))), name='reversal_open'),
        ),
        migrations.AddIndex(
            model_name='reversal',
            index=models.Index(models.F('booked_on'), condition=models.Q(('state', 'settled')), name='reversal_booked'),
        ),
        migrations.AddConstraint(
            model_name='reversal',
            constraint=models.UniqueConstraint(models.F('payment'), condition=models.Q(('state', 'asked'), ('state__in', ('agreed', 'settled')), _connector='OR'), name='reversal_one_a_payment', violation_error_message='A reversal of this was asked already.'),
        ),
        migrations.AddConstraint(
            model_name='reversal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), ('withdrawn_at__isnull', False)), models.Q(models.Q(('state', 'withdrawn'), _negated=True), ('withdrawn_at__isnull', True)), _connector='OR'), name='reversal_withdrawn_has_time'),
        ),
        migrations.AddConstraint(
            model_name='reversal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('agreed', 'settled', 'refused')), ('decided_at__isnull', False), ('decided_by__isnull', False)), models.Q(models.Q(('state__in', ('agreed', 'settled', 'refused')), _negated=True), ('decided_at__isnull', True), ('decided_by__isnull', True)), _connector='OR'), name='reversal_decided_has_who'),
        ),
        migrations.AddConstraint(
            model_name='reversal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('agreed', 'settled')), models.Q(('way', ''), _negated=True)), models.Q(models.Q(('state__in', ('agreed', 'settled')), _negated=True), ('way', '')), _connector='OR'), name='reversal_agreed_has_way'),
        ),
        migrations.AddConstraint(
            model_name='reversal',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'agreed'), ('way', 'transfer'), _negated=True), name='reversal_transfer_is_settled_at_once'),
        ),
        migrations.AddConstraint(
            model_name='reversal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('drawer__isnull', False), ('method', 'cash'), ('way', 'cash')), models.Q(models.Q(('way', 'cash'), _negated=True), ('drawer__isnull', True)), _connector='OR'), name='reversal_cash_comes_from_a_drawer'),
        ),
        migrations.AddConstraint(
            model_name='reversal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('way', 'terminal'), _negated=True), ('method', 'card'), _connector='OR'), name='reversal_terminal_is_for_cards'),
        ),
        migrations.AddConstraint(
            model_name='reversal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'settled'), ('booked_on__isnull', False), ('settled_at__isnull', False), ('settled_by__isnull', False)), models.Q(models.Q(('state', 'settled'), _negated=True), ('booked_on__isnull', True), ('settled_at__isnull', True), ('settled_by__isnull', True)), _connector='OR'), name='reversal_settled_has_who'),
        ),
        migrations.AddConstraint(
            model_name='reversal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'settled'), ('way', 'terminal'), models.Q(('refund_slip', ''), _negated=True)), models.Q(models.Q(('state', 'settled'), ('way', 'terminal'), _negated=True), ('refund_slip', '')), _connector='OR'), name='reversal_on_terminal_has_slip', violation_error_message='A refund on a terminal has a slip number.'),
        ),
        migrations.RemoveField(
            model_name='reversal',
            name='by_bank_transfer',
        ),
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
    ]

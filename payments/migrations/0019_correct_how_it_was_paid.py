"""A payment whose method was booked wrongly is replaced by another one.

That one is of the price of the day on which the person paid.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import payments.querysets

FUNCTION = """
CREATE OR REPLACE FUNCTION charge_the_tariff() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paid_on date := (coalesce(
        (SELECT min(taken_at) FROM payments_payment
         WHERE NEW.replaces_id IS NOT NULL AND dossier_id = NEW.dossier_id),
        NEW.taken_at) AT TIME ZONE 'Europe/Brussels')::date;
BEGIN
    PERFORM FROM payments_tariff
    WHERE id = NEW.tariff_id
      AND (NEW.method = 'waiver' OR amount = NEW.amount)
      AND paid_on BETWEEN valid_from AND coalesce(valid_until, 'infinity')
    FOR SHARE;
    IF FOUND THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'this is not what the tariff says'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'charge_the_tariff';
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('counter', '0018_remember_own_people'),
        ('payments', '0018_keep_each_count'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='payment',
            name='payment_cash_has_drawer',
        ),
        migrations.RemoveConstraint(
            model_name='reversal',
            name='reversal_gives_something_back',
        ),
        migrations.RemoveConstraint(
            model_name='reversal',
            name='reversal_decided_by_another',
        ),
        migrations.RemoveConstraint(
            model_name='reversal',
            name='reversal_transfer_is_settled_at_once',
        ),
        migrations.RemoveConstraint(
            model_name='reversal',
            name='reversal_cash_comes_from_a_drawer',
        ),
        migrations.AddField(
            model_name='payment',
            name='late',
            field=models.BooleanField(db_default=False, default=False, verbose_name='too late for a drawer or terminal'),
        ),
        migrations.AddField(
            model_name='payment',
            name='replaces',
            field=models.OneToOneField(help_text='The payment whose method was booked wrongly.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='payments.payment', verbose_name='corrects'),
        ),
        migrations.AddField(
            model_name='reversal',
            name='late',
            field=models.BooleanField(db_default=False, default=False, verbose_name='too late for a drawer or terminal'),
        ),
        migrations.AlterField(
            model_name='payment',
            name='dossier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='counter.dossier', verbose_name='dossier'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(models.F('dossier'), condition=models.Q(('replaces__isnull', True)), name='payment_one_a_dossier'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('late', False), models.Q(('drawer__isnull', True), ('replaces__isnull', False)), _connector='OR'), name='payment_late_is_a_correction'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('method', 'cash'), _negated=True), ('drawer__isnull', False), ('late', True), _connector='OR'), name='payment_cash_has_drawer', violation_error_message='Cash goes into an open drawer.'),
        ),
        migrations.AddConstraint(
            model_name='reversal',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0), models.Q(('amount', 0), ('way', 'books')), _connector='OR'), name='reversal_gives_something_back'),
        ),
        migrations.AddConstraint(
            model_name='reversal',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('asked_by')), _negated=True), ('way', 'books'), _connector='OR'), name='reversal_decided_by_another', violation_error_message='Nobody decides on an own request.'),
        ),
        migrations.AddConstraint(
            model_name='reversal',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'agreed'), ('way__in', ('transfer', 'books')), _negated=True), name='reversal_agreed_is_to_be_given'),
        ),
        migrations.AddConstraint(
            model_name='reversal',
            constraint=models.CheckConstraint(condition=models.Q(('late', False), models.Q(('drawer__isnull', True), ('way', 'books')), _connector='OR'), name='reversal_late_is_in_the_books'),
        ),
        migrations.AddConstraint(
            model_name='reversal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('drawer__isnull', False), ('method', 'cash'), ('way', 'cash')), models.Q(('drawer__isnull', False), ('method', 'cash'), ('way', 'books')), models.Q(models.Q(('way', 'cash'), _negated=True), ('drawer__isnull', True)), _connector='OR'), name='reversal_cash_comes_from_a_drawer'),
        ),
        migrations.RemoveConstraint(
            model_name='payment',
            name='payment_slip_once_a_day',
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(models.F('terminal'), payments.querysets.SlipKey('terminal_slip'), payments.querysets.BrusselsDay('taken_at'), condition=models.Q(('method', 'card'), ('replaces__isnull', True), ('terminal__isnull', False)), name='payment_slip_once_a_day', violation_error_message='This ticket was used already.'),
        ),
        migrations.RunSQL(FUNCTION, migrations.RunSQL.noop),
    ]

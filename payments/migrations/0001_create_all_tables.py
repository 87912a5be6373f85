"""The tables of payments: prices, drawers, payments and what belongs to them."""

import django.contrib.postgres.constraints
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import payments.enums
import payments.models.tariffs
import payments.querysets
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('counter', '0002_create_all_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='DrawerSession',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drawers', to='counter.office', verbose_name='office')),
                ('clerk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drawers', to=settings.AUTH_USER_MODEL, verbose_name='clerk')),
                ('desk', models.CharField(blank=True, max_length=40, verbose_name='desk')),
                ('state', models.CharField(choices=payments.enums.DrawerState.pairs, default='open', max_length=8, verbose_name='state')),
                ('opened_at', models.DateTimeField(verbose_name='opened')),
                ('opening_float', models.DecimalField(decimal_places=2, max_digits=8, verbose_name='float')),
                ('opening_counts', models.JSONField(default=dict, verbose_name='float by denomination')),
                ('counted_at', models.DateTimeField(null=True, verbose_name='counted at')),
                ('counted_amount', models.DecimalField(decimal_places=2, max_digits=8, null=True, verbose_name='counted')),
                ('counted_counts', models.JSONField(null=True, verbose_name='counted by denomination')),
                ('expected_amount', models.DecimalField(decimal_places=2, max_digits=8, null=True, verbose_name='expected')),
                ('difference', models.DecimalField(decimal_places=2, max_digits=8, null=True, verbose_name='difference')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='closed')),
                ('difference_reason', models.CharField(blank=True, max_length=200, verbose_name='reason of the difference')),
                ('approved_at', models.DateTimeField(null=True, verbose_name='approved')),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='approved_drawers', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
                ('recount_asked_at', models.DateTimeField(null=True, verbose_name='recount asked')),
                ('recount_asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='asked_recounts', to=settings.AUTH_USER_MODEL, verbose_name='recount asked by')),
                ('sealed_bag', models.CharField(blank=True, max_length=30, verbose_name='sealed bag')),
            ],
            options={
                'verbose_name': 'drawer',
                'verbose_name_plural': 'drawers',
                'ordering': ('-opened_at',),
                'indexes': [
                    models.Index(fields=['office', '-opened_at'], name='drawer_of_office'),
                    models.Index(fields=['opened_at'], name='drawer_newest'),
                    models.Index(fields=['office', 'counted_at'], name='drawer_counted'),
                    models.Index(condition=models.Q(('state', 'approved'), _negated=True), fields=['office', 'state'], name='drawer_not_approved'),
                ],
                'constraints': [
                    models.UniqueConstraint(models.F('clerk'), condition=models.Q(('state__in', ('open', 'counted'))), name='drawer_one_a_clerk', violation_error_message='This clerk has a drawer already.'),
                    models.CheckConstraint(condition=models.Q(('opening_float__gte', 0)), name='drawer_float_not_negative'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'open'), ('counted_amount__isnull', True), ('counted_at__isnull', True), ('counted_counts__isnull', True), ('difference__isnull', True), ('expected_amount__isnull', True)), models.Q(models.Q(('state', 'open'), _negated=True), ('counted_amount__isnull', False), ('counted_at__isnull', False), ('counted_counts__isnull', False), ('difference__isnull', False), ('expected_amount__isnull', False), ('counted_amount__gte', 0)), _connector='OR'), name='drawer_counted_has_count'),
                    models.CheckConstraint(condition=models.Q(('difference__isnull', True), ('difference', django.db.models.expressions.CombinedExpression(models.F('counted_amount'), '-', models.F('expected_amount'))), _connector='OR'), name='drawer_difference_adds_up'),
                    models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('state__in', ('open', 'counted'))), models.Q(models.Q(('state__in', ('open', 'counted')), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='drawer_closed_has_time'),
                    models.CheckConstraint(condition=models.Q(('state__in', ('open', 'counted')), ('difference', 0), models.Q(('difference_reason', ''), _negated=True), _connector='OR'), name='drawer_difference_has_reason', violation_error_message='Say where the difference comes from.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), ('state', 'approved')), models.Q(models.Q(('state', 'approved'), _negated=True), ('approved_at__isnull', True), ('approved_by__isnull', True)), _connector='OR'), name='drawer_approved_has_who'),
                    models.CheckConstraint(condition=models.Q(models.Q(('recount_asked_at__isnull', True), ('recount_asked_by__isnull', True)), models.Q(('recount_asked_at__isnull', False), ('recount_asked_by__isnull', False), ('state__in', ('counted', 'closed'))), _connector='OR'), name='drawer_recount_asked_before_approval'),
                    models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('clerk')), _negated=True), _connector='OR'), name='drawer_approved_by_another', violation_error_message='Nobody approves an own drawer.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='DrawerMovement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('submission', models.UUIDField(editable=False, unique=True)),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='payments.drawersession', verbose_name='drawer')),
                ('kind', models.CharField(choices=payments.enums.MovementKind.pairs, default='deposit', max_length=8, verbose_name='kind')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=8, verbose_name='amount')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drawer_movements', to=settings.AUTH_USER_MODEL, verbose_name='clerk')),
                ('reference', models.CharField(blank=True, max_length=30, verbose_name='sealed bag or reference')),
            ],
            options={
                'verbose_name': 'movement of a drawer',
                'verbose_name_plural': 'movements of drawers',
                'ordering': ('at', 'id'),
                'indexes': [models.Index(fields=['at'], name='movement_newest')],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('amount__gt', Decimal('0'))), name='movement_moves_something', violation_error_message='An amount is more than zero.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Terminal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terminals', to='counter.office', verbose_name='office')),
                ('name', models.CharField(help_text='For example: Terminal loket 2.', max_length=40, verbose_name='name')),
                ('number', models.CharField(max_length=30, verbose_name='number')),
                ('slip_shortest', models.PositiveSmallIntegerField(default=3, help_text="The fewest digits that this terminal prints. A slip number with fewer digits, or with more than the most, is refused.", validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(20)], verbose_name='fewest digits of a slip number')),
                ('slip_longest', models.PositiveSmallIntegerField(default=12, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(20)], verbose_name='most digits of a slip number')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ('desks', models.ManyToManyField(blank=True, help_text="The desks at which the terminal is used. A clerk who works there finds it chosen already.", related_name='terminals', to='counter.desk', verbose_name='desks')),
            ],
            options={
                'verbose_name': 'card terminal',
                'verbose_name_plural': 'card terminals',
                'ordering': ('office', 'name'),
                'constraints': [
                    models.UniqueConstraint(models.F('office'), models.F('number'), name='terminal_number_once_an_office', violation_error_message='This office has that terminal already.'),
                    models.CheckConstraint(condition=models.Q(('slip_longest__lte', 20), ('slip_shortest__gte', 1), ('slip_shortest__lte', models.F('slip_longest'))), name='terminal_slip_has_a_length', violation_error_message='The most digits of a slip number are not fewer than the fewest.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='TerminalTotal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('terminal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='totals', to='payments.terminal', verbose_name='terminal')),
                ('date', models.DateField(verbose_name='date')),
                ('amount', models.DecimalField(decimal_places=2, help_text='In euros.', max_digits=8, verbose_name='amount')),
                ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terminal_totals', to=settings.AUTH_USER_MODEL, verbose_name='noted by')),
                ('noted_at', models.DateTimeField(verbose_name='noted')),
            ],
            options={
                'verbose_name': 'day total of a terminal',
                'verbose_name_plural': 'day totals of terminals',
                'ordering': ('-date', 'terminal'),
                'constraints': [
                    models.UniqueConstraint(models.F('terminal'), models.F('date'), name='terminal_total_once_a_day', violation_error_message="This day's total is noted already."),
                    models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='terminal_total_not_negative', violation_error_message='An amount is not below zero.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ExportBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('session', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='export', to='payments.drawersession', verbose_name='drawer')),
                ('date', models.DateField(verbose_name='date')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exports', to='counter.office', verbose_name='office')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('content', models.BinaryField()),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('created_at', models.DateTimeField(verbose_name='made')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exports', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
            ],
            options={
                'verbose_name': 'export batch',
                'verbose_name_plural': 'export batches',
                'ordering': ('office', '-number'),
                'indexes': [
                    models.Index(fields=['office', 'created_at'], name='export_newest'),
                    models.Index(fields=['office', 'date'], name='export_of_a_day'),
                ],
                'constraints': [
                    models.UniqueConstraint(models.F('office'), models.F('number'), name='export_number_once_an_office'),
                ],
            },
        ),
        migrations.CreateModel(
            name='DrawerCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='counts', to='payments.drawersession', verbose_name='drawer')),
                ('nth', models.PositiveSmallIntegerField(verbose_name='count number')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('counted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drawer_counts', to=settings.AUTH_USER_MODEL, verbose_name='counted by')),
                ('together_with', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='joint_drawer_counts', to=settings.AUTH_USER_MODEL, verbose_name='together with')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=8, verbose_name='counted')),
                ('counts', models.JSONField(verbose_name='counted by denomination')),
                ('difference', models.DecimalField(decimal_places=2, max_digits=8, verbose_name='difference')),
                ('was_said', models.CharField(blank=True, max_length=200, verbose_name='reason given before')),
            ],
            options={
                'verbose_name': 'count of a drawer',
                'verbose_name_plural': 'counts of drawers',
                'ordering': ('session', 'nth'),
                'indexes': [models.Index(fields=['at'], name='drawer_count_newest')],
                'constraints': [
                    models.UniqueConstraint(models.F('session'), models.F('nth'), name='drawer_count_numbered_once'),
                    models.CheckConstraint(condition=models.Q(('together_with__isnull', True), models.Q(('together_with', models.F('counted_by')), _negated=True), _connector='OR'), name='drawer_count_is_of_two_people'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Tariff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tariffs', to='counter.office', verbose_name='office')),
                ('category', models.CharField(choices=payments.enums.TariffCategory.pairs, default='standard', max_length=12, verbose_name='category')),
                ('amount', models.DecimalField(decimal_places=2, help_text='In euros.', max_digits=6, verbose_name='amount')),
                ('valid_from', models.DateField(verbose_name='from')),
                ('valid_until', models.DateField(blank=True, help_text='The last day included.', null=True, verbose_name='until')),
                ('regulation', models.CharField(max_length=200, verbose_name='regulation')),
            ],
            options={
                'verbose_name': 'tariff',
                'verbose_name_plural': 'tariffs',
                'ordering': ('office', 'category', 'valid_from'),
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('amount', 0), ('category', 'waiver')), models.Q(models.Q(('category', 'waiver'), _negated=True), ('amount__gt', 0)), _connector='OR'), name='tariff_is_free_or_not', violation_error_message='A price is above zero; only a waiver is free of charge.'),
                    models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='tariff_ends_after_start', violation_error_message='A price cannot end before it starts.'),
                    django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.F('office'), '='), (models.F('category'), '='), (payments.models.tariffs.DateRange('valid_from', 'valid_until', models.Value('[]')), '&&')], name='tariff_one_at_a_time', violation_error_message='Another price holds on these dates.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('submission', models.UUIDField(editable=False, unique=True)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='counter.dossier', verbose_name='dossier')),
                ('replaces', models.OneToOneField(help_text="The payment that this one replaces, because it was booked with a wrong method.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='payments.payment', verbose_name='corrects')),
                ('late', models.BooleanField(db_default=False, default=False, verbose_name='too late for a drawer or terminal')),
                ('tariff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='payments.tariff', verbose_name='tariff')),
                ('taken_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to=settings.AUTH_USER_MODEL, verbose_name='taken by')),
                ('taken_at', models.DateTimeField(verbose_name='taken')),
                ('method', models.CharField(choices=payments.enums.Method.pairs, max_length=6, verbose_name='method')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=6, verbose_name='amount')),
                ('tendered', models.DecimalField(decimal_places=2, max_digits=6, null=True, verbose_name='tendered')),
                ('terminal_slip', models.CharField(blank=True, max_length=30, verbose_name='terminal slip number')),
                ('drawer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='payments.drawersession', verbose_name='drawer')),
                ('terminal', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='payments.terminal', verbose_name='terminal')),
                ('waiver_reason', models.CharField(blank=True, choices=payments.enums.WaiverReason.pairs, max_length=20, verbose_name='reason of the waiver')),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='approved_waivers', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
            ],
            options={
                'verbose_name': 'payment',
                'verbose_name_plural': 'payments',
                'ordering': ('-taken_at',),
                'indexes': [
                    models.Index(fields=['taken_at'], name='payment_taken'),
                    models.Index(condition=models.Q(('method', 'waiver')), fields=['taken_by'], name='payment_waived'),
                    models.Index(models.F('terminal'), payments.querysets.SlipKey('terminal_slip'), payments.querysets.BrusselsDay('taken_at'), condition=models.Q(('method', 'card')), name='payment_slip'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('amount', 0), ('method', 'waiver')), models.Q(models.Q(('method', 'waiver'), _negated=True), ('amount__gt', 0)), _connector='OR'), name='payment_is_free_or_not', violation_error_message='Only a waiver is free of charge.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('approved_by__isnull', False), ('method', 'waiver'), ('tendered__isnull', True), ('terminal_slip', ''), models.Q(('waiver_reason', ''), _negated=True)), models.Q(models.Q(('method', 'waiver'), _negated=True), ('approved_by__isnull', True), ('waiver_reason', '')), _connector='OR'), name='payment_waiver_has_reason', violation_error_message='A waiver has a reason and a supervisor.'),
                    models.UniqueConstraint(models.F('dossier'), condition=models.Q(('replaces__isnull', True)), name='payment_one_a_dossier'),
                    models.CheckConstraint(condition=models.Q(('late', False), models.Q(('drawer__isnull', True), ('replaces__isnull', False)), _connector='OR'), name='payment_late_is_a_correction'),
                    models.CheckConstraint(condition=models.Q(models.Q(('method', 'cash'), _negated=True), ('drawer__isnull', False), ('late', True), _connector='OR'), name='payment_cash_has_drawer', violation_error_message='Cash goes into an open drawer.'),
                    models.CheckConstraint(condition=models.Q(('drawer__isnull', True), ('method', 'cash'), _connector='OR'), name='payment_drawer_is_for_cash'),
                    models.CheckConstraint(condition=models.Q(('terminal__isnull', True), ('method', 'card'), _connector='OR'), name='payment_terminal_is_for_cards'),
                    models.CheckConstraint(condition=models.Q(models.Q(('method', 'cash'), _negated=True), models.Q(('tendered__gte', models.F('amount')), ('terminal_slip', '')), _connector='OR'), name='payment_cash_is_tendered', violation_error_message='Less was handed over than is due.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('method', 'card'), _negated=True), models.Q(('tendered__isnull', True), models.Q(('terminal_slip', ''), _negated=True)), _connector='OR'), name='payment_card_has_slip', violation_error_message='A card payment has a slip number.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ReceiptCounter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='counter.office', verbose_name='office')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('last', models.PositiveIntegerField(verbose_name='last number')),
            ],
            options={
                'verbose_name': 'counter of receipts',
                'verbose_name_plural': 'counters of receipts',
                'ordering': ('office', '-year'),
                'constraints': [
                    models.UniqueConstraint(models.F('office'), models.F('year'), name='receipt_counter_one_a_year'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='counter.office', verbose_name='office')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('payment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='receipt', to='payments.payment', verbose_name='payment')),
                ('issued_at', models.DateTimeField(verbose_name='issued')),
                ('desk', models.CharField(blank=True, max_length=40, verbose_name='desk')),
                ('username', models.CharField(max_length=150, verbose_name='user name')),
                ('terminal', models.CharField(blank=True, max_length=80, verbose_name='terminal')),
            ],
            options={
                'verbose_name': 'receipt',
                'verbose_name_plural': 'receipts',
                'ordering': ('office', '-year', '-number'),
                'indexes': [models.Index(fields=['office', 'issued_at'], name='receipt_issued')],
                'constraints': [
                    models.UniqueConstraint(models.F('office'), models.F('year'), models.F('number'), name='receipt_number_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Reversal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reversals', to='payments.payment', verbose_name='payment')),
                ('reason', models.CharField(choices=payments.enums.ReversalReason.pairs, max_length=20, verbose_name='reason')),
                ('method', models.CharField(choices=payments.enums.Method.pairs, max_length=6, verbose_name='method')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=6, verbose_name='amount')),
                ('state', models.CharField(choices=payments.enums.ReversalState.pairs, default='asked', max_length=9, verbose_name='state')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asked_reversals', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('asked_at', models.DateTimeField(verbose_name='asked')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='withdrawn')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decided_reversals', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided')),
                ('refund_method', models.CharField(blank=True, choices=payments.enums.RefundMethod.pairs, max_length=8, verbose_name='refund method')),
                ('drawer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversals', to='payments.drawersession', verbose_name='drawer')),
                ('late', models.BooleanField(db_default=False, default=False, verbose_name='too late for a drawer or terminal')),
                ('refund_slip', models.CharField(blank=True, max_length=30, verbose_name='slip number of the refund')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='settled_reversals', to=settings.AUTH_USER_MODEL, verbose_name='given back by')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='given back')),
                ('booked_on', models.DateField(help_text="The date by Belgian time.", null=True, verbose_name='counts on')),
            ],
            options={
                'verbose_name': 'reversal',
                'verbose_name_plural': 'reversals',
                'ordering': ('-asked_at',),
                'indexes': [
                    models.Index(fields=['asked_at'], name='reversal_newest'),
                    models.Index(models.F('asked_at'), condition=models.Q(('state__in', ('asked', 'agreed'))), name='reversal_open'),
                    models.Index(models.F('booked_on'), condition=models.Q(('state', 'settled')), name='reversal_booked'),
                ],
                'constraints': [
                    models.UniqueConstraint(models.F('payment'), condition=models.Q(('state', 'asked'), ('state__in', ('agreed', 'settled')), _connector='OR'), name='reversal_one_a_payment', violation_error_message='A reversal of this was asked already.'),
                    models.CheckConstraint(condition=models.Q(('amount__gt', 0), models.Q(('amount', 0), ('refund_method', 'books')), _connector='OR'), name='reversal_gives_something_back'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), ('withdrawn_at__isnull', False)), models.Q(models.Q(('state', 'withdrawn'), _negated=True), ('withdrawn_at__isnull', True)), _connector='OR'), name='reversal_withdrawn_has_time'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('agreed', 'settled', 'refused')), ('decided_at__isnull', False), ('decided_by__isnull', False)), models.Q(models.Q(('state__in', ('agreed', 'settled', 'refused')), _negated=True), ('decided_at__isnull', True), ('decided_by__isnull', True)), _connector='OR'), name='reversal_decided_has_who'),
                    models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('asked_by')), _negated=True), ('refund_method', 'books'), _connector='OR'), name='reversal_decided_by_another', violation_error_message='Nobody decides on an own request.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('agreed', 'settled')), models.Q(('refund_method', ''), _negated=True)), models.Q(models.Q(('state__in', ('agreed', 'settled')), _negated=True), ('refund_method', '')), _connector='OR'), name='reversal_agreed_has_refund_method'),
                    models.CheckConstraint(condition=models.Q(('refund_method__in', ('transfer', 'books')), ('state', 'agreed'), _negated=True), name='reversal_agreed_is_to_be_given'),
                    models.CheckConstraint(condition=models.Q(('late', False), models.Q(('drawer__isnull', True), ('refund_method', 'books')), _connector='OR'), name='reversal_late_is_in_the_books'),
                    models.CheckConstraint(condition=models.Q(models.Q(('drawer__isnull', False), ('method', 'cash'), ('refund_method__in', ('cash', 'books'))), models.Q(models.Q(('refund_method', 'cash'), _negated=True), ('drawer__isnull', True)), _connector='OR'), name='reversal_cash_comes_from_a_drawer'),
                    models.CheckConstraint(condition=models.Q(models.Q(('refund_method', 'terminal'), _negated=True), ('method', 'card'), _connector='OR'), name='reversal_terminal_is_for_cards'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'settled'), ('booked_on__isnull', False), ('settled_at__isnull', False), ('settled_by__isnull', False)), models.Q(models.Q(('state', 'settled'), _negated=True), ('booked_on__isnull', True), ('settled_at__isnull', True), ('settled_by__isnull', True)), _connector='OR'), name='reversal_settled_has_who'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'settled'), ('refund_method', 'terminal'), models.Q(('refund_slip', ''), _negated=True)), models.Q(models.Q(('state', 'settled'), ('refund_method', 'terminal'), _negated=True), ('refund_slip', '')), _connector='OR'), name='reversal_on_terminal_has_slip', violation_error_message='A refund on a terminal has a slip number.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='BankRefund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reversal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='bank_refund', to='payments.reversal', verbose_name='reversal')),
                ('paid_on', models.DateField(verbose_name='paid back on')),
                ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bank_refunds', to=settings.AUTH_USER_MODEL, verbose_name='noted by')),
                ('noted_at', models.DateTimeField(verbose_name='noted')),
            ],
            options={
                'verbose_name': 'refund by bank transfer',
                'verbose_name_plural': 'refunds by bank transfer',
                'ordering': ('-paid_on', '-noted_at'),
                'indexes': [models.Index(fields=['paid_on'], name='bank_refund_newest')],
            },
        ),
    ]

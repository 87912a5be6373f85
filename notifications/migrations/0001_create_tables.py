"""The tables of notifications: the outbox and the signs of life of its senders."""

import django.db.models.deletion
import notifications.enums
import notifications.outbox.lane_field
import uuid
from django.db import migrations, models

from counter.database.append_only import kept_while_held


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('activation', '0001_create_tables'),
        ('counter', '0003_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=notifications.enums.Kind.pairs, max_length=20, verbose_name='kind')),
                ('lane', notifications.outbox.lane_field.LaneField(choices=notifications.enums.Lane.pairs, editable=False, verbose_name='lane')),
                ('channel', models.CharField(choices=notifications.enums.Channel.pairs, max_length=4, verbose_name='channel')),
                ('subject', models.UUIDField(editable=False)),
                ('dossier', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='counter.dossier', verbose_name='dossier')),
                ('enquiry', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='counter.enquiry', verbose_name='message from the public')),
                ('holder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='activation.keyholder', verbose_name='key holder')),
                ('seal', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='counter.journalseal', verbose_name='journal seal')),
                ('password_link', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='counter.passwordlink')),
                ('account_change', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='counter.accountchange')),
                ('state', models.CharField(choices=notifications.enums.DeliveryState.pairs, default='waiting', max_length=8, verbose_name='state')),
                ('created_at', models.DateTimeField(verbose_name='created')),
                ('planned_for', models.DateTimeField(help_text="The time at which the message was to be sent, if not at once.", null=True, verbose_name='planned for')),
                ('not_before', models.DateTimeField(verbose_name='not before')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('lease', models.UUIDField(editable=False, null=True)),
                ('leased_until', models.DateTimeField(editable=False, null=True)),
                ('unconfirmed', models.PositiveSmallIntegerField(default=0, verbose_name='sent without an answer')),
                ('handed_over_at', models.DateTimeField(editable=False, null=True)),
                ('put_off_since', models.DateTimeField(editable=False, null=True)),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent')),
                ('refused_at', models.DateTimeField(null=True, verbose_name='refused')),
                ('dropped_at', models.DateTimeField(null=True, verbose_name='dropped')),
                ('dropped_because', models.CharField(blank=True, choices=notifications.enums.Skipped.pairs, max_length=20, verbose_name='why it was not sent')),
                ('unknown_at', models.DateTimeField(null=True, verbose_name='unknown since')),
                ('dead_at', models.DateTimeField(null=True, verbose_name='given up')),
                ('answer', models.CharField(blank=True, help_text="The answer is kept without addresses.", max_length=300, verbose_name="the server's answer")),
            ],
            options={
                'verbose_name': 'delivery',
                'verbose_name_plural': 'deliveries',
                'ordering': ('-created_at',),
                'indexes': [
                    models.Index(condition=models.Q(('state', 'waiting')), fields=['lane', 'not_before'], name='delivery_due'),
                    models.Index(condition=models.Q(('state', 'sent')), fields=['sent_at'], include=('lane', 'channel'), name='delivery_sent'),
                    models.Index(condition=models.Q(('state', 'sent')), fields=['channel', '-created_at'], name='delivery_last_sent'),
                    models.Index(models.F('created_at'), condition=models.Q(('state', 'unknown')), name='delivery_unknown'),
                    models.Index(models.F('dead_at'), condition=models.Q(('state', 'dead')), name='delivery_dead'),
                    models.Index(fields=['-created_at'], name='delivery_newest'),
                    models.Index(fields=['state', '-created_at'], name='delivery_in_state'),
                    models.Index(models.F('refused_at'), condition=models.Q(('state', 'refused')), name='delivery_refused'),
                ],
                'constraints': [
                    models.UniqueConstraint(models.F('kind'), models.F('subject'), name='delivery_once_a_subject'),
                    models.CheckConstraint(condition=models.Q(models.Q(('account_change__isnull', True), ('dossier__isnull', False), ('enquiry__isnull', True), ('holder__isnull', True), ('password_link__isnull', True), ('seal__isnull', True)), models.Q(('account_change__isnull', True), ('dossier__isnull', True), ('enquiry__isnull', False), ('holder__isnull', True), ('password_link__isnull', True), ('seal__isnull', True)), models.Q(('account_change__isnull', True), ('dossier__isnull', True), ('enquiry__isnull', True), ('holder__isnull', False), ('password_link__isnull', True), ('seal__isnull', True)), models.Q(('account_change__isnull', True), ('dossier__isnull', True), ('enquiry__isnull', True), ('holder__isnull', True), ('password_link__isnull', True), ('seal__isnull', False)), models.Q(('account_change__isnull', True), ('dossier__isnull', True), ('enquiry__isnull', True), ('holder__isnull', True), ('password_link__isnull', False), ('seal__isnull', True)), models.Q(('account_change__isnull', False), ('dossier__isnull', True), ('enquiry__isnull', True), ('holder__isnull', True), ('password_link__isnull', True), ('seal__isnull', True)), _connector='OR'), name='delivery_filed_under_one'),
                    models.CheckConstraint(condition=models.Q(('state', 'waiting'), models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(('refused_at__isnull', False), ('state', 'refused')), models.Q(('dropped_at__isnull', False), ('state', 'dropped')), models.Q(('state', 'unknown'), ('unknown_at__isnull', False)), models.Q(('dead_at__isnull', False), ('state', 'dead')), _connector='OR'), name='delivery_state_has_time'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Circuit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lane', models.PositiveSmallIntegerField(choices=notifications.enums.Lane.pairs, verbose_name='lane')),
                ('channel', models.CharField(choices=notifications.enums.Channel.pairs, max_length=4, verbose_name='channel')),
                ('failures', models.PositiveSmallIntegerField(default=0)),
                ('opened_at', models.DateTimeField(null=True)),
                ('paused_until', models.DateTimeField(null=True)),
                ('paced_until', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'circuit',
                'verbose_name_plural': 'circuits',
                'constraints': [
                    models.UniqueConstraint(models.F('lane'), models.F('channel'), name='circuit_once_a_lane'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=notifications.enums.Part.pairs, max_length=10)),
                ('host', models.CharField(max_length=255)),
                ('pid', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('certificate_ends', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'sign of life',
                'verbose_name_plural': 'signs of life',
                'constraints': [
                    models.UniqueConstraint(models.F('part'), models.F('host'), models.F('pid'), name='heartbeat_once_a_process'),
                ],
            },
        ),
        kept_while_held("notifications_delivery", "either", when="DELETE"),
    ]

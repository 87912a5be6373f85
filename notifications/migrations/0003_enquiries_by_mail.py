import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('counter', '0006_drafts_enquiries_and_texts'),
        ('notifications', '0002_more_kinds_of_mail'),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery',
            name='enquiry',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='counter.enquiry', verbose_name='message from the public'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='dossier',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='counter.dossier', verbose_name='dossier'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='kind',
            field=models.CharField(choices=[('activation_link', 'link to activate a key'), ('link_again', 'link to activate a key, once more'), ('reminder_week', 'reminder after a week'), ('reminder_last', 'reminder two days before the end'), ('one_time_code', 'one-time code'), ('key_activated', 'confirmation of a key'), ('key_expires_90', 'key ends in 90 days'), ('key_expires_30', 'key ends in 30 days'), ('holder_changed', 'change of an account'), ('enquiry', 'question for the office')], max_length=20, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('dossier__isnull', False), ('enquiry__isnull', True)), models.Q(('dossier__isnull', True), ('enquiry__isnull', False)), _connector='OR'), name='delivery_of_dossier_or_enquiry'),
        ),
    ]

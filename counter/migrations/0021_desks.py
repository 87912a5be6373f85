"""Desks become the office's; which one a clerk works at is chosen at sign-in.

After the receipts of old, which were filled from the text on the account.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('counter', '0020_keep_corrections'),
        ('payments', '0011_choices_by_reference'),
    ]

    operations = [
        migrations.AddField(
            model_name='clerk',
            name='desk_since',
            field=models.DateTimeField(editable=False, null=True, verbose_name='at this desk since'),
        ),
        migrations.AddField(
            model_name='dossier',
            name='desk',
            field=models.CharField(blank=True, help_text='Where it was recorded.', max_length=40, verbose_name='desk'),
        ),
        migrations.CreateModel(
            name='Desk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='For example: Loket 2.', max_length=40, verbose_name='name')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='desks', to='counter.office', verbose_name='office')),
            ],
            options={
                'verbose_name': 'desk',
                'verbose_name_plural': 'desks',
                'ordering': ('office', 'name'),
            },
        ),
        migrations.RemoveField(model_name='clerk', name='desk'),
        migrations.AddField(
            model_name='clerk',
            name='desk',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='clerks', to='counter.desk', verbose_name='desk today'),
        ),
        migrations.AddConstraint(
            model_name='desk',
            constraint=models.UniqueConstraint(models.F('office'), models.F('name'), name='desk_name_once_an_office', violation_error_message='This office has that desk already.'),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0004_file_under_a_holder'),
    ]

    operations = [
        migrations.AlterField(
            model_name='delivery',
            name='kind',
            field=models.CharField(choices=[('activation_link', 'link to activate a key'), ('link_again', 'link to activate a key, once more'), ('reminder_week', 'reminder after a week'), ('reminder_last', 'reminder two days before the end'), ('one_time_code', 'one-time code'), ('key_activated', 'confirmation of a key'), ('key_expires_90', 'key ends in 90 days'), ('key_expires_30', 'key ends in 30 days'), ('holder_changed', 'change of an account'), ('enquiry', 'question for the office'), ('not_mine', 'word to the office: not asked for')], max_length=20, verbose_name='kind'),
        ),
    ]

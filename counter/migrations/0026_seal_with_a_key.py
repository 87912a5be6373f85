from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("counter", "0025_lock_the_journal")]

    operations = [
        migrations.AddField(
            model_name="journalseal",
            name="key_id",
            field=models.CharField(
                default="", max_length=20, verbose_name="seal key"
            ),
            preserve_default=False,
        ),
    ]

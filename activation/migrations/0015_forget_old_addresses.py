from django.db import migrations, models


class Migration(migrations.Migration):
    """The address before is empty when nothing is done with it any more."""

    dependencies = [("activation", "0014_recovery_digits_of_sessions")]

    operations = [
        migrations.AlterField(
            model_name="addresschange",
            name="old_email",
            field=models.EmailField(
                blank=True, max_length=254, verbose_name="address before"
            ),
        ),
    ]

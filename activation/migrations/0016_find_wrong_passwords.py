from django.db import migrations, models


class Migration(migrations.Migration):
    """Found by the name at each sign-in, and by age when they are swept."""

    dependencies = [("activation", "0015_forget_old_addresses")]

    operations = [
        migrations.AddIndex(
            model_name="wrongpassword",
            index=models.Index(fields=["name_index"], name="wrong_password_of_name"),
        ),
        migrations.AddIndex(
            model_name="wrongpassword",
            index=models.Index(fields=["at"], name="wrong_password_age"),
        ),
    ]

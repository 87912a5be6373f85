from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("activation", "0008_more_changes_told"),
    ]

    operations = [
        migrations.AlterField(
            model_name="signinactivity",
            name="result",
            field=models.CharField(
                choices=[
                    ("signed_in", "signed in"),
                    ("wrong_password", "wrong password"),
                    ("wrong_digits", "wrong digits"),
                    ("used_digits", "digits that were used already"),
                    ("recovered", "new password"),
                ],
                max_length=14,
                verbose_name="result",
            ),
        ),
    ]

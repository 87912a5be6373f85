from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("counter", "0003_append_only")]

    operations = [
        migrations.CreateModel(
            name="SignInFailure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("name_index", models.BinaryField(max_length=32, unique=True)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("last_at", models.DateTimeField()),
                ("free_from", models.DateTimeField()),
            ],
            options={
                "verbose_name": "failed sign-in",
                "verbose_name_plural": "failed sign-ins",
                "indexes": [models.Index(fields=["last_at"], name="sign_in_failure_age")],
            },
        ),
    ]

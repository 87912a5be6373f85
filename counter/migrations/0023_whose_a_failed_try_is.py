from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("counter", "0022_enterprise_number_of_the_city")]

    operations = [
        migrations.RemoveIndex("signinfailure", "sign_in_failure_age"),
        migrations.RenameField("signinfailure", "name_index", "whose_index"),
        migrations.RenameField("signinfailure", "last_at", "since"),
        migrations.AddIndex(
            "signinfailure",
            models.Index(fields=["since"], name="sign_in_failure_age"),
        ),
    ]

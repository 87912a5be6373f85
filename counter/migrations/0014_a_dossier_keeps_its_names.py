"""A dossier keeps the names and birth date as its document showed them.

Dossiers of before get those of the person, which is all that was kept.
"""

from django.db import migrations, models

FILL = """
UPDATE counter_dossier AS dossier
SET last_name = person.last_name,
    first_names = person.first_names,
    birth_date = person.birth_date
FROM counter_applicant AS person
WHERE person.id = dossier.applicant_id
"""


class Migration(migrations.Migration):
    dependencies = (("counter", "0013_choices_by_reference"),)

    operations = (
        migrations.AddField(
            "dossier",
            "last_name",
            models.CharField("last name", max_length=100, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "dossier",
            "first_names",
            models.CharField("first names", max_length=100, blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "dossier",
            "birth_date",
            models.DateField(
                "birth date", null=True, help_text="As on the identity document."
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    )

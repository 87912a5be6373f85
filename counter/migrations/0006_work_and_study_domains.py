"""The employers and schools of Leuven and around, for the supervisor to go on from."""

from typing import Any

from django.db import migrations

DOMAINS = (
    "arteveldehs.be",
    "ehb.be",
    "europa.eu",
    "hogent.be",
    "howest.be",
    "imec.be",
    "kdg.be",
    "kuleuven.be",
    "leuven.be",
    "luca-arts.be",
    "odisee.be",
    "pxl.be",
    "thomasmore.be",
    "uantwerpen.be",
    "ucll.be",
    "uclouvain.be",
    "ugent.be",
    "uhasselt.be",
    "ulb.be",
    "uliege.be",
    "unamur.be",
    "uzleuven.be",
    "vives.be",
    "vlaanderen.be",
    "vlerick.com",
    "vub.be",
)


def fill(apps: Any, _schema_editor: Any) -> None:
    rows = apps.get_model("counter", "MailDomain").objects
    rows.bulk_create([rows.model(domain=domain) for domain in DOMAINS])


class Migration(migrations.Migration):
    dependencies = (("counter", "0005_name_search"),)

    operations = (migrations.RunPython(fill, migrations.RunPython.noop),)

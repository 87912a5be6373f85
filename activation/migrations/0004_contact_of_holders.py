"""Holders of before have the address and language of their last dossier."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    holders = apps.get_model("activation", "KeyHolder").objects
    dossiers = apps.get_model("counter", "Dossier").objects
    for holder in holders.filter(email="").iterator():
        last = (
            dossiers.filter(applicant=holder.applicant_id, activated_at__isnull=False)
            .exclude(email="")
            .order_by("-activated_at")
            .first()
        )
        if last is not None:
            holders.filter(pk=holder.pk).update(
                email=last.email, language=last.language
            )


class Migration(migrations.Migration):
    dependencies = [("activation", "0003_holders_own_page")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

"""An account that is anonymised stays so, and what a legal hold keeps stays."""

from django.db import migrations

from counter.database.append_only import kept_while_held, stays_anonymised


class Migration(migrations.Migration):
    dependencies = [
        ("activation", "0001_create_tables"),
        ("counter", "0003_append_only"),
    ]

    operations = [
        stays_anonymised("activation_keyholder"),
        kept_while_held(
            "activation_keyholder",
            "person",
            when="UPDATE IF (OLD.anonymised_at IS NULL AND NEW.anonymised_at IS NOT"
            " NULL) OR (OLD.email <> '' AND NEW.email = '')",
        ),
        kept_while_held(
            "activation_activationcode",
            "dossier",
            when="UPDATE IF OLD.nonce <> '' AND NEW.nonce = ''",
        ),
        kept_while_held(
            "activation_addresschange",
            "dossier",
            when="UPDATE IF OLD.old_email <> '' AND NEW.old_email = ''",
        ),
        kept_while_held(
            "activation_digitalkey",
            "holder",
            when="UPDATE IF (OLD.secret_sealed <> '' AND NEW.secret_sealed = '') OR"
            " (OLD.destination_sealed <> '' AND NEW.destination_sealed = '')",
        ),
        # One that was never confirmed goes when its holder signs out.
        kept_while_held(
            "activation_digitalkey",
            "holder",
            when="DELETE IF OLD.state <> 'pending'",
        ),
        kept_while_held("activation_signinactivity", "holder", when="DELETE"),
        kept_while_held("activation_holderchange", "holder", when="DELETE"),
    ]

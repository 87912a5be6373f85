"""`manage.py create_roles` makes the database and its two roles, as a superuser."""

import os
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError

from counter.database.addresses import Address
from counter.database.roles import create_roles

_VARIABLES = ("SUPERUSER_DATABASE_URL", "OWNER_DATABASE_URL", "DATABASE_URL")


class Command(BaseCommand):
    help = (
        "Make the database, the role that owns it and the role of the application, or "
        f"put right what differs. Reads {', '.join(_VARIABLES)} (docs/database.md)."
    )
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        missing = [name for name in _VARIABLES if not os.environ.get(name)]
        if missing:
            raise CommandError(f"Not set: {', '.join(missing)}.")
        superuser, owner, application = (os.environ[name] for name in _VARIABLES)
        try:
            for name in _VARIABLES:
                Address.read(os.environ[name], name=name)
            create_roles(
                superuser_url=superuser, owner_url=owner, application_url=application
            )
        except (psycopg.Error, ValueError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write("The database and its roles are ready; now migrate as owner.")

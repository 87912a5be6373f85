"""`manage.py seed`: make an office with which to try the product."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from counter.staff.demo_accounts import DEMO_ACCOUNTS, DEMO_APPLICANT
from localrun.seeding import house
from localrun.seeding.drawers import open_todays
from localrun.seeding.visits import make_visits


class Command(BaseCommand):
    help = (
        "Put the Leuven stadskantoor, one of each role and a few past dossiers into"
        " the embedded run. A second time it adds what is missing only."
    )

    def handle(self, **_options: Any) -> None:
        if not settings.DEMO_ALLOWED:
            raise CommandError(
                "These accounts have a password that everybody can read. The seed is "
                "for the embedded run; with these settings it writes nothing."
            )
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError(
                "The tables are not those of this version: `make migrate` makes them, "
                "and so does `make run`, which seeds them as well."
            )
        now = timezone.now()
        office = house.make_house(today=timezone.localdate(now))
        count = make_visits(now=now)
        open_todays(now=now)
        self.stdout.write(f"{office}: {count} past dossiers added.")
        for account in DEMO_ACCOUNTS:
            self.stdout.write(
                f"  {account.role.value:<13} {account.username:<6} {account.password}"
            )
        self.stdout.write(
            "Somebody to serve: "
            f"{DEMO_APPLICANT.first_names} {DEMO_APPLICANT.last_name}, "
            f"{DEMO_APPLICANT.national_number}, born {DEMO_APPLICANT.birth_date}, "
            f"Belgian passport {DEMO_APPLICANT.document_number} until "
            f"{DEMO_APPLICANT.document_expiry}, {DEMO_APPLICANT.email}"
        )

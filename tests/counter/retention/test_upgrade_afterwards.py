"""After people were forgotten a new version can be installed.

`migrate` makes the checks of the database first, and refuses after an error. Here they
are made by `check`, because the tests' role may not migrate.
"""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from pytest_django import Settings

from counter.enums import Role
from counter.models import Applicant, Clerk, Dossier
from counter.tasks import apply_retention

pytestmark = pytest.mark.django_db(transaction=True)


def test_whoever_is_anonymised_stops_no_upgrade(
    lapsed: Dossier, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(days=91))
    apply_retention()
    assert Applicant.objects.exclude(anonymised_at=None).exists()
    call_command("check", "--database", "default", "--fail-level", "WARNING")


def test_the_account_for_the_day_it_is_needed_can_be_made_later(
    db: None, settings: Settings
) -> None:
    settings.PASSWORD_SIGN_IN_ONLY_FOR = ["noodsleutel"]
    output = StringIO()
    call_command("check", "--database", "default", stderr=output)
    assert "counter.W005" in output.getvalue()
    account = Clerk(username="noodsleutel", role=Role.ADMINISTRATOR)
    account.set_password("only for the day it is needed")
    account.save()
    call_command("check", "--database", "default", "--fail-level", "WARNING")

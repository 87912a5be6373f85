"""Which changes to kept and anonymised rows the database itself refuses."""

import datetime

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from counter.enums import AccountAct
from counter.models import (
    AccountChange,
    DestructionRecord,
    DossierCorrection,
)
from counter.tasks import apply_retention
from tests.counter.retention.person import (
    Whole,
    revoke,
)

DAYS = datetime.timedelta(days=1)


def refused(statement: str) -> str:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE counter_dossiercorrection SET changes = '{}'",
        "DELETE FROM counter_dossiercorrection",
        "UPDATE counter_accountchange SET old_email = ''",
        "UPDATE counter_accountchange SET act = 'role'",
        "DELETE FROM counter_accountchange",
        "UPDATE counter_destructionrecord SET rows = 0",
        "DELETE FROM counter_destructionrecord",
        "UPDATE counter_applicant SET anonymised_at = now()",
        "UPDATE counter_dossier SET anonymised_at = now()",
        "UPDATE activation_keyholder SET anonymised_at = now()",
    ],
)
def test_nothing_else_empties_or_claims_to_be_emptied(
    peter: Whole, attack: str
) -> None:
    apply_retention()
    DestructionRecord.objects.create(rule="draft", days=1, rows=1)
    AccountChange.objects.create(
        account=peter.dossier.recorded_by, act=AccountAct.EMAIL, at=timezone.now()
    )
    assert refused(attack)


def test_corrections_are_emptied_of_anonymised_dossiers_only(peter: Whole) -> None:
    refusal = refused(f"SELECT forget_corrections(ARRAY['{peter.dossier.pk}']::uuid[])")
    assert "append-only" in refusal
    assert DossierCorrection.objects.get().changes


@pytest.mark.parametrize(
    "table", ["counter_applicant", "counter_dossier", "activation_keyholder"]
)
def test_who_is_anonymised_stays_so(
    peter: Whole, clock: time_machine.Traveller, table: str
) -> None:
    revoke(peter.key)
    clock.shift(365 * DAYS)
    apply_retention()
    back = f"UPDATE {table} SET anonymised_at = NULL"  # noqa: S608
    assert "stays so" in refused(back)
    column = "user_name" if table == "activation_keyholder" else "last_name"
    filled = f"UPDATE {table} SET {column} = 'x'"  # noqa: S608
    assert "check constraint" in refused(filled)

"""What the database refuses to the application's own role.

Somebody who takes the web server over has the password of this role and no other.
"""

import datetime
import uuid
from collections.abc import Iterator
from decimal import Decimal

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from counter.database.privileges import HouseConfig
from counter.enums import AccountAct
from counter.journal import journal
from counter.journal.events import Event
from counter.models import (
    Clerk,
    DestructionRecord,
    Dossier,
    DossierCorrection,
    JournalEntry,
)
from counter.staff import account_changes
from payments.enums import Method
from payments.models import Payment
from payments.taking.taking import take_payment
from tests import cast
from tests.database import as_role

GROWING = (
    "counter_journalentry",
    "counter_journalseal",
    "counter_accountchange",
    "counter_dossiercorrection",
    "counter_destructionrecord",
    "payments_payment",
    "payments_receipt",
    "payments_drawermovement",
    "payments_bankrefund",
    "payments_exportbatch",
)


def houses() -> Iterator[HouseConfig]:
    for app in apps.get_app_configs():
        if isinstance(app, HouseConfig):
            yield app


@pytest.fixture
def written(dossier: Dossier, els: Clerk, sofie: Clerk) -> Payment:
    """A row in each table that only grows."""
    payment = take_payment(
        dossier=dossier,
        clerk=els,
        method=Method.CASH,
        tendered=Decimal(10),
        terminal_slip="",
        submission=uuid.uuid4(),
        at=timezone.now(),
    )
    cast.make_rest_of_the_money(payment, sofie)
    journal.write(Event.CODE_ISSUED, dossier=dossier)
    journal.seal()
    made = AccountAct.MADE
    DossierCorrection.objects.create(
        dossier=dossier, clerk=els, at=timezone.now(), changes={"reason": ["a", "b"]}
    )
    DestructionRecord.objects.create(rule="draft", days=1, rows=1)
    account_changes.note(account=els, by=sofie, act=made, at=timezone.now())
    return payment


def refused(statement: str) -> str:
    """The database's error when the application tries this; empty if it succeeded."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return str(error)
    return ""


ATTACKS = [
    "UPDATE {table} SET id = id",
    "DELETE FROM {table}",
    "TRUNCATE {table} CASCADE",
    "ALTER TABLE {table} DISABLE TRIGGER USER",
    "ALTER TABLE {table} OWNER TO CURRENT_USER",
    "DROP TRIGGER append_only ON {table}",
    "DROP TABLE {table} CASCADE",
    "CREATE TRIGGER mine BEFORE INSERT ON {table} EXECUTE FUNCTION refuse_change()",
    "CREATE RULE mine AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE",
    "WITH gone AS (DELETE FROM {table} RETURNING 1) SELECT count(*) FROM gone",
    "MERGE INTO {table} USING (SELECT 1) AS new ON true WHEN MATCHED THEN DELETE",
]


@pytest.mark.parametrize("table", GROWING)
@pytest.mark.parametrize("attack", ATTACKS)
def test_what_was_written_stays(written: Payment, table: str, attack: str) -> None:
    refusal = refused(attack.format(table=table))
    assert "permission denied" in refusal or "must be owner" in refusal, refusal


@pytest.mark.parametrize(
    "attack",
    [
        "SET session_replication_role = replica",
        "SET ROLE sleutelloket_owner",
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION postgres",
        "ALTER ROLE sleutelloket SUPERUSER",
        "GRANT sleutelloket_owner TO sleutelloket",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE sql AS ''",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE TABLE mine (id int)",
        "COPY counter_journalentry TO PROGRAM 'cat'",
        "COPY counter_journalentry TO '/tmp/mine'",
        "SELECT pg_read_file('/etc/hostname')",
        "DROP EXTENSION pg_trgm CASCADE",
        "SET log_min_error_statement = error",
        "SET log_error_verbosity = verbose",
    ],
)
def test_nothing_makes_the_application_more_than_it_is(db: None, attack: str) -> None:
    refusal = refused(attack)
    assert "permission denied" in refusal or "must be owner" in refusal, refusal


@pytest.mark.parametrize(
    ("model", "field"), [(JournalEntry, "event"), (Payment, "method")]
)
def test_nor_do_the_ways_of_the_orm(
    written: Payment, model: type[models.Model], field: str
) -> None:
    rows = model._default_manager
    row = rows.latest("pk")
    for change in (
        lambda: rows.update(**{field: "x"}),
        lambda: rows.bulk_update([row], [field]),
        lambda: row.save(force_update=True),
        lambda: rows.filter(pk=row.pk)._raw_delete(rows.db),
    ):
        with pytest.raises(DatabaseError, match="permission"), transaction.atomic():
            change()


def test_an_entry_cannot_be_dated_back(dossier: Dossier) -> None:
    before = timezone.now()
    JournalEntry.objects.create(
        event=Event.CODE_ISSUED,
        actor_kind="system",
        at=before - datetime.timedelta(days=9),
    )
    assert JournalEntry.objects.latest("pk").at >= before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", GROWING)
def test_not_even_the_owner_changes_it_by_mistake(written: Payment, table: str) -> None:
    """The triggers also stop a migration with a mistake, which runs as the owner."""
    with psycopg.connect(as_role("OWNER_DATABASE_URL"), autocommit=True) as owner:
        for attack in ATTACKS[:3]:
            with pytest.raises(psycopg.Error, match="append-only"):
                owner.execute(attack.format(table=table).encode())


def test_the_application_owns_nothing_and_may_little(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls"
            " FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False,)
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner)"
            " = current_user"
        )
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace AND has_table_privilege("
            "oid, 'TRUNCATE, TRIGGER, REFERENCES, MAINTAIN')"
        )
        assert cursor.fetchall() == []


def test_each_model_that_changes_is_one(db: None) -> None:
    """After a misspelt name in apps.py the application could not change that table."""
    for app in houses():
        names = {m.__name__ for m in app.get_models(include_auto_created=True)}
        assert app.changes <= names
        assert app.removes <= names

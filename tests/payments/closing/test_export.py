"""What goes to the accounting: balanced, without names, always the same bytes."""

import csv
import datetime
import io
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from pytest_django import Settings

from counter.models import Clerk, Dossier, Office
from payments.closing.export import ExportRefusedError, export_cards, export_session
from payments.drawers.denominations import fewest
from payments.drawers.drawers import close_drawer, count_drawer
from payments.enums import Method
from payments.models import DrawerSession, ExportBatch
from tests import cast
from tests.payments.reversals.test_service_reversing import paid
from tests.races import at_once

TOMORROW = datetime.timedelta(days=1)


def closed_drawer(
    clerk: Clerk, *, sales: int = 2, short: str = "0.00"
) -> DrawerSession:
    """A drawer with so many cash sales, counted and closed."""
    drawer = DrawerSession.objects.with_clerk(clerk).get()
    for n in range(sales):
        person = cast.make_applicant(
            number=cast.MARIE_NUMBER if n else cast.PETER_NUMBER
        )
        paid(
            cast.make_dossier(person, clerk, email=f"p{n}@example.org"),
            clerk,
            Method.CASH,
        )
    at = timezone.now()
    counts = fewest(drawer.opening_float + 10 * sales - Decimal(short))
    count_drawer(drawer=drawer, clerk=clerk, counts=counts, at=at)
    reason = "Wisselgeld" if Decimal(short) else ""
    return close_drawer(drawer=drawer, clerk=clerk, reason=reason, at=at)


def rows(batch: ExportBatch) -> list[dict[str, str]]:
    text = bytes(batch.content).decode()
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def balance(batch: ExportBatch) -> Decimal:
    return sum(
        (Decimal(row["debit"]) - Decimal(row["credit"]) for row in rows(batch)),
        Decimal(0),
    )


def test_a_closed_drawer_is_balanced_lines_with_receipt_numbers(els: Clerk) -> None:
    drawer = closed_drawer(els, short="5.00")
    batch = export_session(session_id=drawer.pk, by=els, at=timezone.now())
    assert balance(batch) == 0
    assert [row["document"] for row in rows(batch)[::2]][:2] == [
        payment.receipt.label for payment in drawer.payments.order_by("taken_at")
    ]
    assert rows(batch)[-1]["account"] == "57"
    assert rows(batch)[-1]["credit"] == "5.00"


def test_no_name_is_in_it(els: Clerk) -> None:
    batch = export_session(session_id=closed_drawer(els).pk, by=els, at=timezone.now())
    text = bytes(batch.content).decode()
    assert "Janssens" not in text
    assert "els" not in text


def test_again_it_is_the_same_bytes(els: Clerk, settings: Settings) -> None:
    drawer = closed_drawer(els)
    first = export_session(session_id=drawer.pk, by=els, at=timezone.now())
    settings.EXPORT_ACCOUNTS = dict.fromkeys(settings.EXPORT_ACCOUNTS, "0")
    again = export_session(session_id=drawer.pk, by=els, at=timezone.now())
    assert (again.pk, bytes(again.content)) == (first.pk, bytes(first.content))


def test_an_open_drawer_is_not_exported(els: Clerk) -> None:
    drawer = DrawerSession.objects.with_clerk(els).get()
    with pytest.raises(ExportRefusedError):
        export_session(session_id=drawer.pk, by=els, at=timezone.now())


def test_the_cards_of_a_day_go_when_it_is_over(
    dossier: Dossier, els: Clerk, office: Office
) -> None:
    paid(dossier, els)
    today = timezone.localdate()
    with pytest.raises(ExportRefusedError):
        export_cards(office=office, date=today, by=els, at=timezone.now())
    batch = export_cards(
        office=office, date=today, by=els, at=timezone.now() + TOMORROW
    )
    assert balance(batch) == 0
    assert [row["account"] for row in rows(batch)] == ["58", "70"]


def test_numbers_follow_each_other(els: Clerk) -> None:
    first = export_session(session_id=closed_drawer(els).pk, by=els, at=timezone.now())
    second = export_cards(
        office=first.office,
        date=timezone.localdate() - TOMORROW,
        by=els,
        at=timezone.now(),
    )
    assert (first.number, second.number) == (1, 2)


def test_another_office_exports_none_of_it(els: Clerk, gust: Clerk) -> None:
    drawer = closed_drawer(els)
    with pytest.raises(ExportRefusedError):
        export_session(session_id=drawer.pk, by=gust, at=timezone.now())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payments_exportbatch SET content = ''",
        "DELETE FROM payments_exportbatch",
    ],
)
def test_the_database_keeps_a_batch(els: Clerk, statement: str) -> None:
    export_session(session_id=closed_drawer(els).pk, by=els, at=timezone.now())
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_no_desk_waits_for_an_export(els: Clerk, bart: Clerk, office: Office) -> None:
    """While the batch is made, another desk takes money of the same office."""
    drawer = closed_drawer(els)
    person = cast.make_applicant(number=cast.LEILA_NUMBER)
    dossier = cast.make_dossier(person, bart, email="bis@example.org")

    def takes_money() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout TO '2s'")
        paid(dossier, bart, Method.CASH)

    with transaction.atomic():
        export_session(session_id=drawer.pk, by=els, at=timezone.now())
        at_once([takes_money])
    assert dossier.payments.exists()


@pytest.mark.django_db(transaction=True)
def test_asked_for_twice_at_once_it_is_one_batch(els: Clerk) -> None:
    drawer = closed_drawer(els)

    def export() -> int:
        return export_session(session_id=drawer.pk, by=els, at=timezone.now()).pk

    assert len(set(at_once([export] * 4))) == 1
    assert ExportBatch.objects.count() == 1

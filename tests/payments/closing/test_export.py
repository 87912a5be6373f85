"""The accounting's file is balanced, has no names, and its bytes never change."""

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
from payments.drawers.drawers import approve_drawer, close_drawer, count_drawer
from payments.enums import Method
from payments.models import DrawerSession, ExportBatch, Payment
from tests import cast
from tests.payments.money_back import give_back
from tests.payments.reversals.test_service_reversing import paid
from tests.races import at_once

TOMORROW = datetime.timedelta(days=1)


def closed_drawer(
    clerk: Clerk, *, sales: int = 2, short: str = "0.00"
) -> DrawerSession:
    """A drawer with so many cash sales, counted `short` euros too low and closed."""
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
    return close_drawer(drawer=drawer, count=1, clerk=clerk, reason=reason, at=at)


def approved_drawer(
    clerk: Clerk, supervisor: Clerk, *, sales: int = 2, short: str = "0.00"
) -> DrawerSession:
    """A closed drawer that a supervisor has signed off."""
    drawer = closed_drawer(clerk, sales=sales, short=short)
    approve_drawer(
        drawer=drawer,
        count=1,
        supervisor=supervisor,
        sealed_bag="Z-7",
        at=timezone.now(),
    )
    return drawer


def rows(batch: ExportBatch) -> list[dict[str, str]]:
    text = bytes(batch.content).decode()
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def balance(batch: ExportBatch) -> Decimal:
    return sum(
        (Decimal(row["debit"]) - Decimal(row["credit"]) for row in rows(batch)),
        Decimal(0),
    )


def test_an_approved_drawer_is_balanced_lines_with_receipt_numbers(
    els: Clerk, sofie: Clerk
) -> None:
    drawer = approved_drawer(els, sofie, short="5.00")
    batch = export_session(session_id=drawer.pk, by=els, at=timezone.now())
    assert balance(batch) == 0
    assert [row["document"] for row in rows(batch)[::2]][:2] == [
        payment.receipt.label for payment in drawer.payments.order_by("taken_at")
    ]
    assert rows(batch)[-1]["account"] == "57"
    assert rows(batch)[-1]["credit"] == "5.00"


def test_no_name_is_in_it(els: Clerk, sofie: Clerk) -> None:
    drawer = approved_drawer(els, sofie)
    batch = export_session(session_id=drawer.pk, by=sofie, at=timezone.now())
    text = bytes(batch.content).decode()
    assert "Janssens" not in text
    assert "els" not in text


def test_again_it_is_the_same_bytes(
    els: Clerk, sofie: Clerk, settings: Settings
) -> None:
    drawer = approved_drawer(els, sofie)
    first = export_session(session_id=drawer.pk, by=els, at=timezone.now())
    settings.EXPORT_ACCOUNTS = dict.fromkeys(settings.EXPORT_ACCOUNTS, "0")
    again = export_session(session_id=drawer.pk, by=els, at=timezone.now())
    assert (again.pk, bytes(again.content)) == (first.pk, bytes(first.content))


def test_an_open_drawer_is_not_exported(els: Clerk) -> None:
    drawer = DrawerSession.objects.with_clerk(els).get()
    with pytest.raises(ExportRefusedError):
        export_session(session_id=drawer.pk, by=els, at=timezone.now())


def test_a_closed_drawer_waits_for_its_approval(els: Clerk, sofie: Clerk) -> None:
    drawer = closed_drawer(els)
    with pytest.raises(ExportRefusedError):
        export_session(session_id=drawer.pk, by=sofie, at=timezone.now())
    assert not ExportBatch.objects.exists()


def test_the_database_too_keeps_back_what_nobody_approved(
    els: Clerk, sofie: Clerk
) -> None:
    drawer = closed_drawer(els)
    with pytest.raises(DatabaseError, match="approved"), transaction.atomic():
        ExportBatch.objects.create(
            session=drawer,
            date=timezone.localdate(),
            office=drawer.office,
            number=1,
            content=b"",
            sha256="",
            created_at=timezone.now(),
            created_by=sofie,
        )


def cards_of(office: Office, date: datetime.date, clerk: Clerk) -> ExportBatch:
    return export_cards(office=office, date=date, by=clerk, at=timezone.now())


def test_the_cards_of_today_go_today_and_what_comes_later_in_another_batch(
    dossier: Dossier, els: Clerk, office: Office, settings: Settings
) -> None:
    today = timezone.localdate()
    paid(dossier, els)
    first = cards_of(office, today, els)
    assert balance(first) == 0
    assert [row["account"] for row in rows(first)] == ["58", "70"]
    assert cards_of(office, today, els) == first  # pressed twice
    later = cast.make_dossier(
        cast.make_applicant(number=cast.MARIE_NUMBER), els, email="p@example.org"
    )
    paid(later, els)
    settings.EXPORT_ACCOUNTS = settings.EXPORT_ACCOUNTS | {"transfers": "59"}
    second = cards_of(office, today, els)
    receipt = Payment.objects.get(dossier=later).receipt.label
    assert {row["document"] for row in rows(second)} == {receipt}
    assert (first.number, second.number) == (1, 2)
    assert cards_of(office, today, els) == second


def test_a_card_given_back_after_the_batch_is_in_the_next(
    dossier: Dossier, els: Clerk, sofie: Clerk, office: Office
) -> None:
    """The first batch has the receipt; the second has only the money given back."""
    today = timezone.localdate()
    payment = paid(dossier, els)
    first = cards_of(office, today, els)
    give_back(payment, els, sofie, at=timezone.now())
    second = cards_of(office, today, els)
    debit, _credit = rows(second)
    assert debit["document"] == rows(first)[0]["document"]
    assert debit["description"].startswith("Terugbetaling")
    assert balance(second) == 0


def test_no_cards_today_make_no_batch_and_none_of_a_day_to_come(
    els: Clerk, office: Office
) -> None:
    for date in (timezone.localdate(), timezone.localdate() + TOMORROW):
        with pytest.raises(ExportRefusedError):
            cards_of(office, date, els)
    assert not ExportBatch.objects.exists()


def test_numbers_follow_each_other(els: Clerk, sofie: Clerk) -> None:
    drawer = approved_drawer(els, sofie)
    first = export_session(session_id=drawer.pk, by=els, at=timezone.now())
    second = export_cards(
        office=first.office,
        date=timezone.localdate() - TOMORROW,
        by=els,
        at=timezone.now(),
    )
    assert (first.number, second.number) == (1, 2)


def test_another_office_exports_none_of_it(
    els: Clerk, sofie: Clerk, gust: Clerk
) -> None:
    drawer = approved_drawer(els, sofie)
    with pytest.raises(ExportRefusedError):
        export_session(session_id=drawer.pk, by=gust, at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_no_desk_waits_for_an_export(
    els: Clerk, bart: Clerk, sofie: Clerk, office: Office
) -> None:
    """While the batch is made, another desk takes money of the same office."""
    drawer = approved_drawer(els, sofie)
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
def test_asked_for_twice_at_once_it_is_one_batch(els: Clerk, sofie: Clerk) -> None:
    drawer = approved_drawer(els, sofie)

    def export() -> int:
        return export_session(session_id=drawer.pk, by=els, at=timezone.now()).pk

    assert len(set(at_once([export] * 4))) == 1
    assert ExportBatch.objects.count() == 1

"""The database refuses to change or remove what was booked, whoever asks."""

import datetime
import threading
import uuid
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from counter.models import Clerk, Dossier
from payments.drawers.drawers import approve_drawer, close_drawer, count_drawer
from payments.drawers.seen import last_count
from payments.enums import Method
from payments.models import DrawerMovement, DrawerSession, Payment, Tariff
from payments.taking.taking import take_payment
from tests import cast
from tests.races import wait_for_a_lock


@pytest.fixture
def booked(dossier: Dossier, els: Clerk, sofie: Clerk) -> Payment:
    """A cash payment with a row of each kind in `TABLES`; its drawer is approved."""
    now = timezone.now()
    payment = take_payment(
        dossier=dossier,
        clerk=els,
        method=Method.CASH,
        tendered=Decimal(10),
        terminal_slip="",
        submission=uuid.uuid4(),
        at=now,
    )
    cast.make_rest_of_the_money(payment, sofie)
    drawer = DrawerSession.objects.get(clerk=els)
    count_drawer(drawer=drawer, clerk=els, counts={"2000": 3}, at=now)
    nth = last_count(drawer.pk)
    closed = close_drawer(drawer=drawer, count=nth, clerk=els, reason="", at=now)
    approve_drawer(drawer=closed, count=nth, supervisor=sofie, sealed_bag="Z", at=now)
    return payment


TABLES = {
    "payments_payment": "amount = 1",
    "payments_receipt": "number = 7",
    "payments_drawermovement": "amount = 1",
    "payments_reversal": "state = 'asked', decided_at = NULL, decided_by_id = NULL",
    "payments_bankrefund": "paid_on = '2026-01-01'",
    "payments_drawersession": "sealed_bag = 'other'",
    "payments_exportbatch": "content = ''",
    "payments_receiptcounter": "last = 0",
}


def refused(sql: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # Otherwise PostgreSQL refuses because checks still wait for the commit.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(sql)
    except DatabaseError as error:
        refusals = ("permission denied", "append-only", "not changed so", "counts up")
        return any(words in str(error) for words in refusals)
    return False


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_changed_or_removed(booked: Payment, table: str) -> None:
    assert refused(f"UPDATE {table} SET {TABLES[table]}")  # noqa: S608
    assert refused(f"DELETE FROM {table}")  # noqa: S608


@pytest.mark.parametrize("table", TABLES)
def test_no_table_is_emptied(booked: Payment, table: str) -> None:
    assert refused(f"TRUNCATE {table} CASCADE")


def test_what_was_counted_stays_before_the_approval_too(els: Clerk) -> None:
    drawer = DrawerSession.objects.get(clerk=els)
    assert refused("UPDATE payments_drawersession SET opening_float = 1")
    count_drawer(drawer=drawer, clerk=els, counts={"5000": 1}, at=timezone.now())
    for change in (
        "counted_amount = 100, difference = 0",
        "state = 'open', counted_at = NULL",
    ):
        assert refused(f"UPDATE payments_drawersession SET {change}")  # noqa: S608


def test_a_charged_price_is_ended_and_not_changed(
    booked: Payment, tariff: Tariff
) -> None:
    with pytest.raises(DatabaseError, match="charged"), transaction.atomic():
        Tariff.objects.filter(pk=tariff.pk).update(amount=Decimal(12))
    Tariff.objects.filter(pk=tariff.pk).update(valid_until=timezone.localdate())


def test_cash_without_a_drawer_is_refused_by_the_database(
    dossier: Dossier, els: Clerk, tariff: Tariff
) -> None:
    with pytest.raises(DatabaseError, match="payment_cash_has_drawer"):
        Payment.objects.create(
            submission=uuid.uuid4(),
            dossier=dossier,
            tariff=tariff,
            taken_by=els,
            taken_at=timezone.now(),
            method=Method.CASH,
            amount=Decimal(10),
            tendered=Decimal(10),
        )


def test_nothing_is_booked_on_a_drawer_that_was_counted(
    booked: Payment, els: Clerk
) -> None:
    """Not even by code that does not call the services."""
    with pytest.raises(DatabaseError, match="not open"), transaction.atomic():
        DrawerMovement.objects.create(
            submission=uuid.uuid4(),
            session=DrawerSession.objects.get(),
            amount=Decimal(1),
            at=timezone.now(),
            by=els,
        )
    with pytest.raises(DatabaseError, match="not open"), transaction.atomic():
        another_payment(booked, amount=Decimal("10.00"))


def test_no_other_amount_than_the_tariffs_is_taken(
    dossier: Dossier, els: Clerk
) -> None:
    payment = take_payment(
        dossier=dossier,
        clerk=els,
        method=Method.CASH,
        tendered=Decimal(10),
        terminal_slip="",
        submission=uuid.uuid4(),
        at=timezone.now(),
    )
    with pytest.raises(DatabaseError, match="tariff"), transaction.atomic():
        another_payment(payment, amount=Decimal("9.00"))


def test_no_price_of_another_day_is_taken(dossier: Dossier, els: Clerk) -> None:
    payment = take_payment(
        dossier=dossier,
        clerk=els,
        method=Method.CASH,
        tendered=Decimal(10),
        terminal_slip="",
        submission=uuid.uuid4(),
        at=timezone.now(),
    )
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Tariff.objects.update(valid_until=yesterday)
    with pytest.raises(DatabaseError, match="tariff"), transaction.atomic():
        another_payment(payment, amount=Decimal("10.00"))


def another_payment(like: Payment, *, amount: Decimal) -> Payment:
    """A payment of another person into the same drawer, made without the services."""
    marie = cast.make_applicant(cast.MARIE_NUMBER, first_names="Marie")
    dossier = cast.make_dossier(marie, like.taken_by, email="marie@example.org")
    return Payment.objects.create(
        submission=uuid.uuid4(),
        dossier=dossier,
        tariff=like.tariff,
        taken_by=like.taken_by,
        taken_at=timezone.now(),
        method=Method.CASH,
        amount=amount,
        tendered=Decimal(20),
        drawer=like.drawer,
    )


@pytest.mark.django_db(transaction=True)
def test_a_tariff_waits_for_the_payment_under_way(dossier: Dossier, els: Clerk) -> None:
    """The tariff was charged by then, so it keeps its amount."""
    paying = threading.Event()

    def pay() -> None:
        try:
            with transaction.atomic():
                take_payment(
                    dossier=Dossier.objects.select_related("office").get(),
                    clerk=els,
                    method=Method.CASH,
                    tendered=Decimal(10),
                    terminal_slip="",
                    submission=uuid.uuid4(),
                    at=timezone.now(),
                )
                paying.set()
                wait_for_a_lock()
        finally:
            connection.close()

    payer = threading.Thread(target=pay)
    payer.start()
    assert paying.wait(timeout=10)
    with pytest.raises(DatabaseError, match="charged"):
        Tariff.objects.update(amount=Decimal("12.00"))
    payer.join()
    assert Payment.objects.get().amount == Tariff.objects.get().amount

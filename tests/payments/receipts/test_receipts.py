"""No receipt number is missing, and none is used twice."""

import datetime
import uuid
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.utils import timezone

from counter.models import Clerk, Dossier, Office
from payments.enums import Method
from payments.models import Payment, Receipt, ReceiptCounter
from payments.taking.taking import take_payment
from tests import cast
from tests.payments.people import dossiers
from tests.size import SOAK

PAYMENTS, THREADS = (1000, 32) if SOAK else (100, 16)


def take(
    dossier: Dossier, clerk: Clerk, at: datetime.datetime | None = None
) -> Payment:
    with transaction.atomic():
        return take_payment(
            dossier=dossier,
            clerk=clerk,
            method=Method.CARD,
            tendered=None,
            terminal_slip=cast.ticket(),
            submission=uuid.uuid4(),
            at=at or timezone.now(),
        )


def test_the_first_of_a_year_is_number_one(els: Clerk) -> None:
    """In Brussels, the year begins an hour before it does in UTC."""
    before = datetime.datetime(2026, 12, 31, 22, 59, tzinfo=datetime.UTC)
    minute = datetime.timedelta(minutes=1)
    moments = (before, before, before + minute)
    for dossier, at in zip(dossiers(els, 3), moments, strict=True):
        take(dossier, els, at)
    labels = [receipt.label for receipt in Receipt.objects.order_by("pk")]
    assert labels == ["2026-000001", "2026-000002", "2027-000001"]


def test_each_office_counts_for_itself(els: Clerk, gust: Clerk) -> None:
    for clerk, first in ((els, 1), (gust, 2)):
        take(dossiers(clerk, 1, first=first)[0], clerk)
    assert list(Receipt.objects.values_list("number", flat=True)) == [1, 1]


def test_an_undone_payment_leaves_no_hole(els: Clerk) -> None:
    first, second, third = dossiers(els, 3)
    take(first, els)
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012
        take(second, els)
        raise ZeroDivisionError
    payment = take(third, els)
    assert payment.receipt.number == 2
    assert ReceiptCounter.objects.get().last == 2


@pytest.mark.django_db(transaction=True)
def test_many_desks_at_once_leave_no_hole(office: Office, els: Clerk) -> None:
    """1,000 payments from 32 threads in `make soak`, 100 from 16 in `make test`.

    Every seventh payment is undone at the last moment.
    """
    desks = [
        cast.make_clerk(f"loket{n}", office, desk=f"Loket {n}") for n in range(THREADS)
    ]
    todo = list(enumerate(dossiers(els, PAYMENTS)))

    def serve(task: tuple[int, Dossier]) -> None:
        place, dossier = task
        try:
            with transaction.atomic():
                take_payment(
                    dossier=dossier,
                    clerk=desks[place % THREADS],
                    method=Method.CASH,
                    tendered=Decimal(10),
                    terminal_slip="",
                    submission=uuid.uuid4(),
                    at=timezone.now(),
                )
                transaction.set_rollback(place % 7 == 0)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(serve, todo))
    kept = PAYMENTS - len(range(0, PAYMENTS, 7))
    numbers = Receipt.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, kept + 1))
    assert Payment.objects.count() == kept
    print(f"{PAYMENTS} payments from {THREADS} threads: {kept} receipts, no hole")

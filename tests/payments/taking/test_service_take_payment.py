"""Taking the fee of one dossier."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from counter.enums import DossierState
from counter.exceptions import CounterError, MoveRefusedError
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry, Office
from payments.enums import Method
from payments.exceptions import (
    NoTariffError,
    NoTerminalSlipError,
    PriceChangedError,
    TooLittleTenderedError,
)
from payments.models import Payment, Tariff
from payments.taking.taking import take_payment, tariff_in_force
from tests.cast import make_tariff


def take(
    dossier: Dossier,
    clerk: Clerk,
    *,
    method: Method = Method.CASH,
    tendered: str | None = "20.00",
    terminal_slip: str = "",
    due: str | None = None,
) -> Payment:
    # The caller's transaction, which a refusal undoes.
    with transaction.atomic():
        return take_payment(
            dossier=dossier,
            clerk=clerk,
            method=method,
            tendered=Decimal(tendered) if tendered else None,
            terminal_slip=terminal_slip,
            submission=uuid.uuid4(),
            at=timezone.now(),
            due=Decimal(due) if due else None,
        )


def test_cash_is_kept_with_what_was_handed_over(dossier: Dossier, els: Clerk) -> None:
    payment = take(dossier, els)
    assert (payment.amount, payment.change) == (Decimal("10.00"), Decimal("10.00"))
    dossier.refresh_from_db()
    assert dossier.state == DossierState.PAID
    assert dossier.paid_at == payment.taken_at
    entry = JournalEntry.objects.get(event=Event.PAYMENT_TAKEN)
    assert entry.details == {"amount": "10.00", "method": "cash"}
    assert "€\N{NO-BREAK SPACE}10,00" in entry.sentence


def test_a_card_is_kept_with_its_slip(dossier: Dossier, els: Clerk) -> None:
    payment = take(
        dossier, els, method=Method.CARD, tendered="20.00", terminal_slip="A-17"
    )
    assert (payment.terminal_slip, payment.tendered) == ("A-17", None)
    assert payment.change == Decimal("0.00")


@pytest.mark.parametrize(
    ("method", "tendered", "error"),
    [
        (Method.CASH, "9.99", TooLittleTenderedError),
        (Method.CASH, None, TooLittleTenderedError),
        (Method.CARD, None, NoTerminalSlipError),
    ],
)
def test_what_is_missing_is_refused(
    dossier: Dossier,
    els: Clerk,
    method: Method,
    tendered: str | None,
    error: type[CounterError],
) -> None:
    with pytest.raises(error):
        take(dossier, els, method=method, tendered=tendered)
    dossier.refresh_from_db()
    assert dossier.state == DossierState.RECORDED
    assert not Payment.objects.exists()


def test_without_a_price_nothing_is_taken(dossier: Dossier, els: Clerk) -> None:
    Tariff.objects.all().delete()
    with pytest.raises(NoTariffError):
        take(dossier, els)
    assert not Payment.objects.exists()


def test_another_price_than_the_person_was_told_is_not_charged(
    dossier: Dossier, els: Clerk
) -> None:
    with pytest.raises(PriceChangedError):
        take(dossier, els, due="9.00")
    assert not Payment.objects.exists()
    assert take(dossier, els, due="10.00").amount == Decimal("10.00")


def test_a_second_payment_is_refused(dossier: Dossier, els: Clerk) -> None:
    take(dossier, els)
    with pytest.raises(MoveRefusedError):
        take(dossier, els)
    assert Payment.objects.count() == 1


def test_the_database_itself_refuses_a_second_one(dossier: Dossier, els: Clerk) -> None:
    take(dossier, els)
    Dossier.objects.update(state=DossierState.RECORDED)
    with pytest.raises(IntegrityError):
        take(dossier, els)


def test_the_price_of_the_day_holds_by_the_clock_of_brussels(office: Office) -> None:
    old = make_tariff(office, "10.00")
    old.valid_until = datetime.date(2026, 12, 31)
    old.save()
    Tariff.objects.create(
        office=office,
        amount=Decimal("12.50"),
        valid_from=datetime.date(2027, 1, 1),
        regulation="Retributiereglement",
    )
    last_minute = datetime.datetime(2026, 12, 31, 22, 59, tzinfo=datetime.UTC)
    amounts = [
        tariff_in_force(office, at=last_minute + datetime.timedelta(minutes=n)).amount
        for n in (0, 1)
    ]
    assert amounts == [Decimal("10.00"), Decimal("12.50")]

"""The supervisor sets the price, and cannot change what was charged."""

import datetime
import threading
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.models import Clerk, Dossier, Office
from payments.enums import Method
from payments.models import Payment, Tariff, Terminal
from payments.taking.taking import take_payment
from tests.litany import signed_in
from tests.payments.corrections.methods import card, corrected
from tests.payments.days import DAY, NINE, TUESDAY
from tests.races import wait_for_a_lock


@pytest.fixture
def payment(dossier: Dossier, els: Clerk) -> Payment:
    return take_payment(
        dossier=dossier,
        clerk=els,
        method=Method.CASH,
        tendered=Decimal(50),
        terminal_slip="",
        submission=uuid.uuid4(),
        at=timezone.now(),
    )


def test_an_unused_price_can_be_changed(tariff: Tariff, sofie_client: Client) -> None:
    address = reverse("admin:payments_tariff_change", args=(tariff.pk,))
    data = {
        "office": str(tariff.office_id),
        "category": "standard",
        "amount": "12.00",
        "valid_from": "2020-01-01",
        "valid_until": "",
        "regulation": "Retributiereglement",
    }
    assert sofie_client.post(address, data).status_code == 302
    tariff.refresh_from_db()
    assert tariff.amount == Decimal(12)


def test_a_charged_price_can_only_be_ended(
    payment: Payment, tariff: Tariff, sofie_client: Client
) -> None:
    address = reverse("admin:payments_tariff_change", args=(tariff.pk,))
    today = timezone.localdate()
    yesterday = today - datetime.timedelta(days=1)
    data = {"amount": "12.00", "valid_until": yesterday.isoformat()}
    assert sofie_client.post(address, data).status_code == 200
    data["valid_until"] = today.isoformat()
    assert sofie_client.post(address, data).status_code == 302
    tariff.refresh_from_db()
    assert tariff.amount == Decimal(10)
    assert tariff.valid_until == today
    assert Payment.objects.get().amount == Decimal(10)
    delete = reverse("admin:payments_tariff_delete", args=(tariff.pk,))
    assert sofie_client.post(delete, {"post": "yes"}).status_code == 403


def test_a_late_correction_charges_on_the_day_the_person_paid(
    nadia: Clerk,
    in_cash: Payment,
    sofie: Clerk,
    terminal: Terminal,
    tariff: Tariff,
    office: Office,
    sofie_client: Client,
) -> None:
    """Paid on Tuesday, corrected on Friday: the price may end on Tuesday or later."""
    corrected(in_cash, card(terminal), sofie, at=NINE + 3 * DAY)
    address = reverse("admin:payments_tariff_change", args=(tariff.pk,))
    data = {"valid_until": (TUESDAY - DAY).isoformat()}
    assert sofie_client.post(address, data).status_code == 200
    data = {"valid_until": (TUESDAY + DAY).isoformat()}
    assert sofie_client.post(address, data).status_code == 302


@pytest.mark.parametrize(
    ("category", "amount", "status"),
    [
        ("non_resident", "15.00", 302),
        ("waiver", "0.00", 302),
        ("waiver", "5.00", 200),
        ("resident", "0.00", 200),
        ("standard", "12.00", 200),  # another price holds on these dates
    ],
)
def test_each_category_has_its_own_price(
    tariff: Tariff, sofie_client: Client, category: str, amount: str, status: int
) -> None:
    data = {
        "office": str(tariff.office_id),
        "category": category,
        "amount": amount,
        "valid_from": "2021-01-01",
        "valid_until": "",
        "regulation": "Retributiereglement",
    }
    answer = sofie_client.post(reverse("admin:payments_tariff_add"), data)
    assert answer.status_code == status
    today = timezone.localdate()
    held = Tariff.objects.in_force(office=tariff.office, on=today)
    assert held.get() == tariff  # everybody's price


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "change",
    [{"amount": "12.00"}, {"valid_until": "yesterday"}, {"category": "resident"}],
)
def test_a_price_charged_while_it_is_edited_says_so(
    dossier: Dossier, els: Clerk, tariff: Tariff, sofie: Clerk, change: dict[str, str]
) -> None:
    """The form was opened before the payment, and waits until the payment is saved."""
    data = {
        "office": str(tariff.office_id),
        "category": "standard",
        "amount": "10.00",
        "valid_from": "2020-01-01",
        "valid_until": "",
        "regulation": "Retributiereglement",
    } | change
    if data["valid_until"]:
        yesterday = timezone.localdate() - datetime.timedelta(days=1)
        data["valid_until"] = yesterday.isoformat()
    address = reverse("admin:payments_tariff_change", args=(tariff.pk,))
    data["_shown"] = signed_in(sofie).get(address).context["shown_stamp"]
    answers: list[Any] = []

    def edit() -> None:
        try:
            answers.append(signed_in(sofie).post(address, data))
        finally:
            connection.close()

    editor = threading.Thread(target=edit)
    with transaction.atomic():
        take_payment(
            dossier=dossier,
            clerk=els,
            method=Method.CASH,
            tendered=Decimal(50),
            terminal_slip="",
            submission=uuid.uuid4(),
            at=timezone.now(),
        )
        editor.start()
        wait_for_a_lock()
    editor.join(timeout=20)
    (answer,) = answers
    assert answer.status_code == 200
    assert "was charged meanwhile; only end it" in answer.content.decode()
    tariff.refresh_from_db()
    assert (tariff.amount, tariff.valid_until) == (Decimal("10.00"), None)

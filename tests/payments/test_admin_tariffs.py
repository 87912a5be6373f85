"""The supervisor sets the price, and cannot change what was charged."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.models import Clerk, Dossier
from payments.enums import Method
from payments.models import Payment, Tariff
from payments.services import take_payment


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

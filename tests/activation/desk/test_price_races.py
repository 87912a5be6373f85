"""A price that is changed, ended or removed while somebody pays it.

The supervisor's transaction locks the tariff's row first. The payment waits for that
lock, and by then the price that the clerk was shown is no longer the price.
"""

import datetime
import threading
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.enums import DossierState
from counter.models import Clerk, Dossier, Office
from payments.models import Payment, Receipt, Tariff
from tests import cast
from tests.litany import signed_in
from tests.races import wait_for_a_lock

pytestmark = pytest.mark.django_db(transaction=True)


def paid_while(
    client: Client, url: str, form: dict[str, str], change: Callable[[], object]
) -> HttpResponse:
    """The answer to a form that is sent while `change` is done but not committed."""
    answers: list[Any] = []

    def pay() -> None:
        try:
            answers.append(client.post(url, form))
        finally:
            connection.close()

    payer = threading.Thread(target=pay)
    with transaction.atomic():
        change()
        payer.start()
        wait_for_a_lock()
    payer.join(timeout=20)
    answer: HttpResponse = answers[0]
    return answer


def dearer() -> None:
    Tariff.objects.update(amount=Decimal("12.00"))


def ended_for_another() -> None:
    today = timezone.localdate()
    Tariff.objects.update(valid_until=today - datetime.timedelta(days=1))
    Tariff.objects.create(
        office=Office.objects.get(),
        amount=Decimal("12.00"),
        valid_from=today,
        regulation="Retributiereglement 2027",
    )


def replace_tariff() -> None:
    Tariff.objects.all().delete()
    cast.make_tariff(Office.objects.get(), "12.00")


CHANGES = (dearer, ended_for_another, replace_tariff)


@pytest.fixture
def url(dossier: Dossier) -> str:
    return reverse("activation_desk:pay_and_issue", args=[dossier.pk])


@pytest.mark.parametrize("change", CHANGES)
def test_the_slower_payment_is_shown_the_new_price(
    els: Clerk, dossier: Dossier, url: str, change: Callable[[], object]
) -> None:
    client = signed_in(els)
    form = {
        "submission": str(uuid.uuid4()),
        "method": "card",
        "tendered": "",
        "terminal_slip": cast.ticket(),
        "shown": "standard:10.00",
    }
    answer = paid_while(client, url, form, change)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "The price changed since this page was opened." in page
    assert 'data-amount="12.00"' in page
    for typed in (form["submission"], form["terminal_slip"], "standard:12.00"):
        assert f'value="{typed}"' in page
    assert not Payment.objects.exists()
    assert not Receipt.objects.exists()
    dossier.refresh_from_db()
    assert dossier.state == DossierState.RECORDED

    assert client.post(url, form | {"shown": "standard:12.00"}).status_code == 303
    assert Payment.objects.get().amount == Decimal("12.00")


def test_a_price_that_ends_without_another_says_so(els: Clerk, url: str) -> None:
    form = {"submission": str(uuid.uuid4()), "method": "cash", "tendered": "20"}
    answer = paid_while(
        signed_in(els), url, form, lambda: Tariff.objects.all().delete()
    )
    assert answer.status_code == 409
    assert "No price is set for today." in answer.content.decode()
    assert not Payment.objects.exists()


@pytest.mark.parametrize("change", CHANGES[1:])
def test_a_waiver_that_loses_the_price_it_waives_is_asked_again(
    els: Clerk, sofie: Clerk, dossier: Dossier, change: Callable[[], object]
) -> None:
    form = {
        "submission": str(uuid.uuid4()),
        "reason": "our_mistake",
        "supervisor_name": sofie.username,
        "supervisor_password": cast.PASSWORD,
    }
    url = reverse("activation_desk:waive_and_issue", args=[dossier.pk])
    client = signed_in(els)
    answer = paid_while(client, url, form, change)
    assert answer.status_code == 409
    assert "The price changed" in answer.content.decode()
    assert not Payment.objects.exists()
    assert client.post(url, form).status_code == 303
    assert Payment.objects.get().tariff.amount == Decimal("12.00")

"""The page that corrects how a code was paid; a supervisor agrees on it."""

import io
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from pypdf import PdfReader
from pytest_django import Settings

from counter.enums import AccountAct
from counter.models import AccountChange, Clerk, Dossier, Office
from payments.enums import Method
from payments.models import Payment, Terminal
from tests import cast
from tests.counter import app
from tests.litany import signed_in
from tests.payments.days import DAY
from tests.payments.reversals.test_service_reversing import paid

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def payment(dossier: Dossier, els: Clerk) -> Payment:
    return paid(dossier, els, Method.CASH)


@pytest.fixture
def url(payment: Payment) -> str:
    return reverse("payments_corrections:correct", args=(payment.dossier_id,))


def typed(payment: Payment, **fields: str) -> dict[str, str]:
    return {
        "payment": str(payment.pk),
        "method": "card",
        "terminal_slip": "B-1",
        "supervisor_name": "sofie",
        "supervisor_password": cast.PASSWORD,
        **fields,
    }


def test_a_supervisor_agrees_at_the_clerks_screen(
    url: str, payment: Payment, dossier: Dossier, sofie: Clerk, els_client: Client
) -> None:
    desk = els_client.get(reverse("counter_dossiers:dossier", args=(dossier.pk,)))
    assert url in desk.content.decode()
    answer = els_client.post(url, typed(payment), follow=True)
    assert "Corrected. Print receipt" in answer.content.decode()
    assert cast.payment_of(dossier).method == Method.CARD
    # The form sent again corrects nothing a second time.
    els_client.post(url, typed(payment, method="waiver", waiver_reason="decision"))
    assert Payment.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"terminal_slip": "B-2"}, ["warning"]),
        ({"method": "waiver", "waiver_reason": "decision"}, ["warning"]),
    ],
)
def test_another_method_on_a_form_that_was_sent_is_not_told_as_booked(
    url: str,
    payment: Payment,
    sofie: Clerk,
    els_client: Client,
    fields: dict[str, str],
    expected: list[str],
) -> None:
    els_client.post(url, typed(payment), follow=True)
    answer = els_client.post(url, typed(payment, **fields), follow=True)
    levels = [message.level_tag for message in answer.context["messages"]]
    assert levels == expected


def test_the_new_receipt_names_the_old_one_and_is_no_duplicate(
    url: str, payment: Payment, dossier: Dossier, sofie: Clerk, els_client: Client
) -> None:
    receipt = reverse("payments_receipts:receipt", args=(dossier.pk,))
    els_client.get(receipt)
    els_client.post(url, typed(payment))
    pages = PdfReader(io.BytesIO(els_client.get(receipt).content)).pages
    text = " ".join(pages[0].extract_text().split())
    assert f"Vervangt ontvangstbewijs {payment.receipt.label}" in text
    assert "DUPLICAAT" not in text


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"terminal_slip": ""}, "terminal_slip"),
        ({"terminal_slip": "<<<"}, "terminal_slip"),
        ({"method": ""}, "method"),
        ({"method": "waiver"}, "waiver_reason"),
        ({"supervisor_password": "fout"}, "__all__"),
        ({"supervisor_name": "els"}, "__all__"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_is_lost(
    url: str,
    payment: Payment,
    sofie: Clerk,
    els_client: Client,
    fields: dict[str, str],
    wrong: str,
) -> None:
    sent = typed(payment, **fields)
    answer = els_client.post(url, sent)
    assert answer.status_code == 422
    assert answer.context["form"].errors[wrong]
    for name in ("terminal_slip", "supervisor_name"):
        field = f'<input[^>]* name="{name}"[^>]*>'
        (drawn,) = re.findall(field, answer.content.decode())
        shown = f'value="{escape(sent[name])}"' in drawn
        assert shown == (sent[name] != ""), drawn
    assert Payment.objects.count() == 1


def test_an_office_with_terminals_says_which(
    url: str, payment: Payment, office: Office, sofie: Clerk, els_client: Client
) -> None:
    terminal = Terminal.objects.create(office=office, name="T1", number="1")
    answer = els_client.post(url, typed(payment))
    assert answer.context["form"].errors["terminal"]
    on_it = {"terminal": str(terminal.pk), "terminal_slip": "B-1"}
    answer = els_client.post(url, typed(payment, **on_it))
    assert answer.context["form"].errors["terminal_slip"]
    els_client.post(url, typed(payment, **{**on_it, "terminal_slip": "004711"}))
    assert cast.payment_of(payment.dossier).terminal == terminal


def test_what_is_booked_so_already_is_said(
    url: str, payment: Payment, sofie: Clerk, els_client: Client
) -> None:
    answer = els_client.post(url, typed(payment, method="cash"))
    assert answer.status_code == 422
    assert "booked already" in answer.content.decode()


def test_the_supervisors_digits_are_not_used_up_by_what_comes_back(
    url: str, payment: Payment, sofie: Clerk, els_client: Client, settings: Settings
) -> None:
    settings.STAFF_SECOND_FACTOR = True
    app.set_up(sofie)
    sent = typed(payment, supervisor_digits=app.digits(sofie))
    assert els_client.post(url, sent | {"method": "cash"}).status_code == 422
    assert els_client.post(url, sent).status_code == 303


def test_nor_by_a_payment_that_the_supervisor_took(
    dossier: Dossier,
    sofie: Clerk,
    els_client: Client,
    office: Office,
    settings: Settings,
) -> None:
    cast.open_drawer(sofie, office)
    payment = paid(dossier, sofie, Method.CASH)
    settings.STAFF_SECOND_FACTOR = True
    app.set_up(sofie)
    app.set_up(second := cast.make_clerk("lies", office, desk="", role="supervisor"))
    url = reverse("payments_corrections:correct", args=(dossier.pk,))
    sent = typed(payment, supervisor_digits=app.digits(sofie))
    answer = els_client.post(url, sent)
    assert (answer.status_code, Payment.objects.count()) == (422, 1)
    sent |= {"supervisor_name": "lies", "supervisor_digits": app.digits(second)}
    assert els_client.post(url, sent).status_code == 303


def test_nor_by_a_supervisor_who_had_the_clerks_account_when_it_was_taken(
    url: str,
    payment: Payment,
    els: Clerk,
    bart: Clerk,
    sofie: Clerk,
    office: Office,
    settings: Settings,
) -> None:
    """Also on the screen of a colleague whose account that supervisor never had."""
    AccountChange.objects.create(
        account=els, by=sofie, act=AccountAct.APP_RESET, at=payment.taken_at - DAY
    )
    settings.STAFF_SECOND_FACTOR = True
    app.set_up(sofie)
    digits = app.digits(sofie)
    sent = typed(payment, supervisor_digits=digits)
    client = signed_in(bart)
    for _turn in range(2):
        answer = client.post(url, sent)
        assert (answer.status_code, Payment.objects.count()) == (422, 1)
        assert "one person" in answer.content.decode()

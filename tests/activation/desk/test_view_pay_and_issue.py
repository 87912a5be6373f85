"""The page on which a clerk takes the payment and issues the code."""

import uuid
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from activation.codes.activation_code import code_text, grouped
from activation.models import ActivationCode
from counter.models import Clerk, Dossier
from notifications.models import Delivery
from payments.models import Payment, Tariff
from tests.litany import assert_for_clerks_only, assert_hidden_from, signed_in
from tests.races import at_once


@pytest.fixture
def url(dossier: Dossier) -> str:
    return reverse("activation_desk:pay_and_issue", args=[dossier.pk])


@pytest.fixture
def page(dossier: Dossier) -> str:
    """The address of the dossier's page, to which a payment leads."""
    return reverse("counter_dossiers:dossier", args=[dossier.pk])


def cash(**changes: str) -> dict[str, str]:
    form = {"submission": str(uuid.uuid4()), "method": "cash", "tendered": "20"}
    return form | changes


def test_only_for_clerks_of_the_office(url: str, gust: Clerk, sofie: Clerk) -> None:
    for method in ("get", "post"):
        assert_for_clerks_only(url, method=method)
        assert_hidden_from(gust, url, method=method)
    assert signed_in(sofie).get(url).status_code == 200


def test_the_amount_is_there_and_cash_is_chosen(els_client: Client, url: str) -> None:
    answer = els_client.get(url)
    text = answer.content.decode()
    assert 'data-amount="10.00"' in text
    assert "€\N{NO-BREAK SPACE}10.00" in text
    assert answer.context["form"]["method"].value() == "cash"


def test_cash_leads_to_the_change_and_the_slip(
    els_client: Client, url: str, page: str, dossier: Dossier
) -> None:
    answer = els_client.post(url, cash(tendered="12,50"))
    assert answer.status_code == 303
    assert answer.headers["Location"] == page
    text = els_client.get(page).content.decode()
    assert "€\N{NO-BREAK SPACE}2.50" in text
    assert reverse("activation_desk:slip", args=[dossier.pk]) in text


def test_a_card_is_paid_with_its_slip_number(els_client: Client, url: str) -> None:
    form = cash(method="card", terminal_slip="A-17", tendered="")
    assert els_client.post(url, form).status_code == 303
    assert Payment.objects.get().terminal_slip == "A-17"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"tendered": "9,99"}, "tendered"),
        ({"tendered": ""}, "tendered"),
        ({"tendered": "ten"}, "tendered"),
        ({"method": "card", "terminal_slip": ""}, "terminal_slip"),
        ({"method": "card", "terminal_slip": "<script>"}, "terminal_slip"),
        ({"method": ""}, "method"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    els_client: Client, url: str, changes: dict[str, str], field: str
) -> None:
    form = cash(**changes)
    answer = els_client.post(url, form)
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert f'value="{form["submission"]}"' in answer.content.decode()
    assert not Payment.objects.exists()


def test_without_a_price_it_says_so(els_client: Client, url: str) -> None:
    Tariff.objects.all().delete()
    for answer in (els_client.get(url), els_client.post(url, cash())):
        assert answer.status_code == 409
        assert str(answer.context["refusal"]) in answer.content.decode()
    assert not Payment.objects.exists()


def test_a_paid_dossier_leads_to_its_page(
    els_client: Client, url: str, page: str
) -> None:
    els_client.post(url, cash())
    assert els_client.get(url).headers["Location"] == page


def test_the_colleague_who_was_slower_reads_who_was_first(
    els: Clerk, bart: Clerk, url: str, page: str
) -> None:
    signed_in(els).post(url, cash())
    slower = signed_in(bart)
    answer = slower.post(url, cash())
    assert answer.headers["Location"] == page
    assert "Loket 1" in slower.get(page).content.decode()
    assert Payment.objects.count() == 1


def test_the_code_is_nowhere_but_on_the_slip(
    els_client: Client, url: str, page: str
) -> None:
    answer = els_client.post(url, cash())
    code = code_text(ActivationCode.objects.get())
    seen = [answer.headers["Location"], els_client.get(page).content.decode()]
    assert not [text for text in seen if code in text or grouped(code) in text]


@pytest.mark.django_db(transaction=True)
def test_a_double_click_is_one_payment_and_one_answer(
    els: Clerk, url: str, page: str
) -> None:
    form = cash()
    clients = [signed_in(els) for _ in range(5)]
    answers = at_once([partial(client.post, url, form) for client in clients])
    assert {answer.headers["Location"] for answer in answers} == {page}
    assert Payment.objects.count() == 1
    assert ActivationCode.objects.count() == Delivery.objects.count() == 1
    for client in clients:
        # The only warning is the hidden one, about a scan in the wrong place.
        assert client.get(page).text.count("alert-warning") == 1

"""The number on a slip has the shape that the supervisor gave the terminal."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from counter.models import Clerk, Dossier, Office
from payments.models import Payment, Terminal
from tests.litany import signed_in

CHANGE = "admin:payments_terminal_change"


@pytest.fixture
def terminal(office: Office) -> Terminal:
    return Terminal.objects.create(
        office=office, name="Terminal", number="1", slip_shortest=4, slip_longest=6
    )


def pay(client: Client, dossier: Dossier, terminal: Terminal, slip: str) -> int:
    form = {
        "submission": str(uuid.uuid4()),
        "method": "card",
        "terminal": str(terminal.pk),
        "terminal_slip": slip,
    }
    url = reverse("activation_desk:pay_and_issue", args=[dossier.pk])
    return client.post(url, form).status_code


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0044", "0044"),
        ("004471", "004471"),
        ("0044 71", "004471"),
        (" 0044-71 ", "004471"),
        ("٠٠٤٤", "0044"),
    ],
)
def test_as_many_digits_as_the_terminal_prints(
    els_client: Client, dossier: Dossier, terminal: Terminal, typed: str, kept: str
) -> None:
    assert pay(els_client, dossier, terminal, typed) == 303
    assert Payment.objects.get().terminal_slip == kept


@pytest.mark.parametrize(
    "typed", ["044", "0044710", "A-17", "0044A", "4871049999999910", "", "44,71.5x"]
)
def test_anything_else_books_nothing(
    els_client: Client, dossier: Dossier, terminal: Terminal, typed: str
) -> None:
    assert pay(els_client, dossier, terminal, typed) == 422
    assert not Payment.objects.exists()


def test_the_sentence_says_the_shape_and_keeps_what_was_typed(
    els_client: Client, dossier: Dossier, terminal: Terminal
) -> None:
    url = reverse("activation_desk:pay_and_issue", args=[dossier.pk])
    form = {"method": "card", "terminal": str(terminal.pk), "terminal_slip": "17"}
    answer = els_client.post(url, form | {"submission": str(uuid.uuid4())})
    bound = answer.context["form"]["terminal_slip"]
    assert "4 to 6 digits" in bound.errors[0]
    assert bound.value() == "17"


def test_the_supervisor_sets_the_shape(
    els_client: Client, sofie: Clerk, dossier: Dossier, terminal: Terminal
) -> None:
    url = reverse(CHANGE, args=[terminal.pk])
    form = {
        "office": str(terminal.office_id),
        "name": "Terminal",
        "number": "1",
        "slip_shortest": "2",
        "slip_longest": "2",
        "is_active": "on",
    }
    supervisor = signed_in(sofie)
    wrong = {"slip_shortest": "9"}, {"slip_shortest": "0"}, {"slip_longest": "21"}
    for change in wrong:
        assert supervisor.post(url, form | change).status_code == 200
    assert supervisor.post(url, form).status_code == 302
    assert pay(els_client, dossier, terminal, "0044") == 422
    assert pay(els_client, dossier, terminal, "17") == 303


def test_the_database_keeps_to_it(terminal: Terminal) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Terminal.objects.filter(pk=terminal.pk).update(slip_shortest=7)

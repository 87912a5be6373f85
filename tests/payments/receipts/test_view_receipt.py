"""The paper receipt: what it says, what it must not say, and its duplicates."""

import io
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from activation.codes.activation_code import code_text
from counter.models import Clerk, Desk, Dossier
from payments.enums import Method
from payments.models import Receipt, Tariff
from payments.receipts import paper
from payments.receipts.paper import Copy
from payments.reversals.handing_over import leave_to_bank
from payments.reversals.refunding import note_refund
from payments.reversals.reversing import agree_to_reversal
from tests import cast
from tests.litany import signed_in
from tests.payments.corrections.methods import FREE, corrected
from tests.payments.money_back import hand_over
from tests.payments.reversals.test_service_reversing import asked, paid
from tests.races import at_once
from tests.states import put


def printed(client: Client, dossier: Dossier) -> str:
    """Print the receipt with its button; return the text of the paper."""
    return read(
        client.post(reverse("payments_receipts:print_receipt", args=(dossier.pk,)))
    )


def opened(client: Client, dossier: Dossier) -> str:
    return read(client.get(reverse("payments_receipts:receipt", args=(dossier.pk,))))


def read(answer: Any) -> str:  # noqa: ANN401
    assert answer["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.content))
    assert len(reader.pages) == 1
    return " ".join(reader.pages[0].extract_text().split())


def test_it_says_what_the_rules_ask(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    payment = paid(dossier, els, Method.CASH)
    text = printed(els_client, dossier)
    for wanted in (
        "Stad Leuven",
        "Ondernemingsnummer 0207.521.503",
        payment.receipt.label,
        "€ 10,00",
        "contant",
        "€ 20,00",
        "Retributiereglement",
        "Loket 1",
        f"Loket 1, medewerker {els.pk}",
        "Niet onderworpen aan btw (art. 6 W.Btw)",
    ):
        assert wanted in text


def test_a_card_is_on_it_with_the_terminals_slip(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    payment = paid(dossier, els)
    assert payment.terminal_slip in printed(els_client, dossier)


def test_nothing_of_the_person_is_on_it(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    paid(dossier, els)
    text = printed(els_client, dossier)
    code = code_text(cast.code_of(dossier))
    for secret in ("Janssens", cast.PETER_NUMBER, "85.07.30", code, dossier.email):
        assert secret not in text


def test_the_terminal_is_on_it_as_it_was_called_then(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    terminal = cast.make_terminal(els, "Terminal loket 1", "00471")
    paid(dossier, els, terminal=terminal)
    terminal.name = "Toestel balie"
    terminal.save()
    text = printed(els_client, dossier)
    assert "Terminal loket 1 (00471)" in text
    assert "Toestel" not in text


def test_the_second_one_is_a_duplicate(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    label = paid(dossier, els).receipt.label
    first, second = printed(els_client, dossier), printed(els_client, dossier)
    assert "DUPLICAAT" not in first
    assert "VOORBEELD" not in first
    assert "DUPLICAAT" in second
    sentences = [entry.sentence for entry in dossier.journal.all()]
    assert sentences[-2:] == [
        f"els printed receipt {label}.",
        f"els printed a duplicate of receipt {label}.",
    ]


def test_after_a_correction_the_new_receipt_has_an_original_of_its_own(
    dossier: Dossier, els: Clerk, sofie: Clerk, els_client: Client
) -> None:
    first = paid(dossier, els, Method.CASH)
    printed(els_client, dossier)
    printed(els_client, dossier)
    second = corrected(first, FREE, sofie, at=timezone.now())
    page = reverse("payments_receipts:receipt_page", args=(dossier.pk,))
    before = els_client.get(page).text
    assert "It was not printed yet" in before
    assert first.receipt.label not in before
    assert "DUPLICAAT" not in printed(els_client, dossier)
    after = els_client.get(page).text
    assert "what is printed now says DUPLICAAT" in after
    assert f"els printed receipt {second.receipt.label}." in after
    assert "DUPLICAAT" in printed(els_client, dossier)


def test_there_is_one_original_also_when_the_clock_of_the_web_server_is_ahead(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    """The time of a print is that of the database."""
    with time_machine.travel(timezone.now() + timedelta(seconds=30)):
        paid(dossier, els)
        texts = [printed(els_client, dossier) for _ in range(3)]
    assert ["DUPLICAAT" in text for text in texts] == [False, True, True]


def test_opening_it_is_not_printing_it(
    dossier: Dossier, els: Clerk, els_client: Client, bart_client: Client
) -> None:
    """The first print is the original, whoever opened the receipt before."""
    label = paid(dossier, els).receipt.label
    before = dossier.journal.count()
    page = reverse("payments_receipts:receipt_page", args=(dossier.pk,))
    for client in (els_client, bart_client, els_client):
        assert "It was not printed yet" in client.get(page).text
        assert "VOORBEELD" in opened(client, dossier)
    assert dossier.journal.count() == before
    assert "DUPLICAAT" not in printed(bart_client, dossier)
    assert f"bart printed receipt {label}." in els_client.get(page).text
    assert "VOORBEELD" in opened(els_client, dossier)
    assert "DUPLICAAT" in printed(els_client, dossier)


@pytest.mark.django_db(transaction=True)
def test_of_two_prints_at_the_same_instant_one_is_the_original(
    dossier: Dossier, els: Clerk
) -> None:
    paid(dossier, els)
    clients = [signed_in(els) for _ in range(4)]
    texts = at_once([partial(printed, client, dossier) for client in clients])
    assert sum("DUPLICAAT" not in text for text in texts) == 1


@pytest.mark.django_db(transaction=True)
def test_the_desk_does_not_wait_while_a_receipt_is_drawn(
    dossier: Dossier, els: Clerk, els_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid(dossier, els)
    draw = paper.render

    def draw_beside_the_desk(receipt: Receipt, *, copy: Copy) -> bytes:
        def changes_the_dossier() -> None:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout TO '2s'")
            Dossier.objects.filter(pk=dossier.pk).update(language="fr")

        at_once([changes_the_dossier])
        return draw(receipt, copy=copy)

    monkeypatch.setattr(paper, "render", draw_beside_the_desk)
    assert "DUPLICAAT" not in printed(els_client, dossier)
    dossier.refresh_from_db()
    assert dossier.language == "fr"


def test_no_word_breaks_inside_a_label(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    """Also with very long names of the regulation and the desk."""
    Tariff.objects.update(regulation="Retributiereglement" * 10)
    Desk.objects.update(name="L" * 40)
    paid(dossier, els, Method.CASH)
    answer = els_client.post(
        reverse("payments_receipts:print_receipt", args=(dossier.pk,))
    )
    lines = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text().splitlines()
    for label in ("Omschrijving", "Reglement", "Betaald met", "Teruggegeven"):
        assert any(line.startswith(label) for line in lines), (label, lines)


def test_texts_too_long_for_one_page_are_printed_on_more(
    dossier: Dossier, els: Clerk
) -> None:
    """Whatever an office writes, the person gets a receipt."""
    receipt = paid(dossier, els, Method.CASH).receipt
    receipt.payment.tariff.regulation = "Retributiereglement " * 40
    pages = PdfReader(io.BytesIO(paper.render(receipt, copy=Copy.PREVIEW))).pages
    assert len(pages) > 1
    assert "€ 10,00" in " ".join(page.extract_text() for page in pages).replace(
        "\xa0", " "
    )


def test_the_second_one_names_the_desk_and_the_clerk_of_the_first(
    dossier: Dossier, els: Clerk, bart_client: Client
) -> None:
    paid(dossier, els)
    assert "Loket 1" in printed(bart_client, dossier)
    Desk.objects.filter(name="Loket 1").update(name="Loket 9")
    Clerk.objects.filter(pk=els.pk).update(username="els.peeters")
    text = printed(bart_client, dossier)
    assert f"Loket 1, medewerker {els.pk}" in text
    assert "Loket 9" not in text


def test_it_names_the_clerk_by_a_number_and_no_account(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    """A user name is half of a sign-in, and the applicant takes the paper home."""
    put(
        Clerk.objects.filter(pk=els.pk),
        username="e.vdb-loket3",
        last_name="Vdb",
        first_name="Elisabeth",
    )
    paid(dossier, els)
    text = printed(els_client, dossier)
    assert f"medewerker {els.pk}" in text
    for word in ("e.vdb-loket3", "Vdb", "Elisabeth"):
        assert word not in text


def test_without_a_payment_there_is_none(
    dossier: Dossier, els_client: Client, gust_client: Client
) -> None:
    for client in (els_client, gust_client):
        for name in ("receipt", "receipt_page"):
            address = reverse(f"payments_receipts:{name}", args=(dossier.pk,))
            assert client.get(address).status_code == 404
        address = reverse("payments_receipts:print_receipt", args=(dossier.pk,))
        assert client.post(address).status_code == 404


def test_it_says_given_back_only_when_the_person_has_the_money(
    dossier: Dossier, els: Clerk, sofie: Clerk, els_client: Client
) -> None:
    at = timezone.now()
    reversal = asked(paid(dossier, els, Method.CASH), els)
    assert "erugbetaald" not in printed(els_client, dossier)
    agreed = agree_to_reversal(reversal_id=reversal.pk, supervisor=sofie, at=at)
    assert "erugbetaald" not in printed(els_client, dossier)
    hand_over(agreed, els, at=at)
    today = f"{timezone.localdate(at):%d/%m/%Y}"
    assert f"Terugbetaald op {today}, contant" in printed(els_client, dossier)


def test_it_says_that_a_bank_transfer_is_to_come_and_when_it_came(
    dossier: Dossier, els: Clerk, sofie: Clerk, els_client: Client
) -> None:
    at = timezone.now()
    reversal = asked(paid(dossier, els), els)
    agree_to_reversal(reversal_id=reversal.pk, supervisor=sofie, at=at)
    leave_to_bank(reversal_id=reversal.pk, clerk=els, at=at)
    assert "Wordt terugbetaald per overschrijving" in printed(els_client, dossier)
    today = timezone.localdate(at)
    note_refund(reversal_id=reversal.pk, supervisor=sofie, paid_on=today, at=at)
    sentence = f"Terugbetaald op {today:%d/%m/%Y}, per overschrijving"
    assert sentence in printed(els_client, dossier)

"""The receipt on paper: what it must say, what it must not, and the second one."""

import io

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from activation.codes import code_text
from counter.models import Clerk, Dossier
from payments.enums import Method
from payments.services.reversing import confirm_reversal
from tests import cast
from tests.payments.test_service_reversing import asked, paid


def printed(client: Client, dossier: Dossier) -> str:
    answer = client.get(reverse("payments:receipt", args=(dossier.pk,)))
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
        payment.receipt.label,
        "€ 10,00",
        "contant",
        "€ 20,00",
        "Retributiereglement",
        "Loket 1",
        "els",
        "Niet onderworpen aan btw (art. 6 W.Btw)",
    ):
        assert wanted in text


def test_a_card_is_on_it_with_the_terminals_slip(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    paid(dossier, els)
    assert "A-17" in printed(els_client, dossier)


def test_nothing_of_the_person_is_on_it(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    paid(dossier, els)
    text = printed(els_client, dossier)
    code = code_text(cast.code_of(dossier))
    for secret in ("Janssens", cast.PETER_NUMBER, "85.07.30", code, dossier.email):
        assert secret not in text


def test_the_second_one_is_a_duplicate(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    paid(dossier, els)
    assert "DUPLICAAT" not in printed(els_client, dossier)
    assert "DUPLICAAT" in printed(els_client, dossier)


def test_the_second_one_names_the_desk_and_the_clerk_of_the_first(
    dossier: Dossier, els: Clerk, bart_client: Client
) -> None:
    paid(dossier, els)
    Clerk.objects.filter(pk=els.pk).update(desk="Loket 9", username="els.peeters")
    text = printed(bart_client, dossier)
    assert "Loket 1, medewerker els" in text
    assert "Loket 9" not in text
    assert "peeters" not in text


def test_without_a_payment_there_is_none(
    dossier: Dossier, els_client: Client, gust_client: Client
) -> None:
    address = reverse("payments:receipt", args=(dossier.pk,))
    assert els_client.get(address).status_code == 404
    assert gust_client.get(address).status_code == 404


def test_one_that_was_given_back_says_so(
    dossier: Dossier, els: Clerk, sofie: Clerk, els_client: Client
) -> None:
    reversal = asked(paid(dossier, els), els)
    confirm_reversal(reversal_id=reversal.pk, supervisor=sofie, at=timezone.now())
    assert "Terugbetaald op" in printed(els_client, dossier)

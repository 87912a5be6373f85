"""A card without a last day: typed, kept and shown."""

import datetime
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from counter.models import Clerk, Dossier, Draft
from tests.cast import make_applicant, make_dossier
from tests.counter.dossiers.record_form import URL, typed
from tests.litany import signed_in


def spanish(**changes: str) -> dict[str, Any]:
    """Peter's visit with a Spanish card."""
    card = {
        "document_type": "EU_ID",
        "document_number": "ABC123456",
        "document_country": "ESP",
        "document_expiry": "zonder einddatum",
    }
    return typed(**(card | changes))


@pytest.mark.parametrize(
    "words",
    [
        "zonder einddatum",
        "Zonder Einddatum",
        " zonder ",
        "geen",
        "onbeperkt",
        "no end date",
        "illimité",
        "PERMANENTE",
        "onbepaalde duur",
        "geen vervaldatum",
        "durée illimitée",
        "Unbegrenzt gültig",
        "BEZTERMINOWO",
        "határozatlan",
        "01/01/9999",
        "31-12-9999",
        "01019999",
    ],
)
def test_no_end_is_typed_in_the_words_of_clerk_or_card(
    els_client: Client, words: str
) -> None:
    assert els_client.post(URL, spanish(document_expiry=words)).status_code == 303
    assert Dossier.objects.get().document_expiry is None


@pytest.mark.parametrize("words", ["", "morgen", "einde", "zonder ziel", "-"])
def test_other_words_are_no_last_day(els_client: Client, words: str) -> None:
    answer = els_client.post(URL, spanish(document_expiry=words))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["document_expiry"]
    assert answer.context["form"]["document_expiry"].value() == words


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("BE_EID", "000001115702"),
        ("BE_PASS", "EN123456"),
        ("BE_RES", "B123456789"),
        ("FOR_PASS", "AB123456"),
        ("BE_AI", "A 17"),
        ("BE_SPEC", "S 17"),
    ],
)
def test_every_other_kind_has_a_last_day(
    els_client: Client, kind: str, number: str
) -> None:
    country = "MAR" if kind == "FOR_PASS" else "BEL"
    form = spanish(document_type=kind, document_number=number, document_country=country)
    answer = els_client.post(URL, form)
    assert answer.status_code == 422
    assert "document_expiry" in answer.context["form"].errors
    assert not Dossier.objects.exists()


def test_the_database_keeps_to_it_too(els: Clerk) -> None:
    dossier = make_dossier(make_applicant(), els)
    with pytest.raises(IntegrityError), transaction.atomic():
        Dossier.objects.filter(pk=dossier.pk).update(document_expiry=None)


def test_an_old_paper_card_ended_whatever_is_printed(els: Clerk) -> None:
    """Italian paper cards without a zone are no longer valid, even unlimited ones."""
    with time_machine.travel("2026-08-04T12:00:00Z", tick=False):
        form = spanish(document_country="ITA", old_model="on")
        answer = signed_in(els).post(URL, form)
    assert answer.status_code == 422
    assert "document_expiry" in answer.context["form"].errors


def test_the_pages_of_the_dossier_say_it(els_client: Client, sofie: Clerk) -> None:
    els_client.post(URL, spanish())
    dossier = Dossier.objects.get()
    for client, page in (
        (els_client, reverse("counter_dossiers:dossier", args=[dossier.pk])),
        (signed_in(sofie), reverse("admin:counter_dossier_change", args=[dossier.pk])),
    ):
        assert "no end date" in client.get(page).content.decode()


def test_a_form_sent_twice_is_one_dossier(els_client: Client) -> None:
    form = spanish()
    for _ in range(2):
        assert els_client.post(URL, form).status_code == 303
    assert Dossier.objects.count() == 1


def test_what_was_kept_of_a_form_reads_in_either_language(els_client: Client) -> None:
    """Words of one language are accepted while the page is in the other."""
    form = spanish(document_expiry="no end date")
    els_client.post(reverse("counter_dossiers:save_draft"), form)
    els_client.post(reverse("counter_sign_in:switch_language"), {"language": "nl"})
    draft = Draft.objects.get()
    page = els_client.get(reverse("counter_dossiers:resume_draft", args=[draft.pk]))
    assert page.context["form"]["document_expiry"].value() == "no end date"
    assert els_client.post(URL, form).status_code == 303
    assert Dossier.objects.get().document_expiry is None


def test_a_last_day_far_away_is_a_day(els_client: Client) -> None:
    els_client.post(URL, spanish(document_expiry="30/07/2086"))
    assert Dossier.objects.get().document_expiry == datetime.date(2086, 7, 30)

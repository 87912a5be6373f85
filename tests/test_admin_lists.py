"""The lists of the admin: filters, searching, and how many queries they need."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from counter.journal import journal
from counter.journal.events import Event
from counter.models import Alarm, Clerk, Dossier, JournalEntry, RetentionPeriod
from tests import cast
from tests.test_admin import page, whole

__all__ = ["whole"]


def test_filters_offer_own_colleagues_only(
    whole: Dossier, gust: Clerk, bart: Clerk, sofie_client: Client
) -> None:
    text = page(sofie_client, "counter_journalentry_changelist")
    assert "bart" in text
    assert "gust" not in text


@pytest.mark.parametrize(
    "query",
    [
        {"email__startswith": "p"},
        {"applicant__last_name": "Janssens"},
        {"document_number_sealed__contains": "x"},
        {"recorded_by__password__startswith": "a"},
    ],
)
def test_no_column_can_be_asked_for_in_the_address(
    whole: Dossier, sofie_client: Client, query: dict[str, str]
) -> None:
    address = reverse("admin:counter_dossier_changelist")
    assert sofie_client.get(address, query).status_code == 400


def test_a_nul_in_the_address_breaks_no_list(sofie_client: Client) -> None:
    answer = sofie_client.get(
        reverse("admin:counter_dossier_changelist"), {"state__exact": "\0"}
    )
    assert answer.status_code == 302


def test_a_password_cannot_be_asked_for_letter_by_letter(
    whole: Dossier, sofie_client: Client
) -> None:
    for name in ("activation_keyholder", "counter_clerk"):
        response = sofie_client.get(
            reverse(f"admin:{name}_changelist"), {"password__startswith": "argon2"}
        )
        assert response.status_code == 400


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("counter_dossier", {"state__exact": "paid"}),
        ("counter_journalentry", {"kind": "payment_taken"}),
        (
            "counter_journalentry",
            {"day": timezone.localdate().isoformat()},
        ),
        ("activation_digitalkey", {"kind__exact": "app"}),
        ("notifications_delivery", {"state__exact": "sent"}),
    ],
)
def test_filters_find(
    whole: Dossier, sofie_client: Client, name: str, query: dict[str, str]
) -> None:
    assert 'class="field-' in page(sofie_client, f"{name}_changelist", **query)


def test_filtering_by_clerk_finds_what_she_did(
    whole: Dossier, els: Clerk, bart: Clerk, sofie_client: Client
) -> None:
    name = "counter_journalentry_changelist"
    assert "field-beginning" in page(sofie_client, name, clerk__id__exact=str(els.pk))
    nothing = page(sofie_client, name, clerk__id__exact=str(bart.pk))
    assert "field-beginning" not in nothing


def test_a_dossier_is_found_by_its_reference(
    whole: Dossier, sofie_client: Client
) -> None:
    for name in ("counter_dossier", "activation_digitalkey", "counter_journalentry"):
        listing = f"{name}_changelist"
        listed = page(sofie_client, listing, q=whole.reference)
        assert whole.reference in listed.split('id="result_list"')[1]
        assert 'id="result_list"' not in page(sofie_client, listing, q="00000000")
        assert 'id="result_list"' not in page(sofie_client, listing, q="Janssens")


def test_no_holder_is_searched_because_a_search_stands_in_the_url(
    whole: Dossier, sofie_client: Client
) -> None:
    name = "activation_keyholder_changelist"
    assert 'name="q"' not in page(sofie_client, name)


def test_a_forged_journal_row_is_shown(dossier: Dossier, sofie_client: Client) -> None:
    JournalEntry.objects.create(
        event="gone_fishing", actor_kind="system", office=dossier.office
    )
    assert "gone_fishing" in page(sofie_client, "counter_journalentry_changelist")


def test_a_list_asks_the_database_as_often_for_many_as_for_one(
    whole: Dossier,
    els: Clerk,
    sofie_client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in (cast.MARIE_NUMBER, cast.LEILA_NUMBER, cast.ANNA_NUMBER):
        dossier = cast.make_dossier(cast.make_applicant(number), els)
        journal.write(Event.SLIP_PRINTED, dossier=dossier, clerk=els)
    for model in admin.site._registry:
        # Four of the queries note who looked, and whether at one person only. The page
        # of the rules counts what each rule removes tonight, and the page of operators
        # what waits for each task.
        most = {RetentionPeriod: 80, Alarm: 150}.get(model, 13)
        with django_assert_max_num_queries(most):
            name = f"{model._meta.app_label}_{model._meta.model_name}_changelist"
            page(sofie_client, name)

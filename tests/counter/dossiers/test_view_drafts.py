"""What a clerk typed is kept as a draft for that clerk, until the dossier is saved."""

import datetime
import uuid

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.models import Clerk, Dossier, Draft
from counter.tasks import apply_hourly_retention
from tests.counter.dossiers.record_form import URL, typed
from tests.litany import assert_for_clerks_only, signed_in

SAVE = reverse("counter_dossiers:save_draft")


def half_typed(**changes: str) -> dict[str, str]:
    return {
        "submission": str(uuid.uuid4()),
        "document_type": "BE_PASS",
        "last_name": "Van den Ælst",
        "national_number": "850730",
    } | changes


@pytest.fixture
def draft(els: Clerk) -> Draft:
    signed_in(els).post(SAVE, half_typed())
    return Draft.objects.get()


def test_only_for_clerks() -> None:
    assert_for_clerks_only(SAVE, method="post")


def test_the_desk_offers_to_go_on_and_every_field_is_there(
    els_client: Client, draft: Draft
) -> None:
    link = reverse("counter_dossiers:resume_draft", args=[draft.pk])
    assert link in els_client.get(reverse("counter_desk:desk")).content.decode()
    page = els_client.get(link).content.decode()
    assert 'value="Van den Ælst"' in page
    assert 'value="850730"' in page
    assert str(draft.submission) in page


def test_a_form_gone_on_with_later_asks_again_whether_the_document_was_seen(
    els_client: Client,
) -> None:
    els_client.post(SAVE, half_typed(original_seen="on"))
    link = reverse("counter_dossiers:resume_draft", args=[Draft.objects.get().pk])
    form = els_client.get(link).context["form"]
    assert form["last_name"].value() == "Van den Ælst"
    assert not form["original_seen"].value()


def test_nobody_else_sees_it(bart: Clerk, sofie: Clerk, draft: Draft) -> None:
    for clerk in (bart, sofie):
        client = signed_in(clerk)
        link = reverse("counter_dossiers:resume_draft", args=[draft.pk])
        assert client.get(link).status_code == 404
        drop = reverse("counter_dossiers:drop_draft", args=[draft.pk])
        assert client.post(drop).status_code == 404
    assert Draft.objects.exists()


def test_it_is_sealed(draft: Draft) -> None:
    assert b"850730" not in bytes(draft.content_sealed)
    assert "850730" in draft.content


def test_it_goes_when_the_dossier_is_saved(els_client: Client) -> None:
    form = typed()
    els_client.post(SAVE, form)
    assert Draft.objects.count() == 1
    assert els_client.post(URL, form).status_code == 303
    assert not Draft.objects.exists()
    els_client.post(SAVE, form)  # the page's last message comes late
    assert not Draft.objects.exists()


def test_going_back_to_a_draft_that_was_saved_leads_to_its_dossier(
    els_client: Client, bart: Clerk
) -> None:
    form = typed()
    els_client.post(SAVE, form)
    link = reverse("counter_dossiers:resume_draft", args=[Draft.objects.get().pk])
    els_client.post(URL, form)
    dossier = Dossier.objects.get()
    answer = els_client.get(link, follow=True)
    page = reverse("counter_dossiers:dossier", args=[dossier.pk])
    assert answer.redirect_chain == [(page, 303)]
    assert "This form was saved" in answer.content.decode()
    assert signed_in(bart).get(link).status_code == 404


def test_it_goes_when_the_person_is_turned_away(els_client: Client) -> None:
    form = half_typed()
    els_client.post(SAVE, form)
    free_route = {"submission": form["submission"], "reason": "itsme"}
    answer = els_client.post(reverse("counter_desk:redirect_person"), free_route)
    assert answer.status_code == 303
    els_client.post(SAVE, form)  # the page's last message comes late
    assert not Draft.objects.exists()


def test_the_page_learns_where_it_is_kept(els_client: Client) -> None:
    where = els_client.post(SAVE, half_typed()).headers["Content-Location"]
    assert els_client.get(where).status_code == 200


def test_a_new_visit_offers_the_one_that_was_begun(
    els_client: Client, draft: Draft
) -> None:
    link = reverse("counter_dossiers:resume_draft", args=[draft.pk])
    assert link in els_client.get(URL).content.decode()
    assert f'href="{link}"' not in els_client.get(link).content.decode()


def test_a_form_that_comes_back_is_kept_too(els_client: Client) -> None:
    form = typed(email="niets")
    assert els_client.post(URL, form).status_code == 422
    assert "niets" in Draft.objects.get().content


def test_it_is_dropped_by_a_button(els_client: Client, draft: Draft) -> None:
    drop = reverse("counter_dossiers:drop_draft", args=[draft.pk])
    assert els_client.post(drop).status_code == 303
    assert not Draft.objects.exists()


def test_the_last_text_stays(els_client: Client, draft: Draft) -> None:
    form = half_typed(submission=str(draft.submission), last_name="Peeters")
    els_client.post(SAVE, form)
    assert "Peeters" in Draft.objects.get().content


def test_after_eight_hours_it_is_gone(els: Clerk, draft: Draft) -> None:
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=8, seconds=1)):
        link = reverse("counter_dossiers:resume_draft", args=[draft.pk])
        assert signed_in(els).get(link).status_code == 404
        apply_hourly_retention()
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"submission": "geen"},
        {"submission": ""},
        {"last_name": "", "national_number": ""},
        {"last_name": "x" * 30_000},
        {"last_name": "a\0b"},
    ],
)
def test_what_is_no_draft_is_not_kept(
    els_client: Client, changes: dict[str, str]
) -> None:
    assert els_client.post(SAVE, half_typed(**changes)).status_code == 204
    assert not Draft.objects.exists()
    assert not Dossier.objects.exists()

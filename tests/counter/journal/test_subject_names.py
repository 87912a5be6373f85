"""The journal names whom an entry is about to those who may see that row."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.journal import looks, subject_names
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry, Office
from tests import cast

LIST = "admin:counter_journalentry_changelist"


@pytest.fixture
def of_person(dossier: Dossier, sofie: Clerk) -> JournalEntry:
    looks.note(dossier.applicant, clerk=sofie, at=timezone.now())
    return JournalEntry.objects.get(event=Event.PERSON_OPENED)


def test_a_person_and_a_colleague_are_called_by_name(
    of_person: JournalEntry, office: Office, els: Clerk, sofie_client: Client
) -> None:
    Clerk.objects.filter(pk=els.pk).update(first_name="Els", last_name="Aerts")
    els.refresh_from_db()
    els.role = "supervisor"
    els.save()
    page = sofie_client.get(reverse(LIST)).text
    assert "Peter Janssens" in page
    assert "Els Aerts" in page
    assert str(of_person.subject.partition(":")[2])[:8].upper() not in page


def test_the_page_of_one_entry_does_so_too(
    of_person: JournalEntry, sofie_client: Client
) -> None:
    page = reverse("admin:counter_journalentry_change", args=[of_person.pk])
    assert "Peter Janssens" in sofie_client.get(page).text


def test_who_may_not_see_the_row_reads_its_reference(
    of_person: JournalEntry, other_office: Office, tom: Clerk
) -> None:
    reference = of_person.subject.partition(":")[2][:8].upper()
    stranger = cast.make_clerk("an", other_office, desk="", role="supervisor")
    for reader in (stranger, tom):
        entry = JournalEntry.objects.get(pk=of_person.pk)
        subject_names.name_subjects([entry], reader=reader)
        assert reference in entry.subject_shown
        assert "Janssens" not in entry.sentence


def test_a_forged_subject_does_not_break_the_list(
    sofie: Clerk, sofie_client: Client
) -> None:
    forged = ("counter.clerk:x", "counter.applicant:1", "x", "a.b:c")
    for subject in forged:
        entry = JournalEntry.objects.create(
            subject=subject,
            event=Event.ROW_CHANGED,
            actor_kind="system",
            office=sofie.office,
        )
        subject_names.name_subjects([entry], reader=sofie)
        assert entry.subject_name == ""
    shown = sofie_client.get(reverse(LIST))
    assert shown.status_code == 200
    assert {entry.subject for entry in shown.context["cl"].result_list} >= set(forged)
    of_one = sofie_client.get(reverse(LIST), {"about": "counter.clerk:x"})
    assert [entry.subject for entry in of_one.context["cl"].result_list] == [forged[0]]


@pytest.mark.parametrize("key", ["x", "", "-1", "9" * 30, "1.5", "\u0663"])
def test_a_forged_entry_hides_no_name_beside_it(
    sofie: Clerk, sofie_client: Client, dossier: Dossier, key: str
) -> None:
    for subject in (
        *(f"counter.{model}:{key}" for model in ("clerk", "applicant", "dossier")),
        f"counter.clerk:{sofie.pk}",
        f"counter.applicant:{dossier.applicant_id}",
    ):
        JournalEntry.objects.create(
            subject=subject,
            event=Event.ROW_CHANGED,
            actor_kind="system",
            office=sofie.office,
        )
    shown = sofie_client.get(reverse(LIST))
    names = {
        entry.subject: entry.subject_name for entry in shown.context["cl"].result_list
    }
    assert names[f"counter.clerk:{sofie.pk}"] == str(sofie)
    assert names[f"counter.applicant:{dossier.applicant_id}"]
    assert not names[f"counter.clerk:{key}"]

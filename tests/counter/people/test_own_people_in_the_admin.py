"""The admin stops acts on a supervisor's own people, as the desk does."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from counter.journal.events import Event
from counter.models import Applicant, Clerk, Dossier, JournalEntry, LegalHold
from counter.people.kinship_answer import Answer, note_answer
from tests.counter.people.namesakes import peter, renamed
from tests.litany import signed_in

__all__ = ["peter"]

UNTIL = timezone.localdate() + timedelta(days=30)
HOLD = {"reason": "lawsuit", "until": UNTIL.isoformat()}


def hold(dossier: Dossier) -> str:
    return reverse("admin:counter_dossier_hold", args=[dossier.pk])


def erase(person: Applicant) -> str:
    return reverse("admin:counter_applicant_erase_data", args=[person.pk])


@pytest.mark.parametrize("page", ["dossier", "person"])
def test_nobody_does_anything_about_herself(
    dossier: Dossier, sofie: Clerk, page: str
) -> None:
    client = signed_in(renamed(sofie, "Rik", "Claes"))
    address = hold(dossier) if page == "dossier" else erase(dossier.applicant)
    answer = client.post(address, HOLD, follow=True)
    assert answer.redirect_chain[0] == (address, 303)
    assert "This person has your own names" in answer.text
    assert not LegalHold.objects.exists()


def test_family_is_asked_about_first_and_then_it_is_done(
    dossier: Dossier, sofie: Clerk
) -> None:
    client = signed_in(renamed(sofie, "Sofie", "Claes"))
    answer = client.post(hold(dossier), HOLD)
    question = reverse("counter_people:family", args=[dossier.pk])
    assert answer["Location"].startswith(question)
    assert client.get(answer["Location"]).context["next"] == hold(dossier)
    assert not LegalHold.objects.exists()
    note_answer(answer=Answer(), dossier=dossier, clerk=sofie)
    client.post(hold(dossier), HOLD)
    assert LegalHold.objects.get().dossier == dossier


def test_looking_is_no_act_and_is_written_down(dossier: Dossier, sofie: Clerk) -> None:
    client = signed_in(renamed(sofie, "Rik", "Claes"))
    page = reverse("admin:counter_dossier_change", args=[dossier.pk])
    assert client.get(page).status_code == 200
    entry = JournalEntry.objects.get(clerk=sofie, dossier=dossier)
    assert entry.event == Event.DOSSIER_OPENED


def test_somebody_else_is_asked_nothing(dossier: Dossier, sofie: Clerk) -> None:
    signed_in(renamed(sofie, "Sofie", "Wouters")).post(hold(dossier), HOLD)
    assert LegalHold.objects.exists()

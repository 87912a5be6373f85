"""A person has the name of the latest visit with a code; each visit keeps its own."""

import pytest
from django.test import Client
from django.utils import timezone

from counter.dossiers.moves import move
from counter.dossiers.recording import cancel_dossier
from counter.enums import CancelReason, DossierState
from counter.journal.events import Event
from counter.models import Applicant, Clerk, Dossier
from tests.counter.people.known import (
    RECORD,
    ask,
    marie_with_a_key,
    married,
    pay,
    record,
    recording,
    typed,
)


@pytest.fixture
def marie(els: Clerk) -> Dossier:
    return marie_with_a_key(els)


def test_the_person_is_called_as_the_latest_document_with_a_code(
    els: Clerk, marie: Dossier
) -> None:
    visit = married(els)
    person = Applicant.objects.get()
    assert person.name == "Marie Peeters"
    pay(visit)
    person.refresh_from_db()
    assert person.name == "Marie Peeters-Claes"
    marie.refresh_from_db()
    assert marie.name == "Marie Peeters"


def test_a_visit_that_was_cancelled_changes_nothing_of_the_person(
    els: Clerk, marie: Dossier
) -> None:
    visit = married(els)
    cancel_dossier(
        dossier=visit, clerk=els, reason=CancelReason.MISTAKE, at=timezone.now()
    )
    assert Applicant.objects.get().name == "Marie Peeters"


def test_a_reversal_gives_the_name_of_before_back(els: Clerk, marie: Dossier) -> None:
    visit = married(els)
    pay(visit)
    move(
        visit,
        to=DossierState.CANCELLED,
        at=timezone.now(),
        event=Event.DOSSIER_CANCELLED,
        details={"reason": CancelReason.MONEY_BACK.value},
    )
    assert Applicant.objects.get().name == "Marie Peeters"
    visit.refresh_from_db()
    marie.refresh_from_db()
    assert (visit.name, marie.name) == ("Marie Peeters-Claes", "Marie Peeters")


def test_a_number_typed_wrongly_and_cancelled_asks_no_supervisor_of_its_owner(
    els: Clerk, els_client: Client
) -> None:
    wrong = record(recording(), els)
    cancel_dossier(
        dossier=wrong, clerk=els, reason=CancelReason.MISTAKE, at=timezone.now()
    )
    form = typed(last_name="Peeters", first_names="Marie")
    (doubt,) = ask(els_client, form).context["form"].doubts
    assert not doubt.needs_supervisor
    assert els_client.post(RECORD, form).status_code == 303
    pay(Dossier.objects.get(state="recorded"))
    assert Applicant.objects.get().name == "Marie Peeters"

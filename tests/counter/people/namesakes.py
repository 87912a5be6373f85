"""Els has a family name of the person whom she serves; Bart has another name."""

import pytest
from django.urls import reverse

from counter.journal.events import Event
from counter.models import Applicant, Clerk, Dossier, JournalEntry
from tests import cast


@pytest.fixture
def els(els: Clerk) -> Clerk:
    return renamed(els, "Els", "Claes")


@pytest.fixture
def bart(bart: Clerk) -> Clerk:
    return renamed(bart, "Bart", "Maes")


@pytest.fixture
def peter(peter: Applicant) -> Applicant:
    Applicant.objects.update(first_names="Rik", last_name="Claes-Maris")
    peter.refresh_from_db()
    return peter


def renamed(clerk: Clerk, first_name: str, last_name: str) -> Clerk:
    clerk.first_name, clerk.last_name = first_name, last_name
    clerk.save()
    return clerk


def question(dossier: Dossier) -> str:
    return reverse("counter_people:family", args=[dossier.pk])


def family_answers() -> list[Event]:
    return [
        Event(entry.event)
        for entry in JournalEntry.objects.order_by("pk")
        if entry.event in (Event.NO_FAMILY, Event.FAMILY_WITH_COLLEAGUE)
    ]


def yes(**typed: str) -> dict[str, str]:
    typed = {"name": "bart", "password": cast.PASSWORD} | typed
    return {"is_family": "yes"} | {f"colleague_{n}": t for n, t in typed.items()}

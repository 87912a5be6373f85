"""Make a change, and read what the journal notes of it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from counter.journal.events import Event
from counter.journal.recorded_models import Recorded
from counter.models import Clerk, JournalEntry

CHANGES = (Event.ROW_ADDED, Event.ROW_CHANGED, Event.ROW_REMOVED)


@pytest.fixture
def start(sofie: Clerk, els: Clerk) -> int:
    """The last entry before the test; what comes after it was done in the test."""
    return JournalEntry.objects.latest("pk").pk


def noted(start: int, *, model: str = "") -> list[JournalEntry]:
    entries = JournalEntry.objects.filter(pk__gt=start, event__in=CHANGES)
    return [
        entry
        for entry in entries
        if not model or entry.details["row"]["model"] == f"counter.{model}"
    ]


def sentence_of(entry: JournalEntry, language: str = "en") -> str:
    with translation.override(language):
        return JournalEntry.objects.get(pk=entry.pk).sentence


def change(client: Client, row: Recorded, data: dict[str, Any]) -> None:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    answer = client.post(reverse(name, args=(row.pk,)), data)
    assert answer.status_code == 302, answer.context["adminform"].form.errors

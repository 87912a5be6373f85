"""An entry that somebody inserted in the database breaks no page that lists it."""

from typing import Any

import pytest
from django.db.models import JSONField, Value
from django.test import Client
from django.urls import reverse

from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from counter.models.journal import subject_of
from tests.counter.supervision.test_as_shown import as_the_page_sends_it, send
from tests.payments.reversals.test_service_reversing import paid

#: Entries that the program never writes: an unknown event, and details of other shapes.
FORGED: list[tuple[str, Any]] = [
    ("nonsense", {}),
    (Event.PAYMENT_TAKEN, {"amount": "abc", "method": "cash"}),
    (Event.PAYMENT_TAKEN, {"amount": "NaN", "method": "cash"}),
    (Event.ROW_CHANGED, {"row": "x", "changes": {}}),
    (Event.ROW_CHANGED, {"row": {"model": 5, "named": {}}, "changes": {}}),
    (Event.ROW_CHANGED, {"row": {"model": "counter.desk", "named": 5}, "changes": 5}),
    (Event.RECEIPT_PRINTED, {"date": 5}),
    (Event.RECEIPT_PRINTED, {"date": None}),
    (Event.RECEIPT_PRINTED, {"actor": "x"}),
    (Event.RECEIPT_PRINTED, []),
    (Event.RECEIPT_PRINTED, Value(None, JSONField())),
    (Event.RETENTION_FAILED, {"rule": ["x"]}),
    (Event.RETENTION_FAILED, {}),
    (Event.PEOPLE_LISTED, {"model": 5, "count": 1}),
]


def forge(dossier: Dossier) -> list[JournalEntry]:
    for event, details in FORGED:
        JournalEntry.objects.create(
            event=event,
            details=details,
            actor_kind="system",
            office=dossier.office,
            dossier=dossier,
        )
    forged = list(JournalEntry.objects.order_by("-pk")[: len(FORGED)])
    return forged[::-1]


def test_each_is_shown_as_it_is_where_it_gives_no_sentence(dossier: Dossier) -> None:
    for entry in forge(dossier):
        assert entry.sentence


@pytest.mark.parametrize("shown_on", ["journal", "dossier", "entry", "periods"])
def test_a_supervisor_sees_them_beside_the_others(
    dossier: Dossier, sofie_client: Client, shown_on: str
) -> None:
    forged = forge(dossier)
    address = {
        "journal": reverse("admin:counter_journalentry_changelist"),
        "entry": reverse("admin:counter_journalentry_change", args=[forged[0].pk]),
        "dossier": reverse("admin:counter_dossier_change", args=[dossier.pk]),
        "periods": reverse("admin:counter_retentionperiod_changelist"),
    }[shown_on]
    answer = sofie_client.get(address)
    assert answer.status_code == 200
    assert ("nonsense" in answer.text) == (shown_on != "periods")


def test_a_clerk_sees_the_dossier_and_its_receipt(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    paid(dossier, els)
    forge(dossier)
    for name in ("counter_dossiers:dossier", "payments_receipts:receipt_page"):
        assert els_client.get(reverse(name, args=[dossier.pk])).status_code == 200


def test_a_person_gets_a_copy_of_the_data(
    dossier: Dossier, sofie_client: Client
) -> None:
    """Of a forged entry only the event, because its details may name a colleague."""
    JournalEntry.objects.create(
        event=Event.RECEIPT_PRINTED,
        details={"actor": "Sofie Geheim"},
        actor_kind="system",
        dossier=dossier,
    )
    forge(dossier)
    page = reverse("admin:counter_applicant_export_data", args=[dossier.applicant_id])
    form = {"reason": "asked", "language": "nl", "form": "json"}
    answer = sofie_client.post(page, form)
    assert answer.status_code == 200
    events = [act["event"] for act in answer.json()["journal"]]
    assert set(events) >= {event for event, _details in FORGED}
    assert "Sofie Geheim" not in answer.text


def test_who_saves_after_a_colleague_is_told_as_without_them(
    sofie: Clerk, els: Clerk, sofie_client: Client
) -> None:
    Clerk.objects.filter(pk=els.pk).update(email="els@x.example", first_name="Els")
    els.refresh_from_db()
    sent = as_the_page_sends_it(sofie_client, els)
    Clerk.objects.filter(pk=els.pk).update(first_name="Elsje")
    shapes: list[Any] = [{}, [], {"changes": 5}, {"changes": {"first_name": 5}}]
    for details in shapes:
        JournalEntry.objects.create(
            event=Event.ROW_CHANGED,
            details=details,
            actor_kind="system",
            office=sofie.office,
            subject=subject_of(els),
        )
    answer = send(sofie_client, els, sent | {"first_name": "Elza"})
    assert answer.status_code == 200
    assert answer.context["meanwhile"]

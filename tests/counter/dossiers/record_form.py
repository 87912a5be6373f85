"""The form that records an applicant, as a clerk types it."""

import uuid

from django.test import Client
from django.urls import reverse

URL = reverse("counter_dossiers:record_applicant")


def typed(**changes: str) -> dict[str, object]:
    """The form for Peter as a clerk fills it in; a field changed to "" stays empty."""
    fields: dict[str, object] = {
        "submission": str(uuid.uuid4()),
        "document_type": "BE_PASS",
        "document_number": "en123456",
        "document_expiry": "01/01/2040",
        "original_seen": "on",
        "last_name": "Janssens",
        "first_names": "Peter",
        "birth_date": "30/07/1985",
        "sex": "M",
        "national_number": "85.07.30-033.28",
        "email": "peter@example.org",
        "language": "fr",
        "reason": "no_other_key",
    }
    return fields | changes


def ticks(client: Client, form: dict[str, object]) -> list[str]:
    """Post the form; returns the value of each box for what the page asks to check."""
    answer = client.post(URL, form)
    assert answer.status_code == 422
    return [doubt.stamp for doubt in answer.context["form"].doubts]

"""The forms that correct a dossier, as a clerk sends them."""

from django.urls import reverse

from activation.models import ActivationCode
from counter.journal.events import Event
from counter.models import Dossier, JournalEntry
from tests import cast


def url(dossier: Dossier, page: str = "correct_details") -> str:
    return reverse(f"activation_desk:{page}", args=[dossier.pk])


def details(code: ActivationCode | None = None, **typed: str) -> dict[str, str]:
    """The form with Peter's dossier as it is, changed by `typed`."""
    return {
        "code_id": str(code.pk) if code else "",
        "last_name": "Janssens",
        "first_names": "Peter",
        "birth_date": "30/07/1985",
        "document_type": "BE_PASS",
        "document_country": "BEL",
        "document_number": "",
        "document_expiry": "01/01/2040",
        "original_seen": "on",
        "language": "fr",
        "reason": "no_other_key",
    } | typed


def number(code: ActivationCode | None = None, **typed: str) -> dict[str, str]:
    return {
        "code_id": str(code.pk) if code else "",
        "national_number": cast.LEILA_NUMBER,
        "birth_date": "28/07/1998",
        "sex": "M",
        "original_seen": "on",
        "supervisor_name": "sofie",
        "supervisor_password": cast.PASSWORD,
    } | typed


def journal_details(*events: Event) -> list[str]:
    rows = JournalEntry.objects.filter(event__in=events).order_by("pk")
    return [
        str(row.details.get("field", row.details.get("doubt", row.clerk)))
        for row in rows
    ]

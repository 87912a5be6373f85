"""Scanning the zone of a document at the desk."""

from typing import Any

from django.test import Client
from django.urls import reverse

from tests.counter.scans.zones import peters_card

SEARCH = reverse("counter_desk:find_dossier")
RECORD = reverse("counter_dossiers:record_applicant")
CARD = peters_card()


def scan(client: Client, text: str) -> Any:  # noqa: ANN401 (a patched answer)
    return client.post(SEARCH, {"q": text.replace("\n", "\r\n")})

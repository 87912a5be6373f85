"""The state of a dossier's messages, for its page and the part that reloads itself."""

import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from counter.desk.additions import Page
from notifications.models import Delivery


def on_page(page: Page) -> Mapping[str, Any]:
    """The template's variables: all `deliveries`, the `last_mail` to the person, and
    `seen`, which says what the page shows.
    """
    deliveries = list(page.dossier.deliveries.all())
    return {
        "deliveries": deliveries,
        "last_mail": Delivery.objects.to_person().filter(dossier=page.dossier).first(),
        "seen": seen(page.last_entry, deliveries),
    }


def seen(last_entry: int, deliveries: Iterable[Delivery]) -> str:
    """A checksum of the journal and the messages on the page; it changes with them."""
    fares = [
        (
            row.state,
            row.attempts,
            row.leased_until is None,
            row.handed_over_at,
            bool(row.late_label),
        )
        for row in deliveries
    ]
    return f"{last_entry}-{zlib.crc32(repr(fares).encode()):08x}"

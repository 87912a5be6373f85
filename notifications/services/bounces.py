"""A mail that was taken and came back later: a delivery status notification.

RFC 3464: a report says that it failed for good, and carries the headers of the mail it
is about. Our Message-ID holds the delivery's own id, so nothing else of it is read, and
whoever invents a report has to know an id that only the mail carried.
"""

import datetime
import email
import re
import uuid
from email.message import Message
from typing import Final

from django.db import transaction

from counter import journal
from counter.enums import Event
from notifications.enums import DeliveryState, Kind
from notifications.models import Delivery
from notifications.services.answers import without_addresses

#: A report with a whole mail in it is a few kilobytes.
LONGEST: Final = 1_000_000
_OUR_ID: Final = re.compile(r"<([0-9a-f-]{36})@[^<>@\s]+>")


def note_bounce(raw: bytes, *, at: datetime.datetime) -> Delivery | None:
    """Mark the delivery that a report says came back; returns it.

    None, and nothing is written, for what is no report, says "later" or "delivered", is
    about no mail of ours, or was noted before.
    """
    if len(raw) > LONGEST:
        return None
    report = email.message_from_bytes(raw)
    failure = _failure(report)
    delivery_id = _about(report)
    if failure is None or delivery_id is None:
        return None
    with transaction.atomic():
        delivery = (
            Delivery.objects.select_related("dossier__office")
            .select_for_update(of=("self",))
            .filter(pk=delivery_id, state=DeliveryState.SENT)
            .first()
        )
        if delivery is None:
            return None
        delivery.state = DeliveryState.REFUSED
        delivery.refused_at = at
        to = delivery.dossier.email if delivery.dossier else ""
        delivery.answer = without_addresses(failure, to=to)
        delivery.save(update_fields=["state", "refused_at", "answer"])
        journal.write(
            Event.MAIL_REFUSED, {"kind": Kind(delivery.kind)}, dossier=delivery.dossier
        )
    return delivery


def _failure(report: Message) -> str | None:
    """The server's words about a failure for good; None when there is none."""
    for part in report.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in part.walk():
            action = str(block.get("Action", "")).strip().lower()
            status = str(block.get("Status", "")).strip()
            if action == "failed" and status.startswith("5"):
                words = str(block.get("Diagnostic-Code", ""))
                return words.rpartition(";")[2].strip() or status
    return None


def _about(report: Message) -> uuid.UUID | None:
    """The delivery whose mail the report carries, whole or by its headers."""
    for part in report.walk():
        kind = part.get_content_type()
        said = ""
        if kind == "text/rfc822-headers":
            payload = part.get_payload(decode=True)
            said = (
                payload.decode("ascii", "replace") if isinstance(payload, bytes) else ""
            )
        elif part is not report:
            said = f"Message-ID: {part.get('Message-ID', '')}"
        for line in said.splitlines():
            if line.lower().startswith("message-id:") and (
                found := _OUR_ID.search(line)
            ):
                try:
                    return uuid.UUID(found[1])
                except ValueError:
                    continue
    return None

"""A mail that was taken and came back later: a delivery status notification.

RFC 3464: a report says that it failed for good, and carries the headers of the mail it
is about. Our Message-ID holds the delivery's own id, so whoever invents a report has to
know an id that only the mail carried. The addresses in it are read for one thing: to
take them out of the server's words. Ours may be another one by now, or gone.
"""

import datetime
import email
import re
import uuid
from dataclasses import dataclass
from email.message import Message
from email.utils import getaddresses
from typing import Final

from django.db import transaction
from django.db.models import Q

from counter.journal.events import Event
from notifications.channels.answers import without_addresses
from notifications.enums import DeliveryState
from notifications.models import Delivery
from notifications.outbox import marking, outbox

#: A report with a whole mail in it is a few kilobytes.
LONGEST: Final = 1_000_000
#: States in which a mail can come back, also one that a server never said it took.
_MAY_BE_TAKEN: Final = Q(state__in=(DeliveryState.SENT, DeliveryState.UNKNOWN)) | Q(
    state=DeliveryState.WAITING, unconfirmed__gt=0
)
_OUR_ID: Final = re.compile(r"<([0-9a-f-]{36})@[^<>@\s]+>")


def note_bounce(raw: bytes, *, at: datetime.datetime) -> Delivery | None:
    """Mark the delivery that a report says came back; returns it.

    None, and nothing is written, for what is no report, says "later" or "delivered", is
    about no mail of ours, or was noted before.
    """
    if len(raw) > LONGEST:
        return None
    try:
        report = email.message_from_bytes(raw)
        failure = _failure(report)
        delivery_id = _about(report)
    except RecursionError:  # mails nested so deeply that no server wrote them
        return None
    if failure is None or delivery_id is None:
        return None
    with transaction.atomic():
        delivery = (
            Delivery.objects.select_related(*outbox.FILED_UNDER)
            .select_for_update(of=("self",))
            .filter(_MAY_BE_TAKEN, pk=delivery_id)
            .first()
        )
        if delivery is None:
            return None
        delivery.state = DeliveryState.REFUSED
        delivery.refused_at = at
        # Above all the address that it went to, which the report names.
        theirs = delivery.dossier or delivery.holder
        also = [*failure.recipients, *([theirs.email] if theirs else [])]
        delivery.answer = without_addresses(failure.words, also=also)
        # Take it out of a sender's hands, should it be waiting to be sent once more.
        delivery.lease = delivery.leased_until = None
        delivery.save(
            update_fields=["state", "refused_at", "answer", "lease", "leased_until"]
        )
        marking.note(Event.MAIL_REFUSED, delivery)
    return delivery


@dataclass(frozen=True)
class _Failure:
    """The server's words about a failure for good, and whom they may name."""

    words: str
    recipients: list[str]


def _failure(report: Message) -> _Failure | None:
    """None when nothing has failed for good."""
    for part in report.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in part.walk():
            action = str(block.get("Action", "")).strip().lower()
            status = str(block.get("Status", "")).strip()
            if action == "failed" and status.startswith("5"):
                # `smtp; 550 ...`: the kind of words is before the first semicolon.
                diagnosis = str(block.get("Diagnostic-Code", ""))
                kind, _, text = diagnosis.partition(";")
                words = (text or kind).strip()
                if status not in words:
                    words = f"{status} {words}".strip()
                return _Failure(words, [*_recipients(block), *_written_to(report)])
    return None


def _recipients(block: Message) -> list[str]:
    """The address that failed and, if the mail was forwarded, the one we wrote to."""
    named = [
        str(value).partition(";")[2]
        for field in ("Final-Recipient", "Original-Recipient")
        for value in block.get_all(field, [])
    ]
    return [address for _name, address in getaddresses(named)]


def _written_to(report: Message) -> list[str]:
    """To whom the mail in the report was, from its headers."""
    written: list[str] = []
    for part in report.walk():
        if part.get_content_type() == "text/rfc822-headers":
            headers = email.message_from_string(_text_of(part))
            written += [str(value) for value in headers.get_all("To", [])]
        elif part is not report:
            written += [str(value) for value in part.get_all("To", [])]
    return [address for _name, address in getaddresses(written)]


def _text_of(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("ascii", "replace") if isinstance(payload, bytes) else ""


def _about(report: Message) -> uuid.UUID | None:
    """The delivery whose mail the report carries, whole or by its headers."""
    for part in report.walk():
        kind = part.get_content_type()
        headers = ""
        if kind == "text/rfc822-headers":
            headers = _text_of(part)
        elif part is not report:
            headers = f"Message-ID: {part.get('Message-ID', '')}"
        for line in headers.splitlines():
            if line.lower().startswith("message-id:") and (
                message_id := _OUR_ID.search(line)
            ):
                try:
                    return uuid.UUID(message_id[1])
                except ValueError:
                    continue
    return None

"""Mark the delivery of a bounced mail as refused; the dossier's page shows it."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q

from counter.journal.events import Event
from notifications.bounces.reports import Report, read_report
from notifications.channels.answers import without_addresses
from notifications.enums import DeliveryState
from notifications.models import Delivery
from notifications.outbox import marking

#: Deliveries whose mail can bounce. A server may have taken a mail without confirming
#: it. A mail that was given up may have left in an earlier sending, before somebody had
#: it sent again.
_MAY_BE_TAKEN: Final = Q(
    state__in=(DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.DEAD)
) | Q(state=DeliveryState.WAITING, unconfirmed__gt=0)


def note_bounce(raw: bytes, *, at: datetime) -> Delivery | None:
    """Mark the delivery that this bounce report is about as refused; returns it.

    Returns None and writes nothing if the mail is no bounce report, is about no mail of
    ours, or was noted before.
    """
    report = read_report(raw)
    return note(report, at=at) if report else None


def was_noted(report: Report) -> bool:
    """Whether the mail that this report is about is marked as refused already."""
    refused = Delivery.objects.filter(state=DeliveryState.REFUSED)
    return refused.filter(pk=report.delivery_id).exists()


@transaction.atomic
def note(report: Report, *, at: datetime) -> Delivery | None:
    """As `note_bounce`, for a report that was parsed before."""
    delivery = (
        Delivery.objects.with_what_it_is_filed_under()
        .select_for_update(of=("self",))
        .filter(_MAY_BE_TAKEN, pk=report.delivery_id)
        .first()
    )
    if delivery is None:
        return None
    delivery.state = DeliveryState.REFUSED
    delivery.refused_at = at
    # Remove above all the address that the mail was sent to, which the report names.
    # The address that we keep may have changed since then, or been removed.
    theirs = delivery.dossier or delivery.holder
    also = [*report.recipients, *([theirs.email] if theirs else [])]
    delivery.answer = without_addresses(report.words, also=also)
    # End the lease: a sender may hold the row to send the mail once more.
    delivery.lease = delivery.leased_until = None
    delivery.save(
        update_fields=["state", "refused_at", "answer", "lease", "leased_until"]
    )
    marking.note(Event.MAIL_REFUSED, delivery)
    return delivery

"""Mark the delivery that came back: the clerk sees it at the dossier."""

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

#: States in which a mail can come back, also one that a server never said it took. One
#: that was given up may have left before somebody had it sent again.
_MAY_BE_TAKEN: Final = Q(
    state__in=(DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.DEAD)
) | Q(state=DeliveryState.WAITING, unconfirmed__gt=0)


def note_bounce(raw: bytes, *, at: datetime) -> Delivery | None:
    """Mark the delivery that a mail reports to have come back; returns it.

    None, and nothing is written, for what is no such report, is about no mail of ours,
    or was noted before.
    """
    report = read_report(raw)
    return note(report, at=at) if report else None


@transaction.atomic
def note(report: Report, *, at: datetime) -> Delivery | None:
    """As `note_bounce`, for a report that was read."""
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
    # Above all the address that it went to, which the report names. Ours may be
    # another one by now, or gone.
    theirs = delivery.dossier or delivery.holder
    also = [*report.recipients, *([theirs.email] if theirs else [])]
    delivery.answer = without_addresses(report.words, also=also)
    # Take it out of a sender's hands, should it be waiting to be sent once more.
    delivery.lease = delivery.leased_until = None
    delivery.save(
        update_fields=["state", "refused_at", "answer", "lease", "leased_until"]
    )
    marking.note(Event.MAIL_REFUSED, delivery)
    return delivery

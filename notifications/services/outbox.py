"""The outbox's rows: put in, claimed by one sender at a time, settled.

A sender holds a row by its lease: a fresh UUID and an end. What it does with the
row afterwards carries that UUID, so a sender that was slow or dead for longer than
the lease changes nothing any more (DESIGN.md, section 4).
"""

import datetime
import random
import uuid
from collections.abc import Collection, Iterable
from typing import Final

from django.db import transaction
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.functions import Least

from activation.models import KeyHolder
from counter import journal
from counter.enums import Event
from counter.models import Dossier, Enquiry, Office
from notifications.enums import Channel, DeliveryState, Kind
from notifications.models import Delivery

LEASE: Final = datetime.timedelta(seconds=60)
FIRST_WAIT: Final = datetime.timedelta(seconds=15)
LONGEST_WAIT: Final = datetime.timedelta(minutes=15)
# From so many due mails on a second sender is called, and a third, up to this.
LONG_ROW: Final = 10
MOST_SENDERS: Final = 8
# What the column holds. A mailbox that stays full gets there within a year, and one
# more would be refused by the database at the head of the queue, for everybody.
MOST_ATTEMPTS: Final = 32_767

# What the journal needs of a row, once it is settled.
FILED_UNDER: Final = ("dossier__office", "enquiry__office", "holder__applicant")

# Somebody stands at the counter or looks at a phone; a reminder has all day.
_URGENT: Final = (
    Kind.ONE_TIME_CODE,
    Kind.ACTIVATION_LINK,
    Kind.LINK_AGAIN,
    Kind.KEY_ACTIVATED,
)
_BY_URGENCY: Final = Case(
    *(When(kind=kind, then=Value(place)) for place, kind in enumerate(_URGENT)),
    default=Value(len(_URGENT)),
    output_field=IntegerField(),
)


def put(
    *,
    kind: Kind,
    channel: Channel,
    subject: uuid.UUID,
    dossier: Dossier | None = None,
    enquiry: Enquiry | None = None,
    holder: KeyHolder | None = None,
    at: datetime.datetime,
) -> None:
    """Put a message in the outbox, in the caller's transaction; once a subject.

    Filed under a dossier, an enquiry or a holder; the database wants exactly one.
    """
    put_all(
        [
            Delivery(
                kind=kind,
                channel=channel,
                subject=subject,
                dossier=dossier,
                enquiry=enquiry,
                holder=holder,
                created_at=at,
                not_before=at,
            )
        ]
    )


def put_all(deliveries: Iterable[Delivery]) -> None:
    """Put many in; one that is there already stays as it is."""
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)


@transaction.atomic
def claim(
    *, at: datetime.datetime, without: Collection[Channel] = ()
) -> Delivery | None:
    """Take one due row into our hands for a minute; None when there is none.

    Rows that another sender is claiming at this instant are passed over, not waited
    for. `without` leaves a channel out that is known to be away.
    """
    # The id alone: ten thousand waiting reminders are sorted in memory.
    pk = (
        Delivery.objects.due(at)
        .exclude(channel__in=without)
        .select_for_update(skip_locked=True)
        .order_by(_BY_URGENCY, "not_before")
        .values_list("pk", flat=True)
        .first()
    )
    if pk is None:
        return None
    Delivery.objects.filter(pk=pk).update(
        lease=uuid.uuid4(),
        leased_until=at + LEASE,
        attempts=Least(F("attempts") + 1, MOST_ATTEMPTS),
    )
    return Delivery.objects.select_related(*FILED_UNDER).get(pk=pk)


def _settle(delivery: Delivery, **columns: object) -> bool:
    """Let go of a row with these changes; False when it is no longer ours."""
    ours = Delivery.objects.unsent().filter(pk=delivery.pk, lease=delivery.lease)
    return bool(ours.update(lease=None, leased_until=None, **columns))


@transaction.atomic
def mark_sent(delivery: Delivery, *, at: datetime.datetime) -> bool:
    kept = _settle(delivery, state=DeliveryState.SENT, sent_at=at, answer="")
    if kept:
        note(Event.MAIL_SENT, delivery)
    return kept


@transaction.atomic
def mark_refused(delivery: Delivery, *, at: datetime.datetime, answer: str) -> bool:
    """For good, with the server's words for the clerk (addresses taken out)."""
    kept = _settle(delivery, state=DeliveryState.REFUSED, refused_at=at, answer=answer)
    if kept:
        note(Event.MAIL_REFUSED, delivery)
    return kept


def note(event: Event, delivery: Delivery) -> None:
    """In the journal of the office that it concerns, whatever it is filed under."""
    office: Office | None = delivery.enquiry.office if delivery.enquiry else None
    if delivery.holder:
        office = delivery.holder.dossier.office
    details = {"kind": Kind(delivery.kind)}
    journal.write(event, details, dossier=delivery.dossier, office=office)


def mark_dropped(delivery: Delivery, *, at: datetime.datetime) -> bool:
    """What it would tell is over: the code is used, or the six digits expired."""
    return _settle(delivery, state=DeliveryState.DROPPED, dropped_at=at)


def put_off(
    delivery: Delivery,
    *,
    at: datetime.datetime,
    longest: datetime.timedelta = LONGEST_WAIT,
    answer: str = "",
) -> bool:
    """Try again later: after 15 s, 30 s, a minute ... `longest`, a fifth either way.

    For ever: what ends it is the end of what it tells of (`mark_dropped`).
    """
    doubled = FIRST_WAIT * 2 ** min(delivery.attempts - 1, 10)
    spread = random.uniform(0.8, 1.2)  # noqa: S311 (spreads load, keeps no secret)
    wait = min(doubled, longest) * spread
    return _settle(delivery, not_before=at + wait, answer=answer)


def drop_waiting(
    subjects: Iterable[uuid.UUID], *, kinds: Collection[Kind], at: datetime.datetime
) -> None:
    """Drop what waits for subjects that are over, in the caller's transaction.

    A row in a sender's hands is left to it: the mail may be on its way, and if it
    was put off the next sender finds the subject over and drops the row.
    """
    Delivery.objects.unsent().filter(
        Q(leased_until__isnull=True) | Q(leased_until__lte=at),
        subject__in=subjects,
        kind__in=kinds,
    ).update(state=DeliveryState.DROPPED, dropped_at=at, lease=None, leased_until=None)


def wants_help(*, at: datetime.datetime) -> bool:
    """Whether more is due than one sender does in a second or so, and few are at it.

    Senders at work are seen by the rows in their hands, so calling one more ends by
    itself: each one called looks again.
    """
    in_hand = Delivery.objects.unsent().filter(leased_until__gt=at)
    if in_hand[:MOST_SENDERS].count() >= MOST_SENDERS:
        return False
    return Delivery.objects.due(at)[:LONG_ROW].count() >= LONG_ROW


def seconds_overdue(*, at: datetime.datetime) -> float:
    """For how long the oldest due row has been waiting; 0.0 when none is due.

    Counted from the instant it became due, so a mailbox that says "later" for a day
    does not look like an outbox that stands still.
    """
    unsent = Delivery.objects.unsent().filter(not_before__lte=at)
    oldest = unsent.order_by("not_before").values_list("not_before", flat=True).first()
    return (at - oldest).total_seconds() if oldest else 0.0

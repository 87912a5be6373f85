"""Write to a row what became of it: sent, refused, unknown, dropped, put off or
back.
"""

import datetime
import random
import uuid
from collections.abc import Collection, Iterable
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce, Now

from counter.database.any_of import AnyOf
from counter.journal import journal
from counter.journal.events import Event
from counter.models import (
    Clerk,
    Office,
)
from notifications.enums import DeliveryState, Kind, Lane, Skipped
from notifications.models import Delivery
from notifications.outbox import statements
from notifications.querysets import DeliveryQuerySet

FIRST_WAIT: Final = datetime.timedelta(seconds=15)
LONGEST_WAIT: Final = datetime.timedelta(hours=1)
#: Digits are valid for ten minutes: they are tried as often as that allows.
LONGEST_WAIT_URGENT: Final = datetime.timedelta(minutes=1)
#: If its server keeps putting a message off, it is tried for this long, from the first
#: time on.
TRIED_FOR: Final = datetime.timedelta(days=1)
#: The longest wait after a server was away; shorter, because the cause is not the
#: message.
AWAY_WAIT: Final = datetime.timedelta(minutes=1)


def _ours(delivery: Delivery) -> DeliveryQuerySet[Delivery]:
    return Delivery.objects.unsent().filter(pk=delivery.pk, lease=delivery.lease)


def _settle(
    delivery: Delivery, *, unconfirmed: int | None = None, **columns: object
) -> bool:
    """Write these changes and end the lease; False if the row is no longer ours.

    The sending was answered, so it no longer counts as unconfirmed, unless
    `unconfirmed` says otherwise.
    """
    return bool(
        _ours(delivery).update(
            lease=None,
            leased_until=None,
            handed_over_at=None,
            unconfirmed=delivery.unconfirmed if unconfirmed is None else unconfirmed,
            **columns,
        )
    )


@transaction.atomic
def mark_sent(delivery: Delivery, *, at: datetime.datetime) -> bool:
    kept = statements.settle_sent(delivery, at=at)
    if kept:
        note(Event.MAIL_SENT, delivery)
    return kept


@transaction.atomic
def mark_refused(delivery: Delivery, *, at: datetime.datetime, answer: str) -> bool:
    """Mark the row refused for good, with the server's words for the clerk (addresses
    taken out); False if the row is no longer ours.
    """
    kept = _settle(delivery, state=DeliveryState.REFUSED, refused_at=at, answer=answer)
    if kept:
        note(Event.MAIL_REFUSED, delivery)
    return kept


@transaction.atomic
def mark_unknown(
    delivery: Delivery, *, unconfirmed: int, at: datetime.datetime, answer: str = ""
) -> bool:
    """Mark the row unknown: the mail may be in the mailbox or not, and a clerk decides
    (notifications.outbox.deciding). False if the row is no longer ours.
    """
    kept = _settle(
        delivery,
        state=DeliveryState.UNKNOWN,
        unknown_at=at,
        unconfirmed=unconfirmed,
        answer=answer or delivery.answer,
    )
    if kept:
        note(Event.MAIL_UNKNOWN, delivery)
    return kept


@transaction.atomic
def mark_dead(delivery: Delivery, *, at: datetime.datetime, answer: str = "") -> bool:
    """Mark the row given up, because it was put off for a day. Somebody of the office
    may have it sent again (notifications.outbox.deciding). False if the row is no
    longer ours.
    """
    kept = _settle(
        delivery,
        state=DeliveryState.DEAD,
        dead_at=at,
        answer=answer or delivery.answer,
    )
    if kept:
        note(Event.MAIL_GIVEN_UP, delivery)
    return kept


def is_spent(delivery: Delivery) -> bool:
    """Whether the row was put off for a cause of its own for as long as any message may
    be.

    The database's clock counts, so that a machine with a wrong clock gives nothing up.
    """
    spent = Delivery.objects.filter(put_off_since__lte=Now() - TRIED_FOR)
    return spent.filter(pk=delivery.pk).exists()


def note(event: Event, delivery: Delivery, *, clerk: Clerk | None = None) -> None:
    """Write a journal entry about a delivery, for the office that it concerns."""
    office: Office | None = delivery.enquiry.office if delivery.enquiry else None
    if delivery.holder:
        office = delivery.holder.dossier.office
    if account := _account(delivery):
        office = account.office
    details = {"kind": Kind(delivery.kind)}
    entry = journal.compose(
        event, details, dossier=delivery.dossier, office=office, clerk=clerk
    )
    # `write` would build its statement anew for each mail.
    journal.write_all([entry])


def _account(delivery: Delivery) -> Clerk | None:
    """The account that a mail to staff is about."""
    if delivery.password_link:
        return delivery.password_link.clerk
    return delivery.account_change.account if delivery.account_change else None


def mark_dropped(
    delivery: Delivery, *, because: Skipped, at: datetime.datetime
) -> bool:
    """Drop a row whose reason to be sent is gone, and note why; False if it is no
    longer ours.
    """
    return _settle(
        delivery, state=DeliveryState.DROPPED, dropped_at=at, dropped_because=because
    )


def put_off(
    delivery: Delivery,
    *,
    at: datetime.datetime,
    longest: datetime.timedelta | None = None,
    answer: str = "",
    unconfirmed: int | None = None,
    is_own: bool = False,
) -> bool:
    """Try again later: after 15 s, 30 s, a minute ... an hour, a fifth more or less.

    The first time that `is_own` is set (the cause lies in this message), the day begins
    for which the message is tried; its last attempt is at the end of that day. The row
    ends before if the reason to send it is gone (`mark_dropped`). Returns False if the
    row is no longer ours.
    """
    if longest is None:
        is_urgent = delivery.lane == Lane.URGENT
        longest = LONGEST_WAIT_URGENT if is_urgent else LONGEST_WAIT
    doubled = FIRST_WAIT * 2 ** min(delivery.attempts - 1, 10)
    spread = random.uniform(0.8, 1.2)  # noqa: S311 (spreads load, keeps no secret)
    not_before = at + min(doubled, longest) * spread
    end = (delivery.put_off_since or at) + TRIED_FOR
    if at < end:
        not_before = min(not_before, end)
    begun = {"put_off_since": Coalesce("put_off_since", Now())} if is_own else {}
    return _settle(
        delivery,
        unconfirmed=unconfirmed,
        not_before=not_before,
        answer=answer,
        **begun,
    )


def drop_waiting(
    subjects: Collection[uuid.UUID],
    *,
    kinds: Collection[Kind],
    because: Skipped,
    at: datetime.datetime,
) -> None:
    """Drop waiting and given-up messages about these subjects, and note why; in the
    caller's transaction.

    A row that a sender holds is left to it: the mail may be on its way. If that sender
    puts it off, the next one finds that its reason is gone, and drops the row.
    """
    if not subjects:
        return
    Delivery.objects.filter(
        Q(leased_until__isnull=True) | Q(leased_until__lte=Now()),
        AnyOf("subject", subjects),
        state__in=(DeliveryState.WAITING, DeliveryState.DEAD),
        kind__in=kinds,
    ).update(
        state=DeliveryState.DROPPED,
        dropped_at=at,
        dropped_because=because,
        lease=None,
        leased_until=None,
    )


def put_back(
    subjects: Iterable[uuid.UUID],
    *,
    kinds: Collection[Kind],
    since: datetime.datetime,
    at: datetime.datetime,
) -> None:
    """Set messages that were dropped since then to waiting; in the caller's
    transaction.
    """
    Delivery.objects.filter(
        state=DeliveryState.DROPPED,
        dropped_at__gte=since,
        subject__in=subjects,
        kind__in=kinds,
    ).update(
        state=DeliveryState.WAITING,
        dropped_at=None,
        dropped_because="",
        dead_at=None,
        planned_for=at,
        not_before=at,
        attempts=0,
        put_off_since=None,
    )

"""The outbox's rows: put in, claimed by one sender at a time, given back.

A sender holds a row by its lease: a fresh UUID and an end. Each later change to the row
requires that UUID, so a sender that was slow or dead for longer than the lease changes
nothing any more. The end is set and compared by the database's clock, which all senders
share, so a sender with a wrong clock takes no row from another one.

Each sending is counted before its text leaves (`count_text`), and the count is taken
back by any answer. What remains counted are sendings of unknown outcome; after three of
them only a clerk can have the message sent again.
"""

import datetime
import itertools
import uuid
from collections.abc import Collection, Iterable
from typing import Final

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least, Now

from activation.models import KeyHolder
from counter.models import (
    AccountChange,
    Dossier,
    Enquiry,
    PasswordLink,
)
from notifications.enums import Channel, Kind, Lane
from notifications.exceptions import LeaseLostError
from notifications.models import Delivery
from notifications.outbox import circuits, listening, statements

LEASE: Final = datetime.timedelta(seconds=60)
#: A sender that has waited longer than this for an answer counts as free for other
#: rows.
IN_HAND: Final = datetime.timedelta(seconds=5)
# If this many rows are due another sender is called, up to the maximum below.
LONG_ROW: Final = 10
MOST_SENDERS: Final = 8
# The largest number that the column holds. A mailbox that stays full reaches it within
# a year; one more would be an error of the database, and that row would block the queue
# for everybody.
MOST_ATTEMPTS: Final = 32_767

#: A lane and one of its channels.
type Route = tuple[Lane, Channel]


def put(  # noqa: PLR0913 (what it is filed under)
    *,
    kind: Kind,
    channel: Channel,
    subject: uuid.UUID,
    dossier: Dossier | None = None,
    enquiry: Enquiry | None = None,
    holder: KeyHolder | None = None,
    password_link: PasswordLink | None = None,
    account_change: AccountChange | None = None,
    at: datetime.datetime,
) -> None:
    """Put a message in the outbox, in the caller's transaction.

    It does nothing if there is a row with this kind and subject. The message is filed
    under one of dossier, enquiry, holder, password_link and account_change; the
    database requires exactly one.
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
                password_link=password_link,
                account_change=account_change,
                created_at=at,
                # A machine whose clock is ahead does not delay the message.
                not_before=Least(at, Now()),
            )
        ]
    )


def put_all(deliveries: Iterable[Delivery]) -> None:
    """Put many rows in; a row that exists stays as it is."""
    rows = Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    if any(row.lane == Lane.URGENT for row in rows):
        listening.announce()


def claim(
    *,
    at: datetime.datetime,
    without: Collection[Channel] = (),
    lanes: Collection[Lane] = tuple(Lane),
    known: circuits.Known | None = None,
) -> Delivery | None:
    """Claim one due row for a minute; None if there is none.

    It is the first row of the first lane that has one. Rows that another sender is
    claiming at this instant are skipped, not waited for. `without` leaves out channels
    that are away. Lanes that rest or have reached their limit are left out too, by what
    a pass has `known` of them (`circuits`).
    """
    known = circuits.look() if known is None else known
    routes = {
        (lane, channel)
        for lane in lanes
        for channel in Channel
        if channel not in without and (lane, channel) not in known.shut
    }
    while routes:
        first = _first_alike(routes)
        row, is_admitted = _claim_one(first, at, known)
        if row is None:
            routes -= first
        elif is_admitted:
            return row
        else:
            routes.discard((Lane(row.lane), Channel(row.channel)))
    return None


def _claim_one(
    routes: Collection[Route], at: datetime.datetime, known: circuits.Known
) -> tuple[Delivery | None, bool]:
    """The first due row, and whether its lane admits it; if not, the claim is undone.

    Only a lane whose server has failed, or that has a limit a minute, has to be asked.
    Otherwise the claim is one statement and needs no transaction around it.
    """
    if not any(circuits.asks_for_each(route, known) for route in routes):
        row = next(iter(_take(routes, at, most=1)), None)
        if row is not None:
            row.is_ailing = False
        return row, True
    with transaction.atomic():
        row = next(iter(_take(routes, at, most=1)), None)
        is_admitted = row is not None and circuits.admits(row, known)
        transaction.set_rollback(not is_admitted)
    return row, is_admitted


def _first_alike(routes: set[Route]) -> set[Route]:
    """The first lanes with the same set of channels: one statement searches all of
    them.
    """
    by_lane: dict[Lane, set[Channel]] = {}
    for lane, channel in routes:
        by_lane.setdefault(lane, set()).add(channel)
    channels = by_lane[min(by_lane)]
    alike = itertools.takewhile(lambda lane: by_lane[lane] == channels, sorted(by_lane))
    return {(lane, channel) for lane in alike for channel in channels}


def _take(
    routes: Collection[Route],
    at: datetime.datetime,
    *,
    most: int,
    lease: uuid.UUID | None = None,
) -> list[Delivery]:
    """Put a lease on the first due rows that no sender is claiming.

    `routes` are lanes that all have the same channels.
    """
    return statements.claim(
        {lane for lane, _ in routes},
        {channel for _, channel in routes},
        at=at,
        most=most,
        lease=lease or uuid.uuid4(),
        leased_for=LEASE,
        most_attempts=MOST_ATTEMPTS,
    )


def claim_more(first: Delivery, *, at: datetime.datetime, most: int) -> list[Delivery]:
    """Claim up to `most` more rows of the lane and channel of `first`, under its lease.

    Only for mails in bulk, for which nobody waits, and only if no server of their lane
    has failed and no limit a minute applies; otherwise each row is asked about by
    itself.
    """
    lane, channel = Lane(first.lane), Channel(first.channel)
    if (
        lane != Lane.BULK
        or most < 1
        or first.is_ailing
        or circuits.is_paced(lane, channel)
    ):
        return []
    rows = _take([(lane, channel)], at, most=most, lease=first.lease)
    for row in rows:
        row.is_ailing = first.is_ailing
    return rows


def release(rows: Collection[Delivery]) -> None:
    """Give back claimed rows that were not begun, as they were before."""
    if not rows:
        return
    ours = Q(pk__in=[row.pk for row in rows], lease__in={row.lease for row in rows})
    Delivery.objects.unsent().filter(ours).update(
        lease=None,
        leased_until=None,
        attempts=Greatest(F("attempts") - 1, 0),
    )


def is_due(lane: Lane, channel: Channel, *, at: datetime.datetime) -> bool:
    return Delivery.objects.due(at).filter(lane=lane, channel=channel).exists()


def is_held_back(
    lanes: Collection[Lane], without: Collection[Channel], *, at: datetime.datetime
) -> bool:
    """Whether rows are due that wait only for their lane's limit a minute."""
    return any(
        is_due(lane, channel, at=at)
        for lane in lanes
        for channel in Channel
        if channel not in without
        and circuits.is_paced(lane, channel)
        and not circuits.is_resting(lane, channel)
    )


def count_text(delivery: Delivery, *, at: datetime.datetime) -> None:
    """Count a sending just before its text is sent, and extend the lease by a minute.

    Raises LeaseLostError if the row is no longer ours: then it must not be sent. The
    object `delivery` keeps the count of before, which is written back when an answer
    comes.
    """
    if not statements.count_text(delivery, at=at, lease=LEASE):
        raise LeaseLostError


def renew(deliveries: Iterable[Delivery]) -> set[uuid.UUID]:
    """Extend the leases of these rows; returns the ids of those that are still ours."""
    held = {delivery.pk: delivery.lease for delivery in deliveries}
    rows = Delivery.objects.unsent().filter(
        pk__in=list(held), lease__in=set(held.values())
    )
    rows.update(leased_until=Now() + LEASE)
    return set(rows.values_list("pk", flat=True))


def needs_senders(
    *, at: datetime.datetime, known: circuits.Known | None = None
) -> bool:
    """Whether more is due than one sender can send in a second or so, and few are
    sending.

    Each sender that is called asks again. The senders at work are counted by the leases
    that they hold, so this stops by itself at MOST_SENDERS. A sender that only waits
    for an answer is not counted, because it can send the next row.
    """
    in_hand = Delivery.objects.unsent().filter(
        Q(handed_over_at__isnull=True) | Q(handed_over_at__gt=at - IN_HAND),
        leased_until__gt=Now(),
    )
    # A sender has several rows of bulk under one lease.
    senders = in_hand.order_by().values("lease").distinct()
    if senders[:MOST_SENDERS].count() >= MOST_SENDERS:
        return False
    known = circuits.look() if known is None else known
    due = Delivery.objects.due(at)
    for lane, channel in known.shut:
        due = due.exclude(lane=lane, channel=channel)
    return due[:LONG_ROW].count() >= LONG_ROW

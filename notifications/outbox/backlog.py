"""Figures about the outbox: how much waits, for how long, what became of the rest.

For /readyz, /metrics and the pages of operators. It only reads.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Min, Q
from django.db.models.functions import Now

from notifications.enums import Channel, DeliveryState, Lane
from notifications.models import Delivery
from notifications.outbox import circuits
from notifications.querysets import LATE, DeliveryQuerySet

#: The period for which `figures` counts what was sent, refused and dropped.
DAY: Final = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Figures:
    """The figures of one lane and channel at an instant.

    `waiting` counts all unsent messages. `oldest_unsent_seconds` is the age of the one
    that has waited longest, 0.0 without any. Of the unsent ones, `put_off` were tried
    and wait for their next attempt, and `in_hand` are held by a sender. `unknown` and
    `dead` wait for somebody's decision. `sent`, `refused` and `dropped` are of the
    last day.
    """

    lane: Lane
    channel: Channel
    waiting: int = 0
    oldest_unsent_seconds: float = 0.0
    put_off: int = 0
    in_hand: int = 0
    unknown: int = 0
    dead: int = 0
    sent: int = 0
    refused: int = 0
    dropped: int = 0


def figures(*, at: datetime.datetime) -> list[Figures]:
    """The figures of each lane and channel, also of empty ones; urgent lanes come
    first.
    """
    by_lane: dict[tuple[int, str], dict[str, int | float]] = {}
    for name, rows in _of_figures(at, at - DAY).items():
        grouped = rows.order_by().values("lane", "channel").annotate(n=Count("pk"))
        for lane, channel, count in grouped.values_list("lane", "channel", "n"):
            by_lane.setdefault((lane, channel), {})[name] = count
    for lane, channel, oldest in _oldest(at):
        age = (at - oldest).total_seconds()
        by_lane.setdefault((lane, channel), {})["oldest_unsent_seconds"] = age
    return [
        Figures(lane, channel, **by_lane.get((lane.value, channel.value), {}))  # type: ignore[arg-type]
        for lane in Lane
        for channel in Channel
    ]


def _of_figures(
    at: datetime.datetime, since: datetime.datetime
) -> dict[str, DeliveryQuerySet[Delivery]]:
    """The rows that each figure counts."""
    unsent, asked_about = Delivery.objects.unsent(), Delivery.objects.to_decide(at)
    in_hand = Q(leased_until__gt=Now())
    return {
        "waiting": unsent,
        "put_off": unsent.exclude(in_hand).filter(attempts__gt=0, not_before__gt=at),
        "in_hand": unsent.filter(in_hand),
        "unknown": asked_about.exclude(state=DeliveryState.DEAD),
        "dead": asked_about.filter(state=DeliveryState.DEAD),
        "sent": Delivery.objects.filter(state=DeliveryState.SENT, sent_at__gt=since),
        "refused": Delivery.objects.filter(
            state=DeliveryState.REFUSED, refused_at__gt=since
        ),
        "dropped": Delivery.objects.filter(
            state=DeliveryState.DROPPED, dropped_at__gt=since
        ),
    }


def _oldest(
    at: datetime.datetime,
) -> Iterator[tuple[int, str, datetime.datetime]]:
    waiting = Delivery.objects.waiting_at(at).order_by()
    grouped = waiting.values("lane", "channel").annotate(oldest=Min("since"))
    yield from grouped.values_list("lane", "channel", "oldest")


def stuck_since(*, at: datetime.datetime) -> datetime.datetime | None:
    """Since when the oldest stuck message waits; None if none is stuck.

    A message is stuck if it is late and no message that was created after it has been
    sent on its channel. A single mailbox that says "later" for a day is no fault of the
    system as long as other mails are sent.
    """
    oldest: list[datetime.datetime] = []
    for channel in Channel:
        of_channel = Delivery.objects.filter(channel=channel)
        sent = of_channel.filter(state=DeliveryState.SENT).order_by("-created_at")
        last = sent.values_list("created_at", flat=True).first()
        late = of_channel.late(at, since_after=last).first()
        if late:
            oldest.append(late.waiting_since)
    return min(oldest, default=None)


@dataclass(frozen=True)
class Resting:
    """A channel with a lane that has rested for long, and on which nothing was sent
    since.

    Nothing is tried before `next_try_at`; after it, only if a message waits.
    """

    channel: Channel
    since: datetime.datetime
    next_try_at: datetime.datetime


def resting(*, at: datetime.datetime) -> list[Resting]:
    """One for each such channel: the start of its longest rest, and the latest next
    try.
    """
    sent = Delivery.objects.filter(state=DeliveryState.SENT)
    by_channel: dict[Channel, Resting] = {}
    for lane in circuits.lane_states():
        since = lane.resting_since
        if since is None or since > at - LATE:
            continue
        if sent.filter(channel=lane.channel, sent_at__gt=since).exists():
            continue
        next_try_at = lane.next_try_at or since
        if other := by_channel.get(lane.channel):
            since = min(since, other.since)
            next_try_at = max(next_try_at, other.next_try_at)
        by_channel[lane.channel] = Resting(lane.channel, since, next_try_at)
    return list(by_channel.values())

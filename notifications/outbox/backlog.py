"""What waits, for how long, and what became of the rest: figures, and nothing else.

For /readyz, /metrics and the pages of operators. Reads only.
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

#: Over what `figures` counts what was sent, refused and dropped, unless told.
DAY: Final = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Figures:
    """How a lane of a channel fares, at an instant.

    `waiting` is the backlog, all that is unsent; `oldest_unsent_seconds` the age of the
    one that waits longest, 0.0 with none; `put_off` those of them that were tried and
    wait for their next turn, `in_hand` those that a sender has. `unknown` and `dead`
    are those that wait for somebody's word. The others are of the span that was asked
    for.
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


def figures(
    *, at: datetime.datetime, within: datetime.timedelta = DAY
) -> list[Figures]:
    """One for each lane of each channel, also where nothing is; urgent ones first."""
    by_lane: dict[tuple[int, str], dict[str, int | float]] = {}
    for name, rows in _of_figures(at, at - within).items():
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


def seconds_overdue(*, at: datetime.datetime) -> float:
    """For how long the oldest unsent message has been waiting; 0.0 when there is none.

    Counted from its creation, or from when it was to leave, however often it was tried.
    """
    oldest = Delivery.objects.waiting_at(at).first()
    return (at - oldest.waiting_since).total_seconds() if oldest else 0.0


def stuck_since(*, at: datetime.datetime) -> datetime.datetime | None:
    """Since when the oldest of those waits that are stuck; None when nothing is.

    A message is, if it is late and none that came after it has left by its channel: a
    single mailbox that says "later" for a day is not the house's fault as long as other
    mails leave.
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
    """A channel of which a lane rests for long, and nothing has left meanwhile.

    Nothing is tried before `next_try_at`, and nothing after it where nothing waits.
    """

    channel: Channel
    since: datetime.datetime
    next_try_at: datetime.datetime


def resting(*, at: datetime.datetime) -> list[Resting]:
    """One for each such channel, with the lane that rests longest and the last try."""
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

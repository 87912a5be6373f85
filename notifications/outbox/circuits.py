"""A circuit breaker for each lane and channel, shared by all processes.

A server fails if it cannot be reached, closes the connection or does not answer; any
answer, even a refusal, is no failure. After three failures in a row the lane rests: no
sender takes its rows. Then one sender tries one message. If the server answers, the
lane is open to all again; if it fails, the next rest is longer. The rows of a resting
lane wait and lose no attempt.

The same table holds how many messages a lane may send in a minute
(settings.MOST_A_MINUTE), for all processes together.
"""

import datetime
import random
from dataclasses import dataclass
from typing import Final

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Greatest, Now

from notifications.enums import Channel, Lane
from notifications.models import Circuit, Delivery

log = structlog.get_logger("sleutelloket.delivery")

#: After so many failures of the server in a row the lane rests.
MOST_FAILURES: Final = 3
FIRST_REST: Final = datetime.timedelta(seconds=15)
#: A one-time code is useless after some minutes; a reminder may be sent all day.
LONGEST_REST: Final = {
    Lane.URGENT: datetime.timedelta(seconds=15),
    Lane.DESK: datetime.timedelta(minutes=1),
    Lane.BULK: datetime.timedelta(minutes=5),
}
#: For how long the sender of the one message that is tried has the lane for itself: as
#: long as the lease of its row.
TRY: Final = datetime.timedelta(seconds=60)
#: With a limit a minute, messages may leave this far ahead of an even pace. The pace
#: spreads them over 62 seconds, so that even with this burst no sixty seconds contain
#: more than the limit.
_BURST: Final = datetime.timedelta(seconds=1)
_MINUTE: Final = datetime.timedelta(seconds=62)


@dataclass(frozen=True)
class LaneState:
    """The state of one lane and channel.

    `failures` counts failures of the server in a row. If `resting_since` is set, no
    message of this lane is sent before `next_try_at`; then a single one is tried.
    """

    lane: Lane
    channel: Channel
    failures: int = 0
    resting_since: datetime.datetime | None = None
    next_try_at: datetime.datetime | None = None

    @property
    def is_resting(self) -> bool:
        return self.resting_since is not None


def lane_states() -> list[LaneState]:
    """The state of each lane and channel; urgent lanes come first. It only reads."""
    rows = {(row.lane, row.channel): row for row in Circuit.objects.all()}
    return [
        _lane_state(lane, channel, rows.get((lane.value, channel.value)))
        for lane in Lane
        for channel in Channel
    ]


def _lane_state(lane: Lane, channel: Channel, row: Circuit | None) -> LaneState:
    if row is None:
        return LaneState(lane, channel)
    return LaneState(lane, channel, row.failures, row.opened_at, row.paused_until)


# For senders


@dataclass(frozen=True)
class Known:
    """The state of the lanes as a pass read it: once, and not for each message.

    No row may be taken from a `shut` lane: it rests, or may not send more in this
    minute. The server of an `ailing` lane has failed since its last answer. If a server
    fails after that, the sender that notices reads the state again, and the others with
    their next pass.
    """

    shut: frozenset[tuple[int, str]] = frozenset()
    ailing: frozenset[tuple[int, str]] = frozenset()

    @property
    def may_change(self) -> bool:
        """Whether each message that is sent may change this state."""
        return bool(self.ailing or settings.MOST_A_MINUTE)


def look() -> Known:
    is_waiting = Q(paused_until__gt=Now()) | Q(paced_until__gt=Now() + _BURST)
    rows = Circuit.objects.annotate(is_shut=is_waiting).values_list(
        "lane", "channel", "failures", "is_shut"
    )
    shut, ailing = set(), set()
    for lane, channel, failures, is_shut in rows:
        if is_shut:
            shut.add((lane, channel))
        if failures:
            ailing.add((lane, channel))
    return Known(frozenset(shut), frozenset(ailing))


def is_resting(lane: Lane, channel: Channel) -> bool:
    rows = Circuit.objects.filter(lane=lane, channel=channel)
    return rows.filter(paused_until__gt=Now()).exists()


def is_paced(lane: Lane, channel: Channel) -> bool:
    return _most(lane, channel) > 0


def asks_for_each(route: tuple[Lane, Channel], known: Known) -> bool:
    """Whether `admits` has to be called for each row of this lane and channel.

    Otherwise every row of it may be sent, and its server has not failed.
    """
    return route in known.ailing or is_paced(*route)


def admits(delivery: Delivery, known: Known) -> bool:
    """Whether this row may be sent now; called in the transaction that claims it.

    While a resting lane is tried, only one sender gets a yes. Sets on the row whether
    it is that try, and whether its server has failed.
    """
    most = _most(Lane(delivery.lane), Channel(delivery.channel))
    delivery.is_ailing = (delivery.lane, delivery.channel) in known.ailing
    if most:
        _put_in(delivery)
    elif not delivery.is_ailing:
        return True
    step = _MINUTE / most if most else datetime.timedelta()
    of_lane = _of(delivery)
    circuit = of_lane.select_for_update().first()
    if circuit is None:
        return True
    admitted = of_lane.filter(
        Q(paused_until__isnull=True) | Q(paused_until__lte=Now()),
        Q(paced_until__isnull=True) | Q(paced_until__lte=Now() + _BURST),
    ).update(
        paused_until=Case(
            When(opened_at__isnull=False, then=Now() + TRY), default=Value(None)
        ),
        paced_until=Greatest(F("paced_until"), Now()) + step if most else Value(None),
    )
    delivery.is_try = bool(admitted) and circuit.opened_at is not None
    return bool(admitted)


def note_answer(delivery: Delivery) -> None:
    """Note that the server answered: its lane is open to all senders."""
    if not delivery.is_ailing:
        return
    failed = _of(delivery).filter(failures__gt=0)
    was_resting = failed.filter(opened_at__isnull=False).exists()
    failed.update(failures=0, opened_at=None, paused_until=None)
    if was_resting:
        _log("lane_goes_on", delivery)


@transaction.atomic
def note_failure(delivery: Delivery) -> None:
    """Note that the server failed.

    While the lane rests, only the try counts: other messages were under way before.
    """
    _put_in(delivery)
    row = _of(delivery).select_for_update().get()
    if row.opened_at is not None and not delivery.is_try:
        return
    row.failures = min(row.failures + 1, 1000)
    if row.failures >= MOST_FAILURES:
        if row.opened_at is None:
            _log("lane_rests", delivery)
        rest = _rest(Lane(delivery.lane), row.failures)
        Circuit.objects.filter(pk=row.pk).update(
            failures=row.failures,
            opened_at=row.opened_at or Now(),
            paused_until=Now() + rest,
        )
    else:
        row.save(update_fields=["failures"])


def note_no_try(delivery: Delivery) -> None:
    """Note that the row that was to be the try was not sent: the next row is the
    try.
    """
    if delivery.is_try:
        _of(delivery).update(paused_until=Now())


def _rest(lane: Lane, failures: int) -> datetime.timedelta:
    doublings: int = min(failures - MOST_FAILURES, 10)
    doubled = FIRST_REST * float(2**doublings)
    spread = random.uniform(0.8, 1.2)  # noqa: S311 (spreads load, keeps no secret)
    return min(doubled, LONGEST_REST[lane]) * spread


def _most(lane: Lane, channel: Channel) -> int:
    """How many messages a minute this lane and channel may send; 0 without a limit."""
    limits: dict[str, int] = settings.MOST_A_MINUTE
    return limits.get(f"{lane.name.lower()}_{channel.value}", 0)


def _of(delivery: Delivery) -> QuerySet[Circuit]:
    return Circuit.objects.filter(lane=delivery.lane, channel=delivery.channel)


def _put_in(delivery: Delivery) -> None:
    row = Circuit(lane=delivery.lane, channel=delivery.channel)
    Circuit.objects.bulk_create([row], ignore_conflicts=True)


def _log(event: str, delivery: Delivery) -> None:
    lane = Lane(delivery.lane).name.lower()
    log.warning(event, lane=lane, channel=delivery.channel)

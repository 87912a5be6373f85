"""Whether a lane of a channel rests because its server fails, for all processes."""

import datetime
from dataclasses import dataclass

from notifications.enums import Channel, Lane
from notifications.models import Circuit


@dataclass(frozen=True)
class Standing:
    """How a lane of a channel stands.

    `failures` of the server came one after the other. With `resting_since` no message
    of this lane leaves before `next_try_at`; then a single one is tried.
    """

    lane: Lane
    channel: Channel
    failures: int = 0
    resting_since: datetime.datetime | None = None
    next_try_at: datetime.datetime | None = None

    @property
    def is_resting(self) -> bool:
        return self.resting_since is not None


def standings() -> list[Standing]:
    """One for each lane of each channel, urgent ones first. Reads only."""
    rows = {(row.lane, row.channel): row for row in Circuit.objects.all()}
    return [
        _standing(lane, channel, rows.get((lane.value, channel.value)))
        for lane in Lane
        for channel in Channel
    ]


def _standing(lane: Lane, channel: Channel, row: Circuit | None) -> Standing:
    if row is None:
        return Standing(lane, channel)
    return Standing(lane, channel, row.failures, row.opened_at, row.paused_until)

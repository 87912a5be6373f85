"""How many codes lapse and keys expire by themselves (counter.upcoming)."""

from datetime import datetime
from typing import Final

from activation.models import ActivationCode, DigitalKey
from counter.upcoming.brought import Event, Upcoming


def _lapsing(_now: datetime, until: datetime) -> int:
    return ActivationCode.objects.due_to_lapse(until).count()


def _expiring(_now: datetime, until: datetime) -> int:
    return DigitalKey.objects.due_to_expire(until).count()


_EVENTS: Final = (
    Event(label="codes lapse", due=_lapsing),
    Event(label="keys expire", due=_expiring),
)
UPCOMING: Final = (Upcoming(order=10, events=lambda: _EVENTS),)

"""Celery's beat, which also writes its heartbeat and looks for troubles."""

import time
from typing import Any, override

from celery.beat import PersistentScheduler
from django.conf import settings


class Scheduler(PersistentScheduler):
    """Writes its heartbeat in its own tick, so that a loop that hangs stops writing.

    The settings keep the ticks less than half a minute apart.
    """

    _said_at = float("-inf")

    @override
    def tick(self, *args: Any, **options: Any) -> float:
        from notifications.enums import Part  # noqa: PLC0415 (Django is set up later)
        from notifications.health import heartbeats, watching  # noqa: PLC0415

        pause: float = super().tick(*args, **options)
        if time.monotonic() - self._said_at >= settings.HEARTBEAT_SECONDS:
            self._said_at = time.monotonic()
            heartbeats.beat_between_work(Part.BEAT)
            watching.look_between_work()
        return pause

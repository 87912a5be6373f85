"""/metrics: figures for operators, in the format of Prometheus.

All of it is read from the database at each request, so every web process gives the same
answer, even one that has just started.
"""

import datetime
from collections.abc import Iterable, Iterator
from typing import Final, override

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from counter.enums import RunOutcome
from notifications.health import state
from notifications.health.state import State

#: The values of `sleutelloket_status`.
STATUS: Final = {"ready": 0, "degraded": 1, "dead": 2}
_LANE: Final = ("lane", "channel")
_OF_LANE: Final = {
    "waiting": "Messages that are unsent",
    "oldest_unsent_seconds": "Age of the oldest unsent message",
    "put_off": "Unsent messages that were tried and wait for their next turn",
    "in_hand": "Unsent messages that a sender has",
    "unknown": "Messages of which nobody knows whether they arrived",
    "dead": "Messages given up until somebody decides",
    "sent": "Messages sent in the last day",
    "refused": "Messages refused in the last day",
    "dropped": "Messages that were no longer needed, in the last day",
}


def page(at: datetime.datetime) -> bytes:
    """The metrics at this instant, in the text format of Prometheus."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_House(at))
    return generate_latest(registry)


class _House(Collector):
    """The metrics of the whole system at one instant."""

    def __init__(self, at: datetime.datetime) -> None:
        self._at = at

    def describe(self) -> Iterable[Metric]:
        return ()

    @override
    def collect(self) -> Iterator[Metric]:
        now = state.of(self._at)
        yield _one("status", "0 ready, 1 degraded, 2 dead", STATUS[now.status])
        yield _one("database_reachable", "1 or 0", now.database == "reachable")
        yield _one("broker_reachable", "1 or 0", now.broker == "reachable")
        troubles = _family("trouble", "1 for each thing that is wrong", "code", "about")
        for finding in now.findings:
            troubles.add_metric([finding.trouble.value, finding.about], 1)
        yield troubles
        if not now.is_known:
            return
        yield from _lanes(now)
        yield from _tasks(now)
        yield from _ages(now)


def _lanes(now: State) -> Iterator[Metric]:
    for name, text in _OF_LANE.items():
        family = _family(f"messages_{name}", text, *_LANE)
        for figures in now.lanes:
            labels = [figures.lane.name.lower(), figures.channel.value]
            family.add_metric(labels, float(getattr(figures, name)))
        yield family


def _tasks(now: State) -> Iterator[Metric]:
    last = _family("task_last_run", "When a task began last", "task", "outcome")
    following = _family("task_next_run", "When a task is to run next", "task")
    handled = _family("task_handled", "How many its last run handled", "task")
    waiting = _family("task_backlog", "How many wait for a task", "task")
    for task in now.tasks:
        name = task.duty.task
        if task.last:
            outcome = task.last.outcome_at(now.at)
            last.add_metric([name, outcome], task.last.started_at.timestamp())
            if outcome == RunOutcome.DONE and task.last.handled is not None:
                handled.add_metric([name], task.last.handled)
        following.add_metric([name], task.next_at.timestamp())
        if name in now.backlog:
            waiting.add_metric([name], now.backlog[name])
    yield from (last, following, handled, waiting)


def _ages(now: State) -> Iterator[Metric]:
    heard = _family("heartbeat_age_seconds", "Since a process spoke", "part", "process")
    for beat in now.heartbeats:
        age = (now.at - beat.at).total_seconds()
        heard.add_metric([beat.part, f"{beat.host}:{beat.pid}"], age)
    yield heard
    for name, text, passed in (
        ("seal_age_seconds", "Since the last seal of the journal", now.seal_age),
        ("unsealed_seconds", "Age of the oldest entry without a seal", now.unsealed),
        ("backup_age_seconds", "Since the last backup began", now.backup_age),
    ):
        if passed is not None:
            yield _one(name, text, passed)
    if now.certificate_ends:
        ends = now.certificate_ends.timestamp()
        yield _one("certificate_ends", "When the site's certificate ends", ends)


def _family(name: str, text: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"sleutelloket_{name}", text, labels=labels)


def _one(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"sleutelloket_{name}", text, value=value)

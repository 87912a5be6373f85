"""When each scheduled task ran last and runs next, and since when it fails.

Four queries, however many tasks and runs there are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from celery.schedules import crontab
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from counter.enums import RunOutcome
from counter.models import TaskRun
from counter.operations import duties
from counter.operations.duties import Duty

#: A worker that is restarted or busy is late by less.
LATE_AFTER: Final = timedelta(hours=1)


@dataclass(frozen=True)
class TaskState:
    """One task as its runs say. `last` has ended or was broken off; None when there is
    none. `next_at` lies in the past when it is late. `failing_since` is None unless the
    last run failed; then it is the first one since it last went well.
    """

    duty: Duty
    last: TaskRun | None
    last_done: TaskRun | None
    next_at: datetime
    failing_since: datetime | None

    def is_late(self, at: datetime) -> bool:
        return at > self.next_at + LATE_AFTER


def states(at: datetime) -> list[TaskState]:
    """Every task of the schedule, in the order of the schedule."""
    every = {duty.task: duty for duty in duties.every()}
    schedule = _schedule()
    over = Q(ended_at__isnull=False) | Q(lost_after__lt=at)
    past = TaskRun.objects.filter(started_at__lte=at)
    begun = _one_each(schedule, past)
    ended = _one_each(schedule, past.filter(over))
    done = _one_each(schedule, past.filter(outcome=RunOutcome.DONE))
    failing = _failing_since(ended, done, past.filter(over))
    began = first_run() or at
    return [
        TaskState(
            every[name],
            ended.get(name),
            done.get(name),
            _next(when, begun[name].started_at if name in begun else began),
            failing.get(name),
        )
        for name, when in schedule.items()
    ]


def _schedule() -> dict[str, Any]:
    """When each task of the schedule runs, as Celery says it, by the task's name."""
    entries: dict[str, dict[str, Any]] = dict(settings.CELERY_BEAT_SCHEDULE)
    return {entry["task"]: entry["schedule"] for entry in entries.values()}


def first_run() -> datetime | None:
    """Since when anything is written down; None when nothing ran yet."""
    rows = TaskRun.objects.order_by("started_at")
    return rows.values_list("started_at", flat=True).first()


def last_run() -> datetime | None:
    """When anything began last; None when nothing ran yet."""
    rows = TaskRun.objects.order_by("-started_at")
    return rows.values_list("started_at", flat=True).first()


def last_done(name: str) -> TaskRun | None:
    """The last run that went well, of a task or of a command."""
    return TaskRun.objects.filter(name=name, outcome=RunOutcome.DONE).first()


def _failing_since(
    ended: dict[str, TaskRun], done: dict[str, TaskRun], runs: QuerySet[TaskRun]
) -> dict[str, datetime]:
    wanted = []
    for name, run in ended.items():
        if run.outcome != RunOutcome.DONE:
            mine = runs.filter(name=name)
            if name in done:
                mine = mine.filter(started_at__gt=done[name].started_at)
            wanted.append(mine.order_by("started_at")[:1])
    return {run.name: run.started_at for run in _together(wanted)}


def _one_each(names: Iterable[str], runs: QuerySet[TaskRun]) -> dict[str, TaskRun]:
    """The newest of each name, each found by the index, in one query."""
    newest = [runs.filter(name=name).order_by("-started_at")[:1] for name in names]
    return {run.name: run for run in _together(newest)}


def _together(parts: list[QuerySet[TaskRun]]) -> Iterable[TaskRun]:
    if not parts:
        return []
    first, *others = parts
    return first.union(*others, all=True).order_by() if others else first


def _next(when: Any, after: datetime) -> datetime:  # noqa: ANN401 (Celery's kinds)
    """The first time of a schedule that lies behind an instant."""
    if not isinstance(when, crontab):
        return after + timedelta(seconds=float(when))
    last, delta, _now = when.remaining_delta(timezone.localtime(after))
    at: datetime = last + delta
    return at

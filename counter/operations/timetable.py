"""The last run, the next run and the failures of each scheduled task.

The number of queries does not depend on the number of tasks and runs.
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

#: A task that is later than this counts as late. A busy or restarted worker delays a
#: task by less.
LATE_AFTER: Final = timedelta(hours=1)


@dataclass(frozen=True)
class TaskState:
    """The state of a task, by its runs. `last` is its last run that ended or was lost.

    `next_at` is in the past when the task is late. When the last run failed,
    `failing_since` is the time of the first failed run since the last successful one.
    """

    duty: Duty
    last: TaskRun | None
    last_done: TaskRun | None
    next_at: datetime
    failing_since: datetime | None

    def is_late(self, at: datetime) -> bool:
        return at > self.next_at + LATE_AFTER


def states(at: datetime) -> list[TaskState]:
    """The state of every scheduled task, in the order of the schedule."""
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
    """The schedule of each task in Celery's form, by the task's name."""
    entries: dict[str, dict[str, Any]] = dict(settings.CELERY_BEAT_SCHEDULE)
    return {entry["task"]: entry["schedule"] for entry in entries.values()}


def first_run() -> datetime | None:
    """The start of the first recorded run; None when nothing ran yet."""
    rows = TaskRun.objects.order_by("started_at")
    return rows.values_list("started_at", flat=True).first()


def last_run() -> datetime | None:
    """The start of the last recorded run; None when nothing ran yet."""
    rows = TaskRun.objects.order_by("-started_at")
    return rows.values_list("started_at", flat=True).first()


def last_done(name: str) -> TaskRun | None:
    """The last successful run of a task or command; None when there is none."""
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
    """The newest run of each name, by name; in one query, which uses the index."""
    newest = [runs.filter(name=name).order_by("-started_at")[:1] for name in names]
    return {run.name: run for run in _together(newest)}


def _together(parts: list[QuerySet[TaskRun]]) -> Iterable[TaskRun]:
    if not parts:
        return []
    first, *others = parts
    return first.union(*others, all=True).order_by() if others else first


def _next(when: Any, after: datetime) -> datetime:  # noqa: ANN401 (Celery's kinds)
    """The first time of a schedule after an instant."""
    if not isinstance(when, crontab):
        return after + timedelta(seconds=float(when))
    last, delta, _now = when.remaining_delta(timezone.localtime(after))
    at: datetime = last + delta
    return at

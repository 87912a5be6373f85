"""Records every run of a task or command: when it ran, how it ended, how much it did.

Celery's signals record the tasks (config.celery); a command uses `recorded`. When the
database does not answer, the work goes on; then the run has no row, or a row without
an end.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from counter.enums import RunOutcome
from counter.models import TaskRun
from counter.operations import journal_checks

#: How long runs are kept. Two months show what changed and when, and even a row for
#: each minute and task is little data.
KEPT: Final = timedelta(days=62)
#: The time between Celery's limit for a task and the instant when it counts as lost.
_GRACE: Final = timedelta(minutes=1)
#: The rows deleted in one statement, so that no statement blocks others for long.
_AT_ONCE: Final = 5_000

log = structlog.get_logger("sleutelloket.tasks")

#: The runs of the tasks that this process is executing, by Celery's task id.
_in_hand: dict[str, TaskRun] = {}


@dataclass
class Tally:
    """The result of a command's run: how many rows it handled; None without a count."""

    handled: int | None = None


@contextmanager
def recorded(name: str, *, at_most: timedelta) -> Iterator[Tally]:
    """Record the block as one run, also when it raises.

    `at_most` is the longest time that it may take. Without an end after that time, the
    run counts as lost.
    """
    run = _begin(name, lost_after=timezone.now() + at_most)
    tally = Tally()
    try:
        yield tally
    except BaseException as error:
        _end(run, RunOutcome.FAILED, error=type(error).__name__)
        raise
    _end(run, RunOutcome.DONE, handled=tally.handled)


def task_began(task_id: str, name: str) -> None:
    limit = timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT)
    run = _begin(name, lost_after=timezone.now() + limit + _GRACE)
    if run:
        _in_hand[task_id] = run


def task_ended(task_id: str, answer: object) -> None:
    """Record the end of a task. `answer` is its exception or its return value.

    A return value that is an int is the number of rows that the task handled.
    """
    run = _in_hand.pop(task_id, None)
    if isinstance(answer, BaseException):
        _end(run, RunOutcome.FAILED, error=type(answer).__name__)
    else:
        _end(run, RunOutcome.DONE, handled=answer if isinstance(answer, int) else None)


def purge(*, at: datetime) -> int:
    """Delete the runs that are older than two months; return how many."""
    old = older(at).order_by("started_at")
    forgotten = 0
    while keys := list(old.values_list("pk", flat=True)[:_AT_ONCE]):
        forgotten += int(TaskRun.objects.filter(pk__in=keys).delete()[0])
    return forgotten


def older(at: datetime) -> QuerySet[TaskRun]:
    """The runs that are older than two months.

    Runs that found an error in the journal stay as long as they count, because checking
    a long journal takes more than two months.
    """
    old = TaskRun.objects.filter(started_at__lt=at - KEPT)
    return old.exclude(journal_checks.finds(at=at))


def _begin(name: str, *, lost_after: datetime) -> TaskRun | None:
    try:
        with transaction.atomic():
            return TaskRun.objects.create(
                name=name,
                host=socket.gethostname(),
                pid=os.getpid(),
                started_at=timezone.now(),
                lost_after=lost_after,
            )
    except (DatabaseError, InterfaceError) as error:
        log.warning("run_not_written", task=name, error=type(error).__name__)
        return None


def _end(
    run: TaskRun | None,
    outcome: RunOutcome,
    *,
    handled: int | None = None,
    error: str = "",
) -> None:
    if run is None:
        return
    run.outcome, run.ended_at = outcome, timezone.now()
    run.handled, run.error = handled, error[:100]
    if not connection.in_atomic_block:
        # The task may have ended because its connection broke.
        connection.close_if_unusable_or_obsolete()
    try:
        with transaction.atomic():
            run.save(update_fields=["outcome", "ended_at", "handled", "error"])
    except (DatabaseError, InterfaceError) as failure:
        log.warning("run_not_written", task=run.name, error=type(failure).__name__)

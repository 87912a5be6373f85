"""What is not as it should be, found in one place for /readyz, the page and the mails.

A finding says which trouble it is, about what, and since when. What only a machine can
see of itself, its disk and its certificate, is in `of_machine`; the rest is in the
database, and every process finds the same.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from counter.models import JournalEntry, JournalSeal
from counter.operations import journal_checks, timetable
from counter.operations.timetable import TaskState
from notifications.enums import Lane, Part, Trouble
from notifications.health import heartbeats
from notifications.models import Delivery
from notifications.outbox import backlog
from notifications.querysets import LATE

#: Unsent for longer, and the operator is told.
UNSENT_AFTER: Final = datetime.timedelta(minutes=15)
#: No task has begun for longer; the one of every minute is among them.
NOTHING_RAN_AFTER: Final = datetime.timedelta(hours=1)
#: A task that fails for longer does not only meet a database that restarts.
FAILING_AFTER: Final = datetime.timedelta(minutes=5)
UNSEALED_AFTER: Final = datetime.timedelta(minutes=15)
#: The name under which `manage.py backup` writes its runs.
BACKUP: Final = "backup"
#: Each of them sends alone.
SENDERS: Final = {Part.WORKER, Part.DELIVER}
#: Nobody has tried a server that failed for longer: it may be back, and is not known
#: to be dead.
NOT_TRIED_AFTER: Final = datetime.timedelta(hours=1)


@dataclass(frozen=True)
class Finding:
    """One trouble; `about` names a part, a task or a machine where there are several.

    `since` is None where it was never otherwise, or nobody knows. With one that
    `is_deadly` messages do not leave or nothing works; with others the house goes on.
    """

    trouble: Trouble
    about: str = ""
    since: datetime.datetime | None = None
    is_deadly: bool = False


def in_database(
    at: datetime.datetime, tasks: list[TaskState] | None = None
) -> list[Finding]:
    """All that the database says, the worst first.

    `tasks` saves the queries where they are at hand.
    """
    return [
        *_parts(at),
        *_unsent(at),
        *_resting(at),
        *_tasks(at, timetable.states(at) if tasks is None else tasks),
        *_seals(at),
        *_backup(at),
    ]


def _parts(at: datetime.datetime) -> Iterator[Finding]:
    silent = heartbeats.missing(at=at)
    senders = SENDERS & set(settings.EXPECTED_PARTS)
    if senders and senders <= set(silent):
        heard = [last for part in senders if (last := silent[part])]
        last_heard = max(heard, default=None)
        yield Finding(Trouble.NO_SENDER, since=last_heard, is_deadly=True)
    for part, last in silent.items():
        yield Finding(Trouble.PART, part, last)


def _unsent(at: datetime.datetime) -> Iterator[Finding]:
    """Two of one kind: nothing leaves at all, and something that nobody has tried.

    A full mailbox that says "later" for a day is neither, as long as others leave;
    reminders in bulk may wait for their turn.
    """
    if since := backlog.stuck_since(at=at):
        yield Finding(Trouble.STUCK, since=since, is_deadly=True)
        if since <= at - UNSENT_AFTER:
            yield Finding(Trouble.UNSENT, since=since)
            return
    untried = Delivery.objects.late(at - UNSENT_AFTER + LATE)
    first = untried.filter(attempts=0).exclude(lane=Lane.BULK).first()
    if first:
        yield Finding(Trouble.UNSENT, since=first.waiting_since)


def _resting(at: datetime.datetime) -> Iterator[Finding]:
    """Ways out whose server failed for long, though nothing may wait any more: six
    digits are dropped before they are late.

    Deadly as long as somebody tries it; where nothing waits nobody does.
    """
    for one in backlog.resting(at=at):
        is_tried = one.next_try_at > at - NOT_TRIED_AFTER
        yield Finding(Trouble.RESTING, one.channel, one.since, is_deadly=is_tried)


def _tasks(at: datetime.datetime, tasks: list[TaskState]) -> Iterator[Finding]:
    is_scheduled = Part.BEAT in settings.EXPECTED_PARTS
    last = timetable.last_run() if is_scheduled else None
    nothing_ran = last is not None and last <= at - NOTHING_RAN_AFTER
    if nothing_ran:
        yield Finding(Trouble.NOTHING_RAN, since=last)
    for task in tasks:
        since = task.failing_since
        if since and since <= at - FAILING_AFTER and not journal_checks.is_find(task):
            yield Finding(Trouble.TASK_FAILS, task.duty.task, since)
        elif is_scheduled and not nothing_ran and task.is_late(at):
            yield Finding(Trouble.TASK_LATE, task.duty.task, task.next_at)


def _seals(at: datetime.datetime) -> Iterator[Finding]:
    if since := journal_checks.broken_since(at=at):
        yield Finding(Trouble.SEAL_BROKEN, since=since)
    unsealed = oldest_unsealed()
    is_scheduled = Part.BEAT in settings.EXPECTED_PARTS
    if is_scheduled and unsealed and unsealed <= at - UNSEALED_AFTER:
        yield Finding(Trouble.SEAL_LATE, since=unsealed)


def oldest_unsealed() -> datetime.datetime | None:
    """When the first entry was written that no seal covers; None with none."""
    last = JournalSeal.objects.order_by("-pk").values_list("last_id", flat=True).first()
    rows = JournalEntry.objects.filter(pk__gt=last or 0).order_by("pk")
    return rows.values_list("at", flat=True).first()


def _backup(at: datetime.datetime) -> Iterator[Finding]:
    if not settings.BACKUP_MAX_HOURS:
        return
    last = timetable.last_done(BACKUP)
    since = last.started_at if last else timetable.first_run()
    if since and since <= at - datetime.timedelta(hours=settings.BACKUP_MAX_HOURS):
        yield Finding(Trouble.BACKUP_OLD, since=since)

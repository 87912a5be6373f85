"""Find what is wrong, in one place for /readyz, the page and the mails.

A finding says which trouble it is, what it is about, and since when. What only a
machine can see, its disks and its certificate, is in `machine`; everything here is in
the database, so every process finds the same.
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

#: The operator is told of messages that are unsent for longer than this.
UNSENT_AFTER: Final = datetime.timedelta(minutes=15)
#: If no task began for longer, none runs at all: one is scheduled every minute.
NOTHING_RAN_AFTER: Final = datetime.timedelta(hours=1)
#: A task that fails for longer has another cause than a restart of the database.
FAILING_AFTER: Final = datetime.timedelta(minutes=5)
UNSEALED_AFTER: Final = datetime.timedelta(minutes=15)
#: The name under which `manage.py backup` writes its runs.
BACKUP: Final = "backup"
#: The parts that send messages; one of them is enough.
SENDERS: Final = {Part.WORKER, Part.DELIVER}
#: If a failed server was not tried for longer, it may work again, so it counts as
#: degraded and not as dead.
NOT_TRIED_AFTER: Final = datetime.timedelta(hours=1)


@dataclass(frozen=True)
class Finding:
    """One trouble; `about` names a part, a task or a machine if several may have it.

    `since` is None if it was always so, or nobody knows. If it `is_deadly`, no messages
    are sent or nothing works at all; otherwise the system goes on working.
    """

    trouble: Trouble
    about: str = ""
    since: datetime.datetime | None = None
    is_deadly: bool = False


def in_database(
    at: datetime.datetime, tasks: list[TaskState] | None = None
) -> list[Finding]:
    """All findings that the database shows.

    `tasks` saves the queries for them if the caller has them.
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
    """Two troubles with unsent messages: none leaves at all, or some were never tried.

    A full mailbox that says "later" for a day is neither, as long as other messages are
    sent. Reminders in bulk may wait for their turn.
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
    """Channels whose server has failed for long, even if no message waits any more: six
    digits are dropped before they count as late.

    It is deadly as long as the server is tried; if no message waits, nobody tries it.
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
    """When the oldest entry without a seal was written; None if all have one."""
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

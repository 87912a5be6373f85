"""The nightly check of the journal: a seventh each night, so all of it in a week.

When a seventh is too much for one run of the task, twice as many nights are used, or
four times as many, and so on.

This check finds only whether something is wrong. Then `manage.py verify_journal` has to
be run: it checks the whole journal at once and names what is wrong.
"""

from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Q
from django.utils.timezone import localdate

from counter.journal import verifying
from counter.models import TaskRun
from counter.operations.timetable import TaskState

NAME: Final = "counter.tasks.check_journal"
FEWEST_PARTS: Final = 7
#: The most entries for one run. At 0.4 ms of CPU each (docs/performance.md) they take
#: about half of a task's time limit.
MOST_ENTRIES: Final = 400_000


class JournalBrokenError(Exception):
    """The checked part of the journal does not agree with its seals."""


def parts(entries: int) -> int:
    """The number of nights in which a journal with so many entries is checked.

    The number is doubled when it is too small, and not increased by one. When it
    changes, the nights get other parts; if it changed often, some parts might be
    skipped for a long time.
    """
    nights = FEWEST_PARTS
    while nights * MOST_ENTRIES < entries:
        nights *= 2
    return nights


def part_of(night: date, nights: int) -> int:
    """Which part is checked that night: first the newest part, at last the oldest.

    As the journal grows, the limits of each part move to newer entries. In the other
    order, entries that move into an older part between two nights would be left out.
    """
    return nights - 1 - night.toordinal() % nights


def check(*, at: datetime) -> int:
    """Check tonight's part; return its number of seals. Raises JournalBrokenError."""
    nights = parts(verifying.count_sealed())
    looked = 0
    for fits in verifying.verify_part(part_of(localdate(at), nights), nights):
        if not fits:
            raise JournalBrokenError
        looked += 1
    return looked


def finds(*, at: datetime) -> Q:
    """A filter for the runs of the last two rounds that found an error.

    Within two rounds the same part is checked again, also when a round became longer.
    """
    round_of = timedelta(days=parts(verifying.count_sealed()))
    return Q(
        name=NAME,
        error=JournalBrokenError.__name__,
        started_at__gt=at - 2 * round_of - timedelta(days=1),
    )


def broken_since(*, at: datetime) -> datetime | None:
    """When the first error was found that still counts; None without errors."""
    first = TaskRun.objects.filter(finds(at=at)).order_by("started_at")
    return first.values_list("started_at", flat=True).first()


def is_find(task: TaskState) -> bool:
    """Whether the last run of this task found an error in the journal."""
    return task.last is not None and task.last.error == JournalBrokenError.__name__

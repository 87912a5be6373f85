"""The journal is looked through by itself: a seventh a night, all of it in a week.

A journal of which a seventh would outlast its task is looked through in twice as many
nights, or four times, and so on.

`manage.py verify_journal` looks at all of it at once and names what does not fit; this
only finds out that somebody has to.
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
#: At 0.4 ms of CPU each (docs/performance.md) about half of what a task may last.
MOST_ENTRIES: Final = 400_000


class JournalBrokenError(Exception):
    """What was looked at does not fit its seals."""


def parts(entries: int) -> int:
    """In how many nights so many entries are looked at.

    Doubled and not by one more: with each other number the nights fall on other parts,
    and a journal that grows by a night in two weeks would come round by chance.
    """
    nights = FEWEST_PARTS
    while nights * MOST_ENTRIES < entries:
        nights *= 2
    return nights


def part_of(night: date, nights: int) -> int:
    """Which part that night looks at: the newest one first and the oldest one last.

    The journal grows meanwhile, and with it each part moves towards the new. Looked at
    in the other order, what moved over an edge between two nights would be left out.
    """
    return nights - 1 - night.toordinal() % nights


def check(*, at: datetime) -> int:
    """Look at tonight's part; returns how many seals. Raises JournalBrokenError."""
    nights = parts(verifying.count_sealed())
    looked = 0
    for fits in verifying.verify_part(part_of(localdate(at), nights), nights):
        if not fits:
            raise JournalBrokenError
        looked += 1
    return looked


def finds(*, at: datetime) -> Q:
    """The runs that found something and still count: those of the last two rounds.

    What was found is looked at again within that time, also where a round got longer.
    """
    round_of = timedelta(days=parts(verifying.count_sealed()))
    return Q(
        name=NAME,
        error=JournalBrokenError.__name__,
        started_at__gt=at - 2 * round_of - timedelta(days=1),
    )


def broken_since(*, at: datetime) -> datetime | None:
    """When a part did not fit first; None when all of them fitted last time."""
    first = TaskRun.objects.filter(finds(at=at)).order_by("started_at")
    return first.values_list("started_at", flat=True).first()


def is_find(task: TaskState) -> bool:
    """Whether the last run of this task is a find of this and not a failure."""
    return task.last is not None and task.last.error == JournalBrokenError.__name__

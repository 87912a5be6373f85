"""The journal is looked through by itself: a seventh a night, all of it in a week.

A journal of which a seventh would outlast its task is looked through in more nights.

`manage.py verify_journal` looks at all of it at once and names what does not fit; this
only finds out that somebody has to.
"""

from datetime import datetime, timedelta
from typing import Final

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


def parts() -> int:
    """In how many nights all of it is looked at: a week, longer for a long journal."""
    return max(FEWEST_PARTS, -(-verifying.count_sealed() // MOST_ENTRIES))


def check(*, at: datetime) -> int:
    """Look at tonight's part; returns how many seals. Raises JournalBrokenError."""
    nights = parts()
    part = localdate(at).toordinal() % nights
    looked = 0
    for fits in verifying.verify_part(part, nights):
        if not fits:
            raise JournalBrokenError
        looked += 1
    return looked


def broken_since(*, at: datetime) -> datetime | None:
    """When a part did not fit first; None when all of them fitted last time.

    One that did not is looked at again when its turn comes back.
    """
    since = at - timedelta(days=parts() + 1)
    runs = TaskRun.objects.filter(
        name=NAME, error=JournalBrokenError.__name__, started_at__gt=since
    )
    first = runs.order_by("started_at")
    return first.values_list("started_at", flat=True).first()


def found(task: TaskState) -> bool:
    """Whether the last run of this task is a find of this and not a failure."""
    return task.last is not None and task.last.error == JournalBrokenError.__name__

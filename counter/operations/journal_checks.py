"""The journal is looked through by itself: a seventh a night, all of it in a week.

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
PARTS: Final = 7
#: A seventh that did not fit is looked at again a week later.
_HOLDS_FOR: Final = timedelta(days=8)


class JournalBrokenError(Exception):
    """What was looked at does not fit its seals."""


def check(*, at: datetime) -> int:
    """Look at tonight's seventh; returns how many seals. Raises JournalBrokenError."""
    part = localdate(at).toordinal() % PARTS
    looked = 0
    for fits in verifying.verify_part(part, PARTS):
        if not fits:
            raise JournalBrokenError
        looked += 1
    return looked


def broken_since(*, at: datetime) -> datetime | None:
    """When a seventh did not fit first; None when all fitted in the last week."""
    runs = TaskRun.objects.filter(
        name=NAME, error=JournalBrokenError.__name__, started_at__gt=at - _HOLDS_FOR
    )
    first = runs.order_by("started_at")
    return first.values_list("started_at", flat=True).first()


def found(task: TaskState) -> bool:
    """Whether the last run of this task is a find of this and not a failure."""
    return task.last is not None and task.last.error == JournalBrokenError.__name__

"""What runs by itself and what of it waits: one table, put together from all apps.

An app says it in its `apps.py` (`HouseConfig.duties`). Every task of the schedule has
its line, whoever brings it; tests compare the two.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.apps import apps

from counter.database.privileges import HouseConfig

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: For how long this process remembers what was costly to count.
REMEMBERED: Final = timedelta(minutes=10)

_counted: dict[str, tuple[datetime, int]] = {}


@dataclass(frozen=True, kw_only=True)
class Duty:
    """A task of the schedule, by the name under which its runs are written.

    `due` counts what it would handle now; None for a task that does the same work
    whenever it runs. One that `is_costly` to count is counted every ten minutes.
    """

    task: str
    label: "StrOrPromise"
    due: Callable[[datetime], int] | None = None
    is_costly: bool = False


def every() -> Iterator[Duty]:
    """The lines of all apps, in the order of INSTALLED_APPS."""
    for app in apps.get_app_configs():
        if isinstance(app, HouseConfig):
            yield from app.duties()


def backlog(at: datetime) -> dict[str, int]:
    """How many wait for each task now, by its name; of a costly one by ten minutes old.

    Monitors ask every few seconds.
    """
    return {duty.task: _due(duty, duty.due, at) for duty in every() if duty.due}


def forget() -> None:
    """Count everything anew."""
    _counted.clear()


def _due(duty: Duty, count: Callable[[datetime], int], at: datetime) -> int:
    if not duty.is_costly:
        return count(at)
    counted_at, number = _counted.get(duty.task, (None, 0))
    if counted_at is None or not timedelta(0) <= at - counted_at < REMEMBERED:
        number = count(at)
        _counted[duty.task] = at, number
    return number

"""The duties of all apps: the scheduled tasks, and how much work waits for each.

An app registers its duties in its `apps.py` (`HouseConfig.duties`). Every task of the
schedule has a duty; tests compare the two.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.apps import apps

from counter.database.privileges import HouseConfig

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: For how long this process caches a count that is costly.
REMEMBERED: Final = timedelta(minutes=10)

_counted: dict[str, tuple[datetime, int]] = {}


@dataclass(frozen=True, kw_only=True)
class Duty:
    """A scheduled task, by the name under which its runs are recorded.

    `due` counts the rows that the task would handle now; None for a task whose work is
    always the same. With `is_costly` the count is cached for ten minutes.
    """

    task: str
    label: "StrOrPromise"
    due: Callable[[datetime], int] | None = None
    is_costly: bool = False


def every() -> Iterator[Duty]:
    """The duties of all apps, in the order of INSTALLED_APPS."""
    for app in apps.get_app_configs():
        if isinstance(app, HouseConfig):
            yield from app.duties()


def backlog(at: datetime) -> dict[str, int]:
    """The number of rows that wait for each task, by the task's name.

    Costly counts are cached, because monitors ask every few seconds.
    """
    return {duty.task: _due(duty, duty.due, at) for duty in every() if duty.due}


def forget() -> None:
    """Empty the cache of counts."""
    _counted.clear()


def _due(duty: Duty, count: Callable[[datetime], int], at: datetime) -> int:
    if not duty.is_costly:
        return count(at)
    counted_at, number = _counted.get(duty.task, (None, 0))
    if counted_at is None or not timedelta(0) <= at - counted_at < REMEMBERED:
        number = count(at)
        _counted[duty.task] = at, number
    return number

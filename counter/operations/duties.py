"""What runs by itself and what of it waits: one table, put together from all apps.

An app says it in its `apps.py` (`HouseConfig.duties`). Every task of the schedule has
its line, whoever brings it; tests compare the two.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.apps import apps

from counter.database.privileges import HouseConfig

if TYPE_CHECKING:
    from datetime import datetime

    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, kw_only=True)
class Duty:
    """A task of the schedule, by the name under which its runs are written.

    `due` counts what it would handle now; None for a task that does the same work
    whenever it runs.
    """

    task: str
    label: "StrOrPromise"
    due: "Callable[[datetime], int] | None" = None


def every() -> Iterator[Duty]:
    """The lines of all apps, in the order of INSTALLED_APPS."""
    for app in apps.get_app_configs():
        if isinstance(app, HouseConfig):
            yield from app.duties()


def backlog(at: "datetime") -> dict[str, int]:
    """How many wait for each task now, by its name."""
    return {duty.task: duty.due(at) for duty in every() if duty.due}

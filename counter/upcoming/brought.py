"""What an app brings to `manage.py clock`, and the registry of all apps.

Two with the same number are refused (ImproperlyConfigured). Nothing of models is
imported here.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from counter.database.privileges import HouseConfig


@dataclass(frozen=True, kw_only=True)
class Event:
    """One kind of thing that a task does when its time has come.

    `due(now, until)` counts the rows of today that the task will have dealt with at the
    instant `until`, if it runs and nobody else touches them. It is asked for one
    instant after the other, and only grows.
    """

    label: str
    due: Callable[[datetime, datetime], int]


@dataclass(frozen=True, kw_only=True)
class Upcoming:
    """All that one app brings. `events` is asked at each call: offices come and go.

    `days` gives what changes on a day by itself, such as a price, in words.
    """

    order: int
    events: Callable[[], Iterable[Event]] = tuple
    days: Callable[[date, date], Iterable[tuple[date, str]]] | None = None


def all_upcoming() -> Iterator[Upcoming]:
    """What the apps bring, the smallest number first."""
    brought = [
        upcoming
        for app in apps.get_app_configs()
        if isinstance(app, HouseConfig)
        for upcoming in app.upcoming()
    ]
    if len({each.order for each in brought}) < len(brought):
        raise ImproperlyConfigured("Two upcoming things have the same place.")
    return iter(sorted(brought, key=lambda each: each.order))

"""The classes with which an app adds to `manage.py clock`, and the registry of all.

Two entries with the same `order` are refused (ImproperlyConfigured). This module
imports no models.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from counter.database.privileges import HouseConfig


@dataclass(frozen=True, kw_only=True)
class Event:
    """One kind of thing that a task does at a certain time.

    `due(now, until)` counts the rows existing today that the task will have handled by
    the instant `until`, if it runs and nobody else changes them. It is called with
    ascending instants, and its result must not decrease.
    """

    label: str
    due: Callable[[datetime, datetime], int]


@dataclass(frozen=True, kw_only=True)
class Upcoming:
    """All that one app adds. `events` is called each time, because offices may change.

    `days` gives dates between its two arguments on which something changes by itself,
    such as a price, with words for it.
    """

    order: int
    events: Callable[[], Iterable[Event]] = tuple
    days: Callable[[date, date], Iterable[tuple[date, str]]] | None = None


def all_upcoming() -> Iterator[Upcoming]:
    """The entries of all apps, by `order`.

    Raises ImproperlyConfigured when two have the same.
    """
    brought = [
        upcoming
        for app in apps.get_app_configs()
        if isinstance(app, HouseConfig)
        for upcoming in app.upcoming()
    ]
    if len({each.order for each in brought}) < len(brought):
        raise ImproperlyConfigured("Two upcoming things have the same place.")
    return iter(sorted(brought, key=lambda each: each.order))

"""What is counted of the database for the manifest, and looked at when it came back.

The registry of all apps: each says it in its `apps.py` (`HouseConfig.backup_figures`).
Two with the same number or the same code are refused (ImproperlyConfigured).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from counter.database.privileges import HouseConfig

type Value = int | str
type Measured = Mapping[str, Value]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One kind of number.

    `measure` gives a value for each name, such as a table's; it runs in the snapshot of
    the backup, and again on what was restored, where both have to agree. `wrong` gives
    a sentence for each thing in the restored database that cannot be, whatever the
    manifest says. Names and values say nothing of anybody.
    """

    order: int
    code: str
    measure: Callable[[], Measured]
    wrong: Callable[[], Iterable[str]] | None = None


def figures() -> tuple[Figure, ...]:
    """Those of all apps, in the order in which they are looked at."""
    brought = [
        figure
        for app in apps.get_app_configs()
        if isinstance(app, HouseConfig)
        for figure in app.backup_figures()
    ]
    placed = tuple(sorted(brought, key=lambda figure: figure.order))
    for names in ({f.order for f in placed}, {f.code for f in placed}):
        if len(names) < len(placed):
            raise ImproperlyConfigured("Two figures of the backup have the same place.")
    return placed


def measure() -> dict[str, dict[str, Value]]:
    """All of them as the connection sees the database now."""
    return {figure.code: dict(figure.measure()) for figure in figures()}

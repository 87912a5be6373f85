"""The figures that are measured for a backup's manifest, and again after a restore.

Each app registers its figures in its `apps.py` (`HouseConfig.backup_figures`). Two with
the same `order` or the same `code` are refused (ImproperlyConfigured).
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
    """One kind of values.

    `measure` gives a value for each name, such as a table's name. It runs in the
    snapshot of the backup and again in the restored database; both results must be
    equal. `wrong` gives a sentence for each thing in the restored database that cannot
    be right, without the manifest. Names and values tell nothing about a person.
    """

    order: int
    code: str
    measure: Callable[[], Measured]
    wrong: Callable[[], Iterable[str]] | None = None


def figures() -> tuple[Figure, ...]:
    """The figures of all apps, by `order`. Raises ImproperlyConfigured."""
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
    """The values of all figures, by code, as the connection sees the database now."""
    return {figure.code: dict(figure.measure()) for figure in figures()}

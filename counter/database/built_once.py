"""Statements that Django builds once and that run many times with other values.

Django builds the text of a statement anew for each query, which takes longer than the
database needs to run it. For a statement of a page that is opened very often, or of
thousands of mails, `statement` builds the text from a queryset once, so the rule that
the queryset states still stands in one place. `Reader` reads rows in this way, and
`Changer` changes them.
"""

import datetime
import uuid
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Final, cast

from django.db import connection, models
from django.db.models.sql import Query, UpdateQuery
from django.views.decorators.debug import sensitive_variables

#: Values for the places of a statement that occur for nothing else.
SOME_TIME: Final = datetime.datetime.max.replace(tzinfo=datetime.UTC)
SOME_ID: Final = uuid.UUID(int=2**128 - 1)
#: The name in a statement of a value that is the same each time.
_FIXED: Final = "fixed_{}"


def statement(query: Query, places: Mapping[str, object]) -> tuple[str, dict[str, Any]]:
    """The text of this query's statement, and the values that stay the same.

    `places` has, for each value that differs each time, its name and the value by which
    the query was made; it has to be one that occurs for nothing else. In the text it
    is `%(name)s`. Raises ValueError if a place occurs not at all or more than once.
    """
    text, values = query.sql_with_params()
    names: list[str] = []
    fixed: dict[str, Any] = {}
    for value in values:
        name = next((name for name, own in places.items() if own == value), "")
        if not name:
            name = _FIXED.format(len(fixed))
            fixed[name] = value
        names.append(name)
    if any(names.count(name) != 1 for name in places):
        raise ValueError("Each place has to occur once.")
    # `%%` stands for a percent sign. It is doubled, so that filling in the names below
    # leaves it as it was.
    doubled = text.replace("%%", "%%%%")
    return doubled % tuple(f"%({name})s" for name in names), fixed


class Reader[M: models.Model]:
    """Reads rows of a model, with only some columns, by a statement that is built once.

    `make` returns the queryset; it is called with `places` (see `statement`). `columns`
    are the names of the attributes that are read; those of a row to which a foreign key
    leads are given by its path: `{"dossier": (..), "dossier__office": (..)}`, a path
    after the one that it begins with; the keys must not be null. Any other column is
    read when it is asked for, by a statement of its own.
    """

    def __init__(
        self,
        make: Callable[..., models.QuerySet[M]],
        places: Mapping[str, Any],
        *,
        columns: tuple[str, ...],
        related: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self._make = make
        self._places = places
        self._columns = columns
        self._related = related or {}

    @sensitive_variables()
    def read(self, **values: object) -> list[M]:
        """The rows for these values, one for each place, in the queryset's order."""
        text, fixed = self._statement
        with connection.cursor() as cursor:
            cursor.execute(text, fixed | values)
            return [self._row(row) for row in cursor.fetchall()]

    @property
    def _rows(self) -> models.QuerySet[M]:
        return self._make(**self._places)

    @cached_property
    def _parts(self) -> list[tuple[str, type[models.Model], tuple[str, ...]]]:
        """Path, model and columns, these in the order in which `from_db` takes them."""
        models_at: dict[str, type[models.Model]] = {"": self._rows.model}
        for path in self._related:
            parent, _, name = path.rpartition("__")
            model = models_at[parent]._meta.get_field(name).related_model
            if model is None:
                raise ValueError(f"{path} leads to no row.")
            models_at[path] = model
        return [
            (path, models_at[path], _in_order(models_at[path], columns))
            for path, columns in {"": self._columns, **self._related}.items()
        ]

    @cached_property
    def _statement(self) -> tuple[str, dict[str, Any]]:
        names = [
            f"{path}__{column}" if path else column
            for path, _model, columns in self._parts
            for column in columns
        ]
        return statement(self._rows.values_list(*names).query, self._places)

    def _row(self, row: tuple[Any, ...]) -> M:
        loaded: dict[str, Any] = {}
        first = 0
        for path, model, columns in self._parts:
            last = first + len(columns)
            loaded[path] = model.from_db(connection.alias, columns, row[first:last])
            first = last
            if path:
                parent, _, name = path.rpartition("__")
                setattr(loaded[parent], name, loaded[path])
        whole: M = loaded[""]
        return whole


class Changer[M: models.Model]:
    """Changes rows of a model by an UPDATE that is built once, and returns them whole.

    `make` returns the query; it is called with `places` (see `statement`).
    """

    def __init__(
        self, make: Callable[..., UpdateQuery], places: Mapping[str, Any]
    ) -> None:
        self._make = make
        self._places = places

    @sensitive_variables()
    def change(self, **values: object) -> list[M]:
        """The rows that were changed with these values, as the change left them."""
        model, columns, text, fixed = self._statement
        with connection.cursor() as cursor:
            cursor.execute(text, fixed | values)
            rows = cursor.fetchall()
        return [model.from_db(connection.alias, columns, row) for row in rows]

    @cached_property
    def _statement(self) -> tuple[type[M], list[str], str, dict[str, Any]]:
        query = self._make(**self._places)
        text, fixed = statement(query, self._places)
        fields = query.get_meta().concrete_fields
        returned = ", ".join(str(field.column) for field in fields)
        model = cast("type[M]", query.model)
        names = [field.attname for field in fields]
        return model, names, f"{text} RETURNING {returned}", fixed


def _in_order(model: type[models.Model], columns: tuple[str, ...]) -> tuple[str, ...]:
    every = [field.attname for field in model._meta.concrete_fields]
    return tuple(sorted(columns, key=every.index))

"""What a migration must not do while the office works on its tables.

docs/upgrading.md explains the rules. A table may have millions of rows, and a lock on
it stops every desk. For some minutes the version before works with the new tables. No
rule holds for tables that the same migration makes, because they are empty.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.contrib.postgres import operations as postgres
from django.db import connection, migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from tests import migration_sql

#: The last migration of each app that the first release has; empty before it.
#: docs/releasing.md says when it is written. The rules hold for later migrations.
RELEASED: Final[dict[str, str]] = {}
#: The end of the name of a migration that removes what no version uses any more.
CONTRACTS: Final = "_contract"

type Field = models.Field[Any, Any]

_RENAMES = (migrations.RenameField, migrations.RenameModel, migrations.AlterModelTable)
_TAKES_AWAY = (migrations.RemoveField, migrations.DeleteModel)
_TOGETHER = (migrations.AlterUniqueTogether, migrations.AlterIndexTogether)
_LOCKS = (migrations.AddIndex, migrations.RemoveIndex, migrations.AddConstraint)
_LOCKS_NOT = (
    postgres.AddIndexConcurrently,
    postgres.RemoveIndexConcurrently,
    postgres.AddConstraintNotValid,
)
_INSTEAD: Final = {
    "AddIndex": "nobody writes while it is built; take AddIndexConcurrently.",
    "RemoveIndex": "waits for all and all wait for it; take RemoveIndexConcurrently.",
    "AddConstraint": "reads the whole table locked; take AddConstraintNotValid.",
}


def faults(
    operations: Sequence[Operation], *, app: str, name: str, before: ProjectState
) -> Iterator[str]:
    """Every reason to refuse this migration; `before` is the state before it."""
    yield from _Walk(app, name, before.clone()).faults(operations)
    adds, validates = (
        any(isinstance(one, kind) for one in operations)
        for kind in (postgres.AddConstraintNotValid, postgres.ValidateConstraint)
    )
    if adds and validates:
        yield "Checks the rows under the lock it was added with; validate it later."


class _Walk:
    """Goes through the operations of one migration, with the state before each."""

    def __init__(self, app: str, name: str, state: ProjectState) -> None:
        self.app = app
        self.state = state
        self.is_contract = name.endswith(CONTRACTS)
        self.made: set[str] = set()
        self.tables: set[str] = set()

    def faults(self, operations: Sequence[Operation]) -> Iterator[str]:
        for operation in operations:
            if isinstance(operation, migrations.SeparateDatabaseAndState):
                mine, self.state = self.state, self.state.clone()
                yield from self.faults(operation.database_operations)
                self.state = mine
            elif isinstance(operation, migrations.CreateModel):
                self._note(operation)
            elif _model_of(operation) not in self.made:
                yield from self._of(operation)
            operation.state_forwards(self.app, self.state)

    def _note(self, operation: migrations.CreateModel) -> None:
        model = operation.name.lower()
        self.made.add(model)
        table = operation.options.get("db_table") or f"{self.app}_{model}"
        self.tables.add(str(table).lower())

    def _of(self, operation: Operation) -> Iterator[str]:
        label = operation.describe()
        if isinstance(operation, _RENAMES):
            yield f"{label}: the version before knows the old name; add, copy, remove."
        elif isinstance(operation, _TAKES_AWAY) and not self.is_contract:
            yield f"{label}: only in a migration ...{CONTRACTS}, one release later."
        elif isinstance(operation, migrations.AddField):
            yield from _of_new_field(operation.field, label)
        elif isinstance(operation, migrations.AlterField):
            yield from _of_altered_field(operation, self.app, self.state, label)
        elif isinstance(operation, _TOGETHER):
            yield from self._of_together(operation, label)
        elif isinstance(operation, migrations.AlterOrderWithRespectTo):
            yield f"{label}: a column that the version before leaves out."
        elif isinstance(operation, _LOCKS) and not isinstance(operation, _LOCKS_NOT):
            yield f"{label}: {_INSTEAD[operation.__class__.__name__]}"
        elif isinstance(operation, migrations.RunSQL) and isinstance(
            operation.sql, str | list | tuple
        ):
            of_sql = migration_sql.faults(
                operation.sql, made=self.tables, is_contract=self.is_contract
            )
            yield from (f"{label}: {fault}" for fault in of_sql)

    def _of_together(
        self,
        operation: migrations.AlterUniqueTogether | migrations.AlterIndexTogether,
        label: str,
    ) -> Iterator[str]:
        model = self.state.models[self.app, operation.name.lower()]
        before = model.options.get(operation.option_name) or ()
        if not set(operation.option_value or ()) <= set(map(tuple, before)):
            yield f"{label}: its index is built under a lock; build it concurrently."


def _model_of(operation: Operation) -> str:
    """The name of the operation's model, which is `model_name` or `name`."""
    model = getattr(operation, "model_name", None) or getattr(operation, "name", "")
    return str(model).lower()


def _of_new_field(field: Field, label: str) -> Iterator[str]:
    default = field.db_default
    has_default = default is not models.NOT_PROVIDED
    if isinstance(field, models.GeneratedField):
        yield f"{label}: writes every row anew under a lock."
    elif has_default and not isinstance(default, (str, int, float, bool, models.Value)):
        yield f"{label}: a default that is worked out for each row writes all of them."
    elif not field.null and not has_default and not field.many_to_many:
        yield f"{label}: the version before leaves it out; null or db_default."
    if field.unique or _is_indexed(field):
        yield f"{label}: its index is built under a lock; add it concurrently."


def _of_altered_field(
    operation: migrations.AlterField, app: str, state: ProjectState, label: str
) -> Iterator[str]:
    model = state.models[app, operation.model_name.lower()]
    old, new = model.fields[operation.name], operation.field
    types = [each.clone().db_type(connection) for each in (old, new)]
    longer = (
        isinstance(old, models.CharField)
        and isinstance(new, models.CharField)
        and (old.max_length or 0) <= (new.max_length or 0)
    )
    if types[0] != types[1] and not longer:
        yield f"{label}: another type writes every row anew under a lock."
    if old.null and not new.null:
        yield f"{label}: NOT NULL reads the whole table; a constraint NOT VALID first."
    if (new.unique and not old.unique) or (_is_indexed(new) and not _is_indexed(old)):
        yield f"{label}: its index is built under a lock; add it concurrently."


def _is_indexed(field: Field) -> bool:
    return bool(getattr(field, "db_index", False))

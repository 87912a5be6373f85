"""What a migration must not do while the office works on its tables.

docs/upgrading.md has the words for people. A table may have millions of rows, and a
lock on it stops every desk; and for minutes the version before works on the new
tables. Tables that the same migration makes are empty, and anything goes.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.contrib.postgres import operations as postgres
from django.db import connection, migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

#: The last migration of each app that the first release has; empty before it.
#: docs/releasing.md says when it is written. What comes after is held to the rules.
RELEASED: Final[dict[str, str]] = {}
#: The name of a migration ends in it that takes away what nobody uses any more.
CONTRACTS: Final = "_contract"

type Field = models.Field[Any, Any]

_RENAMES = (migrations.RenameField, migrations.RenameModel, migrations.AlterModelTable)
_TAKES_AWAY = (migrations.RemoveField, migrations.DeleteModel)


def faults(
    operations: Sequence[Operation], *, app: str, name: str, before: ProjectState
) -> Iterator[str]:
    """Every reason to refuse this migration, from the state that it begins with."""
    state = before.clone()
    made: set[str] = set()
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from faults(
                operation.database_operations, app=app, name=name, before=state
            )
        elif isinstance(operation, migrations.CreateModel):
            made.add(operation.name.lower())
        elif getattr(operation, "model_name", "").lower() not in made:
            yield from _faults_of(operation, app=app, name=name, state=state)
        operation.state_forwards(app, state)


def _faults_of(
    operation: Operation, *, app: str, name: str, state: ProjectState
) -> Iterator[str]:
    told = operation.describe()
    if isinstance(operation, _RENAMES):
        yield f"{told}: the version before knows the old name; add, copy, remove later."
    elif isinstance(operation, _TAKES_AWAY) and not name.endswith(CONTRACTS):
        yield f"{told}: only in a migration named ...{CONTRACTS}, one release later."
    elif isinstance(operation, migrations.AddField):
        yield from _of_new_field(operation.field, told)
    elif isinstance(operation, migrations.AlterField):
        yield from _of_altered_field(operation, app, state, told)
    elif isinstance(operation, migrations.AddIndex) and not isinstance(
        operation, postgres.AddIndexConcurrently
    ):
        yield f"{told}: nobody writes while it is built; take AddIndexConcurrently."
    elif isinstance(operation, migrations.AddConstraint) and not isinstance(
        operation, postgres.AddConstraintNotValid
    ):
        yield f"{told}: reads the whole table under a lock; take AddConstraintNotValid."
    elif isinstance(operation, migrations.RunSQL):
        yield from _of_sql(str(operation.sql), told)


def _of_new_field(field: Field, told: str) -> Iterator[str]:
    default = field.db_default
    has_default = default is not models.NOT_PROVIDED
    if isinstance(field, models.GeneratedField):
        yield f"{told}: writes every row anew under a lock."
    elif has_default and not isinstance(default, (str, int, float, bool, models.Value)):
        yield f"{told}: a default that is worked out for each row writes all of them."
    elif not field.null and not has_default and not field.many_to_many:
        yield f"{told}: the version before leaves it out; null or db_default."
    if field.unique or _is_indexed(field):
        yield f"{told}: its index is built under a lock; add it concurrently."


def _of_altered_field(
    operation: migrations.AlterField, app: str, state: ProjectState, told: str
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
        yield f"{told}: another type writes every row anew under a lock."
    if old.null and not new.null:
        yield f"{told}: NOT NULL reads the whole table; a constraint NOT VALID first."
    if (new.unique and not old.unique) or (_is_indexed(new) and not _is_indexed(old)):
        yield f"{told}: its index is built under a lock; add it concurrently."


def _of_sql(sql: str, told: str) -> Iterator[str]:
    words = " ".join(sql.upper().split())
    is_index = "CREATE INDEX" in words or "CREATE UNIQUE INDEX" in words
    if is_index and "CONCURRENTLY" not in words:
        yield f"{told}: CREATE INDEX without CONCURRENTLY."
    if "ADD CONSTRAINT" in words and "NOT VALID" not in words:
        yield f"{told}: ADD CONSTRAINT without NOT VALID."
    for lock in ("LOCK TABLE", "SET NOT NULL", " TYPE ", "VACUUM FULL", "CLUSTER "):
        if lock in words:
            yield f"{told}: {lock.strip()} holds up everybody."


def _is_indexed(field: Field) -> bool:
    return bool(getattr(field, "db_index", False))

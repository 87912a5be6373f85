"""`Recorded`: models whose changes are written in the journal automatically.

Accounts, offices with their hours and texts, prices, terminals and mail domains are
`Recorded`. Saving, updating and deleting them writes the old and new values in the same
transaction. This is done in the model, so it covers the admin, management commands and
the shell alike. The actor is the signed-in clerk (`changed_by`, called by
counter.web.middleware); for a command it is the system.

An entry stores codes: the names of the model and the fields, and the values. They are
turned into words when the entry is read, in the reader's language
(counter.journal.change_words).
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self, override

from django.db import models, transaction

from counter.journal.events import Event

if TYPE_CHECKING:
    from counter.models import Clerk, Office

type AnyField = models.Field[Any, Any]
#: By field: the old value under "old", the new one under "new"; for a secret neither.
type Changes = dict[str, dict[str, Any]]

_who: ContextVar[Callable[[], "Clerk | None"] | None] = ContextVar("who", default=None)
# Holds counter.journal.journal.write. That module imports the models, and they import
# this one, so the app hands the function in when it is ready. Without it no change of a
# Recorded row succeeds.
_write: list[Callable[..., object]] = []


def write_with(write: Callable[..., object]) -> None:
    _write[:] = [write]


@contextmanager
def changed_by(who: "Callable[[], Clerk | None]") -> Iterator[None]:
    """A context in which changes are recorded as those of the clerk that `who` returns;
    None stands for the system.

    `who` is called only when something changes, because it may take a query.
    """
    token = _who.set(who)
    try:
        yield
    finally:
        _who.reset(token)


class RecordedQuerySet[M: models.Model](models.QuerySet[M]):
    """Writes one journal entry for each row that a bulk operation changes."""

    @override
    def update(self, **columns: Any) -> int:
        model: type[Recorded] = self.model  # type: ignore[assignment]
        if not set(columns) & _column_names(model):
            return super().update(**columns)
        with transaction.atomic():
            rows = self.select_for_update(of=("self",))
            before = {row.pk: _snapshot(row) for row in rows}
            changed = super().update(**columns)
            for row in model._meta.base_manager.filter(pk__in=before):
                _note(row, before[row.pk], _snapshot(row))
        return changed

    @override
    def delete(self) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            for row in self:
                _note(row, _snapshot(row), None)
            return super().delete()

    @override
    def bulk_create(self, objs: Iterable[M], *args: Any, **options: Any) -> list[M]:
        with transaction.atomic():
            created = super().bulk_create(objs, *args, **options)
            for row in created:
                _note(row, None, _snapshot(row))
            return created


class Recorded(models.Model):
    """A model whose changes are written in the journal.

    Its manager must be made from a RecordedQuerySet. Each row belongs to an office or,
    without one, to the whole city.
    """

    #: The fields that identify a row for a reader of the journal.
    named_by: ClassVar[tuple[str, ...]]
    #: Fields whose changes are not recorded: counts, timestamps, a clerk's preferences.
    not_recorded: ClassVar[frozenset[str]] = frozenset({"id"})
    #: Whether other transactions may write rows with a foreign key to this row while it
    #: is being changed (the row is locked FOR NO KEY UPDATE).
    lets_be_named: ClassVar[bool] = False
    #: Fields of which the journal only records that they were changed.
    secrets: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        abstract = True

    @override
    def save(self, **options: Any) -> None:
        written = options.get("update_fields")
        if written is not None and not set(written) & _column_names(type(self)):
            super().save(**options)
            return
        with transaction.atomic():
            was = None if self._state.adding else self._locked()
            before = _snapshot(was) if was else None
            super().save(**options)
            after = self._meta.base_manager.get(pk=self.pk)
            _note(after, before, _snapshot(after))

    @override
    def delete(
        self, using: Any = None, keep_parents: bool = False
    ) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            _note(self, _snapshot(self), None)
            return super().delete(using, keep_parents)

    def _locked(self) -> Self | None:
        """The row as stored before this change, locked until the transaction ends."""
        rows: models.QuerySet[Self] = self._meta.base_manager.select_for_update(
            of=("self",), no_key=self.lets_be_named
        )
        return rows.filter(pk=self.pk).first()


@dataclass(frozen=True)
class _Snapshot:
    """A row's recorded values by field, and the office it belongs to."""

    values: dict[str, Any]
    office: "Office | None"


def _columns(model: type[models.Model]) -> list[AnyField]:
    left_out: frozenset[str] = getattr(model, "not_recorded", frozenset())
    return [f for f in model._meta.concrete_fields if f.name not in left_out]


def _column_names(model: type[models.Model]) -> set[str]:
    return {name for f in _columns(model) for name in (f.name, f.attname)}


def _snapshot(row: models.Model) -> _Snapshot:
    is_office = row._meta.label == "counter.Office"
    office: Any = row if is_office else getattr(row, "office", None)
    return _Snapshot({f.name: _value(row, f) for f in _columns(type(row))}, office)


def kept_value(row: models.Model, name: str) -> object:
    """The value of a field as a journal entry would store it now."""
    field = row._meta.get_field(name)
    if isinstance(field, models.ManyToManyField):
        return _joined(row, field)
    return _value(row, field) if isinstance(field, models.Field) else None


def _value(row: models.Model, field: AnyField) -> object:
    """The value in a form for JSON; a related row is stored by its present name."""
    value = getattr(row, field.attname)
    if value is None or isinstance(value, (bool, int, str)):
        is_row = isinstance(field, models.ForeignKey) and value is not None
        return str(getattr(row, field.name)) if is_row else value
    return str(value)


def _note(row: models.Model, before: _Snapshot | None, after: _Snapshot | None) -> None:
    """Write the change, once for the row's office and once for the office it left."""
    changes = _changes(type(row), before, after)
    known = after or before
    if not changes or known is None:
        return
    details = {
        "row": _row(row, (before or known).values),
        "changes": changes,
    }
    event = Event.ROW_CHANGED
    if before is None or after is None:
        event = Event.ROW_ADDED if before is None else Event.ROW_REMOVED
    _tell(event, details, row, {shot.office for shot in (before, after) if shot})


def _row(row: models.Model, values: dict[str, Any]) -> dict[str, Any]:
    """The model and the identifying values of the row (`named_by`)."""
    model: type[Recorded] = type(row)  # type: ignore[assignment]
    named = {name: values[name] for name in model.named_by}
    return {"model": row._meta.label_lower, "named": named}


def _tell(
    event: Event,
    details: dict[str, Any],
    row: models.Model,
    offices: "set[Office | None]",
) -> None:
    who = _who.get()
    for office in offices - {None} or {None}:
        _write[0](
            event,
            details,
            clerk=who() if who else None,
            subject=row,
            office=office,
        )


def note_joined(
    *,
    sender: type[models.Model],
    instance: models.Model,
    action: str,
    reverse: bool,
    pk_set: set[Any] | None,
    **_: object,
) -> None:
    """Receives m2m_changed, and records changed relations, such as a terminal's desks.

    Django sends the signal before and after the change, for changes from both sides,
    and in the transaction of the change.
    """
    field = _joining(sender)
    if field is None:
        return
    if action.startswith("pre_"):
        rows: Iterable[models.Model] = [instance]
        if reverse:  # the signal of a clear() from the other side has no pk_set
            joined_rows = (
                {field.name: instance.pk} if pk_set is None else {"pk__in": pk_set}
            )
            rows = field.model._meta.base_manager.filter(**joined_rows)
        before = [(row, _joined(row, field)) for row in rows]
        instance.__dict__["_joined_before"] = before
        return
    for row, old in instance.__dict__.pop("_joined_before", []):
        new = _joined(row, field)
        if new != old:
            shot = _snapshot(row)
            changes = {field.name: {"old": old, "new": new}}
            details = {"row": _row(row, shot.values), "changes": changes}
            _tell(Event.ROW_CHANGED, details, row, {shot.office})


def _joining(through: type[models.Model]) -> Any:  # noqa: ANN401 (a ManyToManyField)
    """The many-to-many field of a Recorded model that uses this table, or None."""
    recorded = Recorded.__subclasses__()
    fields = (field for model in recorded for field in model._meta.local_many_to_many)
    return next((f for f in fields if f.remote_field.through is through), None)


def _joined(row: models.Model, field: Any) -> str:  # noqa: ANN401 (as above)
    """The sorted names of the related rows, as they are in the database now."""
    others = field.related_model._meta.base_manager
    joined = others.filter(**{field.related_query_name(): row.pk})
    return ", ".join(sorted(map(str, joined)))


def _changes(
    model: type[models.Model], before: _Snapshot | None, after: _Snapshot | None
) -> Changes:
    secrets: frozenset[str] = getattr(model, "secrets", frozenset())
    changes: Changes = {}
    for name in (field.name for field in _columns(model)):
        values = {
            word: shot.values[name]
            for word, shot in (("old", before), ("new", after))
            if shot
        }
        if before and after:
            if values["old"] != values["new"]:
                changes[name] = {} if name in secrets else values
        elif name not in secrets and set(values.values()) - {None, ""}:
            changes[name] = values
    return changes

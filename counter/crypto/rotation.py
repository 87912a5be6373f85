"""Key rotation: replaces old keys by new ones while the office works.

Every value is encrypted again with the first of ENCRYPTION_KEYS. The index columns
follow INDEX_KEYS: the column of a configured key is filled, that of another key is
emptied, and a single index column is computed with the first key. A row is only written
when its bytes are still those that were read, so concurrent changes are never
overwritten. A run that was stopped can be repeated: rows that need no change are not
read, except those with a single index column, which does not tell its key.

docs/keys.md says in which order keys are changed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, models
from django.db.models import F, Func, Q, Value
from django.views.decorators.debug import sensitive_variables

from counter.crypto import encryption
from counter.crypto.encryption import (
    KeyedIndex,
    SealedText,
    UnknownKeyError,
    UnsealError,
)
from counter.models import Applicant
from counter.querysets import HAS_NUMBER, NATIONAL_NUMBER

# Rows read at once. Each row is written in a transaction of its own.
BATCH = 200
_TRIES = 5
#: The columns of national numbers' indexes, by the id of the key.
INDEX_COLUMNS = {
    "a": "national_number_index_a",
    "b": "national_number_index_b",
}


@dataclass
class Figures:
    """How many rows of one model were changed, and how many could not be."""

    written: int = 0
    changed_meanwhile: int = 0
    unreadable: int = 0
    known_twice: int = 0

    @property
    def is_whole(self) -> bool:
        return not self.unreadable and not self.known_twice


def keyed_models() -> Iterator[type[models.Model]]:
    """All models with an encrypted column or a keyed index, of all apps."""
    for model in apps.get_models():
        if sealed_columns(model) or keyed_indexes(model):
            yield model


def sealed_columns(model: type[models.Model]) -> list[str]:
    return [
        attribute.column
        for attribute in vars(model).values()
        if isinstance(attribute, SealedText)
    ]


def keyed_indexes(model: type[models.Model]) -> list[KeyedIndex]:
    return [
        attribute
        for attribute in vars(model).values()
        if isinstance(attribute, KeyedIndex)
    ]


def rotate(
    model: type[models.Model],
    *,
    batch: int = BATCH,
    progress: Callable[[Figures], None] = lambda _: None,
) -> Figures:
    """Bring all rows of a model to the present keys.

    Rows that cannot be decrypted (`unreadable`) are left as they are; so are numbers of
    which there are two rows (`known_twice`), which only happens when an index key was
    removed too early.
    """
    figures = Figures()
    rows = _maybe_old(model).order_by("pk")
    page = list(rows[:batch])
    while page:
        for row in page:
            _rotate_row(row, figures)
        progress(figures)
        page = list(rows.filter(pk__gt=page[-1].pk)[:batch])
    return figures


def remaining(model: type[models.Model]) -> int:
    """How many rows still have a value with an old key."""
    rows = _maybe_old(model)
    if not keyed_indexes(model):
        return rows.count()
    return sum(_is_old(row) for row in rows.iterator(BATCH))


def lost(model: type[models.Model]) -> bool:
    """Whether any row has a digest that none of the present keys gives."""
    keyed = keyed_indexes(model)
    needed = [*sealed_columns(model), *(index.column for index in keyed)]
    rows = _maybe_old(model).select_related(None).only("pk", *needed)
    lasting = [index for index in keyed if not index.may_differ]
    return bool(lasting) and any(_is_lost(row, lasting) for row in rows.iterator(BATCH))


@sensitive_variables()
def _is_lost(row: models.Model, keyed: list[KeyedIndex]) -> bool:
    try:
        return any(index.is_lost(row, _stored(row, index.column)) for index in keyed)
    except (UnsealError, UnknownKeyError):
        return False  # `rotate_keys` says so


@sensitive_variables()
def _is_old(row: models.Model) -> bool:
    try:
        old, new = _bytes_of(row)
    except (UnsealError, UnknownKeyError):
        return True
    return old != new


def _maybe_old(model: type[models.Model]) -> models.QuerySet[models.Model]:
    """The rows that need a change, and those that must be read to find out."""
    through = [name for index in keyed_indexes(model) for name in index.through]
    rows = model._default_manager.filter(_needs_writing(model))
    return rows.select_related(*through) if through else rows


def _needs_writing(model: type[models.Model]) -> Q:
    """A condition: rows with a value of an old key, or with an index to be renewed."""
    kid = next(iter(settings.ENCRYPTION_KEYS)).encode()
    head = bytes([len(kid)]) + kid
    wanted = [
        ~Q(**{column: b""}) & ~Q(_starts_with(column, head))
        for column in sealed_columns(model)
    ]
    if model is Applicant:
        wanted += [
            HAS_NUMBER & Q(**{f"{column}__isnull": key in settings.INDEX_KEYS})
            for key, column in INDEX_COLUMNS.items()
        ]
    # Only the value tells the key of a digest; `_rotate_row` skips those that are
    # right.
    wanted += [
        Q(**{f"{index.column}__isnull": False}) for index in keyed_indexes(model)
    ]
    return reduce(or_, wanted)


def _starts_with(column: str, head: bytes) -> Q:
    beginning = Func(
        F(column),
        Value(1),
        Value(len(head)),
        function="SUBSTR",
        output_field=models.BinaryField(),
    )
    return Q(models.lookups.Exact(beginning, Value(head)))


@sensitive_variables()
def _rotate_row(row: models.Model, figures: Figures) -> None:
    """Write the row's new bytes, if the old ones are still there."""
    for _ in range(_TRIES):
        try:
            old, new = _bytes_of(row)
        except (UnsealError, UnknownKeyError):
            figures.unreadable += 1
            return
        if old == new:
            return
        try:
            written = type(row)._default_manager.filter(pk=row.pk, **old).update(**new)
        except IntegrityError:
            figures.known_twice += 1
            return
        if written:
            figures.written += 1
            return
        figures.changed_meanwhile += 1
        try:
            row.refresh_from_db()
        except ObjectDoesNotExist:
            return


@sensitive_variables()
def _bytes_of(row: models.Model) -> tuple[dict[str, Any], dict[str, Any]]:
    """The sealed and index columns as stored, and as they should be."""
    current = next(iter(settings.ENCRYPTION_KEYS))
    table = row._meta.db_table
    old: dict[str, Any] = {}
    new: dict[str, Any] = {}
    for column in sealed_columns(type(row)):
        old[column] = new[column] = bytes(getattr(row, column))
        if old[column] and encryption.key_id(old[column]) != current:
            place = {"table": table, "column": column, "row": row.pk}
            plain = encryption.unseal(old[column], **place)
            new[column] = encryption.seal(plain, **place)
    if isinstance(row, Applicant) and row.anonymised_at is None:
        digests = encryption.indexes(row.national_number, purpose=NATIONAL_NUMBER)
        for key, column in INDEX_COLUMNS.items():
            old[column] = _stored(row, column)
            new[column] = digests.get(key)
    for keyed in keyed_indexes(type(row)):
        old[keyed.column] = _stored(row, keyed.column)
        new[keyed.column] = keyed.renewed(row, old[keyed.column])
    return old, new


def _stored(row: models.Model, column: str) -> bytes | None:
    stored = getattr(row, column)
    return None if stored is None else bytes(stored)

"""Looks up the names of the rows that journal entries are about.

An entry stores the model and the key of its subject. A reader who may see that row gets
its name. Other readers get the beginning of the key; so do all readers when the row no
longer exists.
"""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import models

from counter.journal.recorded_models import Recorded
from counter.models import Applicant, Clerk, JournalEntry
from counter.roles import matrix

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


def name_subjects(
    entries: Iterable[JournalEntry], *, reader: "AbstractBaseUser | AnonymousUser"
) -> None:
    """Set `subject_name` of these entries; makes one query for each kind of row."""
    if not isinstance(reader, Clerk):
        return
    by_label: dict[str, list[JournalEntry]] = defaultdict(list)
    for entry in entries:
        by_label[entry.subject.partition(":")[0]].append(entry)
    for label, of_kind in by_label.items():
        names = _names(label, {_key(entry) for entry in of_kind}, reader)
        for entry in of_kind:
            entry.subject_name = names.get(_key(entry), "")


def _key(entry: JournalEntry) -> str:
    return entry.subject.partition(":")[2]


def _names(label: str, keys: set[str], reader: Clerk) -> dict[str, str]:
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return {}
    if not issubclass(model, (Applicant, Recorded)):
        return {}
    rows: Any = model._default_manager.all()
    if not hasattr(rows, "visible_to") or not matrix.may_rows(reader, "view", model):
        return {}
    visible = rows.visible_to(reader).filter(pk__in=possible_keys(model, keys))
    return {str(row.pk): _name(row) for row in visible}


def possible_keys(model: type[models.Model], keys: Iterable[str]) -> list[Any]:
    """Those keys that a row of this model can have; an entry that was forged in the
    database has any text, and must not hide what the others are about.
    """
    possible = []
    for key in keys:
        with suppress(ValueError, ValidationError):
            possible.append(model._meta.pk.to_python(key))
    return possible


def _name(row: models.Model) -> str:
    return row.name if isinstance(row, Applicant) else str(row)

"""Turns the changes that counter.journal.recorded_models stores as codes into words in
the reader's language.
"""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext

from counter.identity.euros import euros
from counter.journal.recorded_models import AnyField


def row(changed_row: Mapping[str, Any]) -> str:
    """The kind of row and its name, such as `opening hours “Monday ...”`."""
    model = _model(changed_row["model"])
    kind = str(model._meta.verbose_name) if model else changed_row["model"]
    named = _in_order(model, changed_row["named"])
    parts = (_words(model, name, value) for name, value in named)
    return f"{kind} “{' '.join(parts)}”"


def changes(model_label: str, changed: Mapping[str, Mapping[str, Any]]) -> str:
    """Each field with its old and new value; of a secret only that it was changed."""
    model = _model(model_label)
    return "; ".join(
        _change(model, name, values) for name, values in _in_order(model, changed)
    )


def _in_order[Value](
    model: type[models.Model] | None, changed: Mapping[str, Value]
) -> list[tuple[str, Value]]:
    """Sort in the order of the model's fields, because jsonb does not keep it."""
    order = [field.name for field in model._meta.concrete_fields] if model else []
    last = len(order)
    return sorted(
        changed.items(),
        key=lambda item: order.index(item[0]) if item[0] in order else last,
    )


def _change(
    model: type[models.Model] | None, name: str, values: Mapping[str, Any]
) -> str:
    field = _field(model, name)
    label = str(field.verbose_name) if field else name
    words = {when: _quoted(model, name, value) for when, value in values.items()}
    if not words:
        return gettext("%(field)s changed") % {"field": label}
    if len(words) == 1:
        return f"{label} {next(iter(words.values()))}"
    sentence = gettext("%(field)s from %(old)s to %(new)s")
    return sentence % {"field": label, **words}


def label(model: type[models.Model], name: str) -> str:
    """The translated name of a field."""
    field = _field(model, name)
    return str(field.verbose_name) if field else name


def value(model: type[models.Model], name: str, value: object) -> str:
    """A stored value in the reader's language."""
    return _quoted(model, name, value)


def _quoted(model: type[models.Model] | None, name: str, value: object) -> str:
    """The value in words; free text in quotation marks, to show where it ends."""
    words = _words(model, name, value)
    field = _field(model, name)
    is_free = isinstance(field, (models.CharField, models.TextField))
    if value and is_free and field and not field.choices:
        return f"“{words}”"
    return words


def _words(model: type[models.Model] | None, name: str, value: object) -> str:
    field = _field(model, name)
    if value is None or value == "":
        return gettext("nothing")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if field is not None and field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    return _formatted(field, str(value))


def _formatted(field: AnyField | None, value: str) -> str:
    """Dates, times and amounts in the format of the reader's language."""
    if type(field) is models.DateField:
        return date_format(datetime.date.fromisoformat(value), "DATE_FORMAT")
    if isinstance(field, models.TimeField):
        return time_format(datetime.time.fromisoformat(value), "H:i")
    if isinstance(field, models.DecimalField):
        return euros(Decimal(value))
    return value


def _model(label: str) -> type[models.Model] | None:
    """The model; None when it was renamed or removed: then its old label is shown."""
    try:
        return apps.get_model(label)
    except LookupError:
        return None


def _field(model: type[models.Model] | None, name: str) -> AnyField | None:
    if model is None:
        return None
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, models.Field) else None

"""Every column and every field of the admin has a label in the reader's language."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.functional import Promise

if TYPE_CHECKING:
    from django.contrib.admin.options import BaseModelAdmin

    type Shown = BaseModelAdmin[Any]


def names_shown(shown: "Shown") -> Iterator[str]:
    """The names of the columns and fields of an admin, or of an inline in one."""
    yield from getattr(shown, "list_display", ())
    yield from flatten_fieldsets(shown.fieldsets) if shown.fieldsets else ()
    yield from flatten_fieldsets([(None, {"fields": shown.fields or ()})])
    yield from shown.readonly_fields


def label(shown: "Shown", model: type[models.Model], name: str) -> object:
    """The label of a column or field: lazy if translated, otherwise a plain `str`."""
    try:
        return getattr(model._meta.get_field(name), "verbose_name", "")
    except FieldDoesNotExist:
        made = getattr(shown, name, None) or getattr(model, name)
        return getattr(getattr(made, "fget", made), "short_description", "")


@pytest.mark.parametrize(
    "model", admin.site._registry, ids=lambda model: model._meta.label_lower
)
def test_every_column_and_field_is_named_in_words_that_are_translated(
    model: type[models.Model],
) -> None:
    own = admin.site._registry[model]
    parts: list[tuple[Any, type[models.Model]]] = [(own, model)]
    parts += [(below, below.model) for below in own.inlines]
    unnamed = [
        f"{shown.__class__.__name__}.{name}"
        for shown, shown_model in parts
        for name in names_shown(shown)
        if not isinstance(label(shown, shown_model, name), Promise)
    ]
    assert unnamed == []

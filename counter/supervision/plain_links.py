"""Related rows are shown as a link only to readers who may open them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest
from django.utils.functional import Promise

from counter.roles import matrix

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = object


@dataclass(frozen=True)
class Named:
    """A column that shows the relation `name` of a model as text, without a link."""

    model: type[models.Model]
    name: str

    @property
    def __name__(self) -> str:
        return self.name

    def __str__(self) -> str:
        """The name of the field, which the admin uses as a class of the page."""
        return self.name

    @property
    def short_description(self) -> str | Promise:
        field: Any = self.model._meta.get_field(self.name)
        label: str | Promise = field.verbose_name
        return label

    def __call__(self, row: models.Model) -> str:
        other = getattr(row, self.name)
        return "-" if other is None else str(other)


class PlainLinks(_ModelAdmin):
    """For an admin or an inline: no link to a row that its reader may not open.

    Django itself links every related row.
    """

    def get_fieldsets(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> list[tuple[Any, Any]]:
        fieldsets: list[tuple[Any, Any]] = list(super().get_fieldsets(request, obj))
        if self.has_change_permission(request, obj):
            return fieldsets
        return [
            (title, {**options, "fields": self._named(request, options["fields"])})
            for title, options in fieldsets
        ]

    def get_readonly_fields(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> tuple[Any, ...]:
        """Add the `Named` columns: an inline's form would take them for its fields."""
        readonly = tuple(super().get_readonly_fields(request, obj))
        if self.has_change_permission(request, obj):
            return readonly
        named = self._named(request, self.fields or ())
        return (*readonly, *(one for one in named if isinstance(one, Named)))

    def _named(self, request: HttpRequest, fields: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(
            Named(self.model, name) if self._is_closed(request, name) else name
            for name in fields
        )

    def _is_closed(self, request: HttpRequest, name: Any) -> bool:  # noqa: ANN401 (may be a callable)
        """Whether this field leads to a row that the reader may not open."""
        try:
            field = self.model._meta.get_field(name)
        except (FieldDoesNotExist, TypeError):
            return False
        other = field.related_model
        if not isinstance(field, models.ForeignKey) or not isinstance(other, type):
            return False
        return not matrix.may_rows(request.user, "view", other)

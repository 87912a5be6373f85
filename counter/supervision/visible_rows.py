"""The rows that the signed-in person may see, and a filter with only such rows."""

from typing import TYPE_CHECKING, Any, Final, override

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin

#: By related model: the words for a row without a related row of that model.
_WITHOUT: "Final[dict[str, StrPromise]]" = {
    "counter.clerk": _("nobody"),
    "counter.office": _("the whole house"),
}


def visible(model: type[models.Model], request: HttpRequest) -> models.QuerySet[Any]:
    """The rows that the signed-in person may see, by the model's `visible_to`.

    Raises AttributeError for a model whose queryset has no `visible_to`. Such a model
    cannot have an admin with this rule.
    """
    rows: models.QuerySet[Any] = model._default_manager.visible_to(  # type: ignore[attr-defined]
        request.user
    )
    return rows


class VisibleFilter(admin.RelatedFieldListFilter):
    """A filter that offers only the related rows that the reader may see."""

    @override
    def __init__(self, field: Any, *others: Any, **named: Any) -> None:
        super().__init__(field, *others, **named)
        name = field.related_model._meta.label_lower
        if name in _WITHOUT:
            self.empty_value_display = conditional_escape(_WITHOUT[name])

    def offered(
        self,
        field: Any,  # noqa: ANN401 (Django's own call)
        request: HttpRequest,
    ) -> models.QuerySet[Any]:
        """The rows to choose from. A subclass may offer fewer."""
        return visible(field.related_model, request)

    @override
    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: _ModelAdmin
    ) -> list[tuple[str, Any]]:
        rows = self.offered(field, request)
        return sorted(((str(row.pk), str(row)) for row in rows), key=lambda row: row[1])

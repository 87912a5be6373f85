"""Answers two people who save the same form of the admin at the same instant."""

from typing import TYPE_CHECKING, Any, override

from django.contrib import admin
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse

from counter.exceptions import is_unique_violation

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin


class SavedAtOnce(_ModelAdmin):
    """Tells the second of two who save the same name or address at once."""

    @override
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show or save the form; when the database refuses it, check the form once
        more.

        Both forms were right when they were checked. Now the second finds the first,
        and says so at the field, with all that was typed.
        """
        page = super().changeform_view
        try:
            return page(request, object_id, form_url, extra_context)
        except IntegrityError as error:
            if not is_unique_violation(error):
                raise
        return page(request, object_id, form_url, extra_context)

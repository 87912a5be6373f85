"""The admin of card terminals, their day totals, receipt counters and exports."""

from typing import TYPE_CHECKING, Any, override
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from counter.supervision.filters import DaysFilter
from counter.supervision.house_admin import (
    HouseAdmin,
)
from counter.supervision.menu import Heading, Place
from counter.supervision.traces import NOBODY
from counter.supervision.visible_rows import VisibleFilter, visible
from payments.models import ExportBatch, ReceiptCounter, Terminal, TerminalTotal

if TYPE_CHECKING:
    _TerminalForm = forms.ModelForm[Terminal]
else:
    _TerminalForm = forms.ModelForm


class TerminalForm(_TerminalForm):
    @override
    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        office = getattr(data.get("office"), "pk", self.instance.office_id)
        if any(desk.office_id != office for desk in data.get("desks", ())):
            sentence = _("A terminal stands at desks of its own office.")
            self.add_error("desks", ValidationError(sentence))
        return data


@admin.register(Terminal)
class TerminalAdmin(HouseAdmin):
    """Terminals can be added and renamed, but not deleted, because payments need them.

    The office of a terminal cannot be changed, because its takings are in the closes of
    that office.
    """

    place = Place(Heading.OFFICE, 40)
    form = TerminalForm
    leads_to = NOBODY
    is_short = True
    list_display = ("name", "number", "office", "is_active")
    list_filter = (("office", VisibleFilter), "is_active")
    list_select_related = ("office",)
    fields = (
        "office",
        "name",
        "number",
        "slip_shortest",
        "slip_longest",
        "desks",
        "is_active",
    )

    @override
    def get_readonly_fields(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> tuple[str, ...]:
        return ("office",) if obj else ()

    @override
    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        kwargs["queryset"] = visible(db_field.related_model, request)
        kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(TerminalTotal)
class TerminalTotalAdmin(HouseAdmin):
    place = Place(Heading.MONEY, 60)
    leads_to = NOBODY
    ordering = ("-date",)
    list_display = ("date", "terminal", "amount", "noted_by")
    list_filter = ("date", ("terminal", VisibleFilter))
    list_select_related = ("terminal", "noted_by")
    fields = ("terminal", "date", "amount", "noted_by", "noted_at")


@admin.register(ReceiptCounter)
class ReceiptCounterAdmin(HouseAdmin):
    place = Place(Heading.TECHNICAL, 20)
    leads_to = NOBODY
    list_display = ("office", "year", "last")
    list_filter = (("office", VisibleFilter),)
    list_select_related = ("office",)
    fields = ("office", "year", "last")


@admin.register(ExportBatch)
class ExportBatchAdmin(HouseAdmin):
    place = Place(Heading.MONEY, 80)
    leads_to = NOBODY
    list_display = (
        "number",
        "office",
        "date",
        "session",
        "created_at",
        "created_by",
        "file",
    )
    # By number and not by date, because the numbers have an index.
    ordering = ("-office", "-number")
    list_filter = (("office", VisibleFilter), ("created_at", DaysFilter))
    list_select_related = ("office", "session__clerk", "created_by")
    fields = (
        "number",
        "office",
        "date",
        "session",
        "sha256",
        "created_at",
        "created_by",
        "file",
    )

    @override
    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).defer("content")

    @admin.display(description=_("file"))
    def file(self, batch: ExportBatch) -> str:
        """A link to the view of the close, which notes the download in the journal."""
        page = reverse("payments_closing:batch", args=[batch.number])
        query = urlencode({"office": batch.office_id})
        return format_html('<a href="{}?{}">{}</a>', page, query, batch.file_name)

"""The card terminals with their day totals, and what went to the accounting."""

from typing import override

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from counter.supervision import HouseAdmin, VisibleFilter, is_supervisor
from payments.models import ExportBatch, ReceiptCounter, Terminal, TerminalTotal


@admin.register(Terminal)
class TerminalAdmin(HouseAdmin):
    """Added and renamed by the supervisor; never removed, payments name it."""

    list_display = ("name", "number", "office", "is_active")
    list_filter = (("office", VisibleFilter), "is_active")
    list_select_related = ("office",)
    fields = ("office", "name", "number", "is_active")

    @override
    def has_add_permission(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> bool:
        return is_supervisor(request)

    @override
    def has_change_permission(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> bool:
        return is_supervisor(request)


@admin.register(TerminalTotal)
class TerminalTotalAdmin(HouseAdmin):
    list_display = ("date", "terminal", "amount", "noted_by")
    list_filter = ("date", ("terminal", VisibleFilter))
    list_select_related = ("terminal", "noted_by")
    fields = ("terminal", "date", "amount", "noted_by", "noted_at")


@admin.register(ReceiptCounter)
class ReceiptCounterAdmin(HouseAdmin):
    list_display = ("office", "year", "last")
    list_filter = (("office", VisibleFilter),)
    list_select_related = ("office",)
    fields = ("office", "year", "last")


@admin.register(ExportBatch)
class ExportBatchAdmin(HouseAdmin):
    list_display = ("number", "office", "session", "created_at", "created_by")
    list_filter = (("office", VisibleFilter), "created_at")
    list_select_related = ("office", "session", "created_by")
    fields = ("number", "office", "session", "sha256", "created_at", "created_by")

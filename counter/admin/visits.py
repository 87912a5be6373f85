"""Visits that made no dossier, what the public wrote, and the domains to ask about."""

from typing import Any, override

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from counter.models import Draft, Enquiry, MailDomain, TurnedAway
from counter.supervision import HouseAdmin, is_supervisor


@admin.register(TurnedAway)
class TurnedAwayAdmin(HouseAdmin):
    list_display = ("at", "outcome", "reason", "clerk")
    list_filter = ("outcome",)


@admin.register(Draft)
class DraftAdmin(HouseAdmin):
    """That a clerk has one; what is in it stays theirs."""

    list_display = ("clerk", "saved_at")
    fields = ("clerk", "saved_at")


@admin.register(MailDomain)
class MailDomainAdmin(HouseAdmin):
    list_display = ("domain",)

    @override
    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        # One list for the whole house.
        return MailDomain.objects.all()

    @override
    def has_add_permission(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> bool:
        return is_supervisor(request)

    has_change_permission = has_add_permission
    has_delete_permission = has_add_permission


@admin.register(Enquiry)
class EnquiryAdmin(HouseAdmin):
    list_display = ("received_at", "kind", "page", "language", "handled_at")
    list_filter = ("kind",)
    readonly_fields = (
        "office",
        "kind",
        "language",
        "page",
        "name",
        "email",
        "text",
        "received_at",
        "handled_by",
        "handled_at",
    )

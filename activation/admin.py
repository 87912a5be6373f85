"""Codes and keys as the supervisor sees them: their course, never their secret."""

from typing import Any, override

from django.contrib import admin
from django.db import models
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from activation.models import ActivationCode, DigitalKey, KeyHolder
from counter.admin import DossierAdmin
from counter.supervision import HouseAdmin, HouseInline, ReferenceSearch


@admin.register(ActivationCode)
class ActivationCodeAdmin(ReferenceSearch):
    list_display = (
        "dossier",
        "state",
        "issued_at",
        "valid_until",
        "attempts",
        "issued_by",
    )
    list_filter = ("state", "issued_at")
    list_select_related = ("dossier", "issued_by")
    ordering = ("-dossier__recorded_at",)
    fields = (
        "dossier",
        "state",
        "attempts",
        "issued_by",
        "issued_at",
        "valid_until",
        "used_at",
        "locked_at",
        "replaced_at",
        "lapsed_at",
    )


class ActivationCodeInline(HouseInline):
    model = ActivationCode
    fields = ("state", "issued_at", "valid_until", "attempts", "issued_by")


class DigitalKeyInline(HouseInline):
    model = DigitalKey
    fields = ("kind", "state", "activated_at", "valid_until")


@admin.register(KeyHolder)
class KeyHolderAdmin(HouseAdmin):
    """The accounts that keys belong to; found by the whole user name."""

    list_display = ("user_name", "applicant", "created_at")
    list_select_related = ("applicant",)
    ordering = ("pk",)
    fields = ("user_name", "applicant", "created_at")
    search_fields = ("user_name",)
    search_help_text = _("The whole user name.")
    inlines = (DigitalKeyInline,)

    @override
    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        named = queryset.alias(lowered=Lower("user_name"))
        return named.filter(lowered=search_term.strip().lower()), False


@admin.register(DigitalKey)
class DigitalKeyAdmin(ReferenceSearch):
    dossier_id = "code__dossier_id"
    list_display = ("kind", "state", "activated_at", "valid_until", "holder", "dossier")
    list_filter = ("kind", "state", "activated_at", "valid_until")
    list_select_related = ("holder", "code__dossier")
    ordering = ("-code__dossier__recorded_at",)
    fields = (
        "holder",
        "code",
        "kind",
        "state",
        "created_at",
        "activated_at",
        "valid_until",
        "expired_at",
        "revoked_at",
    )

    @admin.display(description=_("dossier"))
    def dossier(self, key: DigitalKey) -> str:
        return str(key.code.dossier)


DossierAdmin.also_shown.append(ActivationCodeInline)

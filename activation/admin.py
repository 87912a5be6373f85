"""Codes and keys as the supervisor sees them: their course, never their secret."""

from typing import TYPE_CHECKING, Any, override

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from activation.enums import KeyKind
from activation.models import (
    ActivationCode,
    DigitalKey,
    HolderChange,
    KeyHolder,
    SignInActivity,
)
from activation.public.prices import as_the_public_reads
from counter.supervision.filters import DaysFilter
from counter.supervision.house_admin import HouseAdmin, HouseInline, ReferenceSearch
from counter.supervision.menu import Heading, Place
from payments.admin.tariffs import TariffAdmin

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@admin.register(ActivationCode)
class ActivationCodeAdmin(ReferenceSearch):
    place = Place(Heading.DOSSIERS, 30)
    leads_to = ("dossier",)
    list_display = (
        "dossier",
        "state",
        "issued_at",
        "valid_until",
        "attempts",
        "issued_by",
    )
    list_filter = ("state", ("issued_at", DaysFilter), ("valid_until", DaysFilter))
    list_select_related = ("dossier", "issued_by")
    ordering = ("-issued_at",)
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
        "frozen_at",
        "held_at",
    )


class KeyKindFilter(admin.SimpleListFilter):
    """The dossiers that led to a key of some kind, whatever became of it."""

    title = _("kind of key")
    parameter_name = "key"

    @override
    def lookups(
        self, request: HttpRequest, model_admin: Any
    ) -> "list[tuple[str, StrPromise | str]]":
        return [(kind.value, kind.label) for kind in KeyKind]

    @override
    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        if self.value() not in KeyKind.values:
            return queryset
        keys = DigitalKey.objects.filter(
            code__dossier=models.OuterRef("pk"),
            kind=self.value(),
            activated_at__isnull=False,
        )
        return queryset.filter(models.Exists(keys))


class DigitalKeyInline(HouseInline):
    model = DigitalKey
    fields = ("kind", "state", "activated_at", "valid_until")


@admin.register(KeyHolder)
class KeyHolderAdmin(HouseAdmin):
    """The accounts that keys belong to.

    No search: user names resemble people's names, and a search term is in the URL.
    """

    place = Place(Heading.PEOPLE, 20)
    leads_to = ("applicant",)
    list_display = ("user_name", "applicant", "created_at")
    list_select_related = ("applicant",)
    ordering = ("pk",)
    fields = ("user_name", "applicant", "created_at")
    inlines = (DigitalKeyInline,)


@admin.register(DigitalKey)
class DigitalKeyAdmin(ReferenceSearch):
    place = Place(Heading.PEOPLE, 30)
    leads_to = ("code__dossier",)
    dossier_id = "code__dossier_id"
    list_display = ("kind", "state", "activated_at", "valid_until", "holder", "dossier")
    list_filter = (
        "kind",
        "state",
        ("activated_at", DaysFilter),
        ("valid_until", DaysFilter),
    )
    list_select_related = ("holder", "code__dossier")
    ordering = ("-created_at",)
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
        "last_used_at",
    )

    @admin.display(description=_("dossier"))
    def dossier(self, key: DigitalKey) -> str:
        return str(key.code.dossier)


@admin.register(SignInActivity)
class SignInActivityAdmin(HouseAdmin):
    """For the question "was it me?" at the counter, as on the holder's own page."""

    place = Place(Heading.PEOPLE, 40)
    leads_to = ("holder__applicant",)
    list_display = ("at", "holder", "kind", "device", "browser", "result")
    list_filter = ("result", "kind", "at")
    list_select_related = ("holder",)
    fields = ("holder", "at", "key", "kind", "device", "browser", "result")


@admin.register(HolderChange)
class HolderChangeAdmin(HouseAdmin):
    place = Place(Heading.PEOPLE, 50)
    leads_to = ("holder__applicant",)
    list_display = ("at", "holder", "what", "kind")
    list_filter = ("what", "at")
    list_select_related = ("holder",)
    fields = ("holder", "at", "what", "kind")


TariffAdmin.public_pages.append(as_the_public_reads)

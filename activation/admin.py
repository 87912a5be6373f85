"""The admin of codes, keys and accounts: states and times, never the secrets."""

from typing import TYPE_CHECKING, Any, override

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
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
from counter.enums import DossierState
from counter.models import Applicant, Clerk
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
    """Filters dossiers by the kind of key they led to, also if it is not active now."""

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
        # The state follows from the key. But without it PostgreSQL also checks the
        # dossiers of all other states one by one.
        return queryset.filter(models.Exists(keys), state=DossierState.ACTIVATED)


class DigitalKeyInline(HouseInline):
    model = DigitalKey
    fields = ("kind", "state", "activated_at", "valid_until")


def name_of(applicant: Applicant) -> str:
    """The person's name as a link to their page in the admin."""
    page = reverse("admin:counter_applicant_change", args=[applicant.pk])
    return format_html('<a href="{}">{}</a>', page, applicant.name)


class OfHolder(HouseAdmin):
    """The base for rows of a key holder; it adds the person's name as a column."""

    @admin.display(description=_("applicant"))
    def person(self, row: "DigitalKey | SignInActivity | HolderChange") -> str:
        return name_of(row.holder.applicant)


@admin.register(KeyHolder)
class KeyHolderAdmin(HouseAdmin):
    """The accounts that keys belong to.

    No search: user names resemble people's names, and a search term is in the URL.
    """

    place = Place(Heading.PEOPLE, 20)
    leads_to = ("applicant",)
    list_display = ("user_name", "person", "created_at")
    list_select_related = ("applicant",)
    ordering = ("pk",)
    fields = ("user_name", "person", "created_at")
    readonly_fields = ("person",)
    inlines = (DigitalKeyInline,)

    @admin.display(description=_("applicant"))
    def person(self, holder: KeyHolder) -> str:
        return name_of(holder.applicant)


class IssuedHereFilter(admin.SimpleListFilter):
    """Only keys of the reader's own office's dossiers, as the start page counts them.

    The list has every key of a person who came to the office, wherever its code was
    issued.
    """

    title = _("code issued")
    parameter_name = "issued"
    HERE = "here"

    @override
    def lookups(
        self, request: HttpRequest, model_admin: Any
    ) -> list[tuple[str, "StrPromise"]]:
        return [(self.HERE, _("by the own office"))]

    @override
    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        by = request.user
        if self.value() != self.HERE or not isinstance(by, Clerk):
            return queryset
        if by.sees_every_office:
            return queryset
        return queryset.filter(code__dossier__office=by.office_id)


@admin.register(DigitalKey)
class DigitalKeyAdmin(OfHolder, ReferenceSearch):
    place = Place(Heading.PEOPLE, 30)
    leads_to = ("code__dossier",)
    dossier_id = "code__dossier_id"
    list_display = ("kind", "state", "activated_at", "valid_until", "person", "dossier")
    list_filter = (
        "kind",
        "state",
        IssuedHereFilter,
        ("activated_at", DaysFilter),
        ("valid_until", DaysFilter),
    )
    parameters = (IssuedHereFilter.parameter_name,)
    list_select_related = ("holder__applicant", "code__dossier")
    ordering = ("-created_at",)
    readonly_fields = ("person", "dossier")
    fields = (
        "person",
        "dossier",
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
class SignInActivityAdmin(OfHolder):
    """The holder's history, as on their own page.

    For a person who asks at the counter who used their key.
    """

    place = Place(Heading.PEOPLE, 40)
    leads_to = ("holder__applicant",)
    list_display = (
        "at",
        "person",
        "what_for",
        "kind",
        "device",
        "browser",
        "is_new_device",
        "result",
    )
    list_filter = ("result", "kind", "at")
    list_select_related = ("holder__applicant",)
    readonly_fields = ("person",)
    fields = (
        "person",
        "at",
        "what_for",
        "key",
        "kind",
        "device",
        "browser",
        "is_new_device",
        "result",
    )


@admin.register(HolderChange)
class HolderChangeAdmin(OfHolder):
    place = Place(Heading.PEOPLE, 50)
    leads_to = ("holder__applicant",)
    list_display = ("at", "person", "act", "kind")
    list_filter = ("act", "at")
    list_select_related = ("holder__applicant",)
    readonly_fields = ("person",)
    fields = ("person", "at", "act", "kind")


TariffAdmin.public_pages.append(as_the_public_reads)

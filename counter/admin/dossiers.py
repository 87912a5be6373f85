"""The dossiers, with what hangs on them."""

import datetime
from typing import TYPE_CHECKING, Any, override

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from counter.admin.holds import set_hold
from counter.admin.journal import sentence_of
from counter.crypto.encryption import UnsealError
from counter.desk import registry
from counter.identity.last_day import NO_END_WORDS
from counter.models import Dossier, JournalEntry, LegalHold
from counter.supervision.house_admin import (
    UNREADABLE,
    HouseInline,
    ReferenceSearch,
    VisibleFilter,
)
from counter.supervision.menu import Heading, Place

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class JournalInline(HouseInline):
    model = JournalEntry
    fields = ("at", "sentence")
    readonly_fields = ("at", "sentence")
    ordering = ("id",)
    show_change_link = False

    @override
    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).select_related("clerk")

    @admin.display(description=_("what happened"))
    def sentence(self, entry: JournalEntry) -> str:
        return sentence_of(entry)


class HoldInline(HouseInline):
    """Why nothing of it may be removed, now and before."""

    model = LegalHold
    fields = ("reason", "set_by", "set_at", "until", "lifted_at", "lift_reason")
    ordering = ("-set_at",)


@admin.register(Dossier)
class DossierAdmin(ReferenceSearch):
    """Dossiers, with what hangs on them (counter.desk.registry)."""

    place = Place(Heading.DOSSIERS, 10)
    leads_to = ("pk",)
    dossier_id = "pk"
    list_display = ("reference", "state", "office", "recorded_by", "recorded_at")
    list_filter = (
        "state",
        "reason",
        "recorded_at",
        ("office", VisibleFilter),
        ("recorded_by", VisibleFilter),
    )
    #: The numbers of the start page lead to lists by these.
    parameters = tuple(
        f"{column}__{bound}"
        for column in ("code_issued_at", "activated_at")
        for bound in ("gte", "lt")
    )
    list_select_related = ("office", "recorded_by")
    inlines = (HoldInline, JournalInline)
    fieldsets = (
        (None, {"fields": ("reference", "state", "office", "applicant")}),
        (
            _("Request"),
            {"fields": ("email", "language", "reason", "recorded_by", "recorded_at")},
        ),
        (
            _("Document"),
            {
                "fields": (
                    "last_name",
                    "first_names",
                    "birth_date",
                    "document_type",
                    "document_country",
                    "document_tail",
                    "last_day",
                    "original_seen_at",
                )
            },
        ),
        (
            _("Course"),
            {
                "fields": (
                    "paid_at",
                    "code_issued_at",
                    "activated_at",
                    "cancelled_at",
                    "lapsed_at",
                    "redirected_at",
                    "anonymised_at",
                )
            },
        ),
    )

    @override
    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<path:dossier_id>/hold/",
            self.admin_site.admin_view(self.set_hold),
            name="counter_dossier_hold",
        )
        return [own, *super().get_urls()]

    def set_hold(self, request: HttpRequest, dossier_id: str) -> HttpResponse:
        """Nothing of it may be removed (counter.retention.holds)."""
        dossier = self.get_object(request, unquote(dossier_id))
        if not isinstance(dossier, Dossier):
            raise Http404
        return set_hold(self, request, dossier)

    @override
    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """And the hold that stands on it, which can be lifted."""
        in_force = LegalHold.objects.in_force(timezone.now())
        dossier = self.get_object(request, unquote(object_id))
        hold = in_force.filter(dossier=dossier).first() if dossier else None
        extra = (extra_context or {}) | {"hold": hold}
        return super().change_view(request, object_id, form_url, extra)

    @override
    def get_list_filter(self, request: HttpRequest) -> tuple[Any, ...]:
        """The state's filter first, then those that other apps bring."""
        state, *others = self.list_filter
        return (state, *registry.filters(), *others)

    @override
    def lookups_of_filters(self, request: HttpRequest) -> set[str]:
        brought = {str(one.parameter_name) for one in registry.filters()}
        return super().lookups_of_filters(request) | brought

    @admin.display(description=_("reference"), ordering="pk")
    def reference(self, dossier: Dossier) -> str:
        return dossier.reference

    @admin.display(description=_("valid until"), ordering="document_expiry")
    def last_day(self, dossier: Dossier) -> "datetime.date | StrPromise":
        return dossier.document_expiry or NO_END_WORDS

    @admin.display(description=_("last characters of the number"))
    def document_tail(self, dossier: Dossier) -> str:
        try:
            return dossier.document_number_tail or UNREADABLE
        except UnsealError:
            return UNREADABLE

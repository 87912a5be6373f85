"""The counter as the supervisor sees it."""

import uuid
from typing import TYPE_CHECKING, Any, override

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from counter.encryption import UnsealError
from counter.enums import Role
from counter.models import (
    Applicant,
    Clerk,
    ClosingDay,
    Dossier,
    JournalEntry,
    JournalSeal,
    Office,
    OpeningHours,
)
from counter.national_number import NationalNumberError
from counter.supervision import HouseAdmin, HouseInline, VisibleFilter, is_supervisor

if TYPE_CHECKING:
    _UserAdmin = UserAdmin[Clerk]
    _UserCreationForm = UserCreationForm[Clerk]
    _UserChangeForm = UserChangeForm[Clerk]
    _AnyForm = ModelForm[Any]
else:
    _UserAdmin = UserAdmin
    _UserCreationForm = UserCreationForm
    _UserChangeForm = UserChangeForm
    _AnyForm = ModelForm

UNREADABLE = "—"
_UUID_DIGITS = 32


class ReferenceSearch(HouseAdmin):
    """Search by a dossier's reference: the beginning of its id, and nothing else.

    What is searched for stands in the address, so it must say nothing about a person.
    """

    search_fields = ("pk",)
    search_help_text = _("A dossier's reference: 8 characters.")
    #: The lookup of the dossier's id from this model.
    dossier_id = "dossier_id"

    @override
    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        typed = search_term.strip().replace("-", "")
        if not typed:
            return queryset, False
        try:
            first = uuid.UUID(typed[:_UUID_DIGITS].ljust(_UUID_DIGITS, "0"))
            last = uuid.UUID(typed[:_UUID_DIGITS].ljust(_UUID_DIGITS, "f"))
        except ValueError:
            return queryset.none(), False
        bounds = {f"{self.dossier_id}__gte": first, f"{self.dossier_id}__lte": last}
        return queryset.filter(**bounds), False


class OwnRows(HouseInline):
    """What belongs to an office and is edited with it."""

    can_delete = True
    show_change_link = False

    @override
    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        # Under an office that was visible; these have no rule of their own.
        rows: models.QuerySet[Any] = self.model._default_manager.all()
        return rows

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

    @override
    def has_delete_permission(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> bool:
        return is_supervisor(request)


class OpeningHoursInline(OwnRows):
    model = OpeningHours


class ClosingDayInline(OwnRows):
    model = ClosingDay


@admin.register(Office)
class OfficeAdmin(HouseAdmin):
    list_display = ("name", "authority", "city", "phone")
    ordering = ("name",)
    inlines = (OpeningHoursInline, ClosingDayInline)

    @override
    def has_add_permission(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> bool:
        # Whoever has an office would not see the new one.
        return is_supervisor(request) and bool(request.user.is_superuser)

    @override
    def has_change_permission(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> bool:
        return is_supervisor(request)


class ClerkForm(_UserChangeForm):
    class Meta:
        model = Clerk
        fields = "__all__"
        field_classes: dict[str, type] = {}


class NewClerkForm(_UserCreationForm):
    class Meta:
        model = Clerk
        fields = ("username",)
        field_classes: dict[str, type] = {}


@admin.register(Clerk)
class ClerkAdmin(HouseAdmin, _UserAdmin):
    """Accounts. Whoever leaves is made inactive: what they did keeps their name."""

    form = ClerkForm
    add_form = NewClerkForm
    list_display = ("username", "first_name", "last_name", "role", "desk", "is_active")
    list_filter = ("role", "is_active", ("office", VisibleFilter))
    list_select_related = ("office",)
    search_fields = ("username",)
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    _person: tuple[str, ...] = (
        "first_name",
        "last_name",
        "office",
        "role",
        "desk",
        "language",
    )
    fieldsets = (
        (None, {"fields": ("username", "password", "is_active")}),
        (_("Person"), {"fields": _person}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "password1", "password2")}),
        (_("Person"), {"fields": _person}),
    )

    @override
    def has_add_permission(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> bool:
        return is_supervisor(request)

    @override
    def has_change_permission(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> bool:
        """Nobody below a superuser can take over a superuser's account."""
        if isinstance(obj, Clerk) and obj.is_superuser:
            return is_supervisor(request) and bool(request.user.is_superuser)
        return is_supervisor(request)

    @override
    def get_readonly_fields(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> tuple[str, ...]:
        own = ("is_active", "role", "office") if obj == request.user else ()
        return (*self.readonly_fields, *own)

    @override
    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        # Only a superuser may stand outside the offices.
        kwargs["required"] = not request.user.is_superuser
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @override
    def save_model(
        self,
        request: HttpRequest,
        obj: models.Model,
        form: _AnyForm,
        change: bool,
    ) -> None:
        if isinstance(obj, Clerk):
            obj.is_staff = obj.role == Role.SUPERVISOR
        super().save_model(request, obj, form, change)


@admin.register(Applicant)
class ApplicantAdmin(HouseAdmin):
    """People, with their number masked: revealing it is the desk's, and journalled."""

    list_display = ("name", "masked_number", "number_kind", "first_seen_at")
    list_filter = ("number_kind",)
    ordering = ("-first_seen_at",)
    fields = (
        "masked_number",
        "number_kind",
        "last_name",
        "first_names",
        "birth_date",
        "first_seen_at",
    )

    @admin.display(description=_("national number"))
    def masked_number(self, applicant: Applicant) -> str:
        try:
            return applicant.masked_number
        except (UnsealError, NationalNumberError):
            return UNREADABLE


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


@admin.register(Dossier)
class DossierAdmin(ReferenceSearch):
    """Dossiers, with what hangs on them.

    Higher apps add theirs to `also_shown`; Django loads the highest app first.
    """

    dossier_id = "pk"
    list_display = ("reference", "state", "office", "recorded_by", "recorded_at")
    list_filter = (
        "state",
        "reason",
        "recorded_at",
        ("office", VisibleFilter),
        ("recorded_by", VisibleFilter),
    )
    list_select_related = ("office", "recorded_by")
    also_shown: list[type[HouseInline]] = []
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
                    "document_type",
                    "document_country",
                    "document_tail",
                    "document_expiry",
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
                )
            },
        ),
    )

    @override
    def get_inlines(
        self, request: HttpRequest, obj: models.Model | None
    ) -> tuple[type[HouseInline], ...]:
        return (*reversed(self.also_shown), JournalInline)

    @admin.display(description=_("reference"), ordering="pk")
    def reference(self, dossier: Dossier) -> str:
        return dossier.reference

    @admin.display(description=_("last characters of the number"))
    def document_tail(self, dossier: Dossier) -> str:
        try:
            return dossier.document_number_tail or UNREADABLE
        except UnsealError:
            return UNREADABLE


@admin.register(JournalEntry)
class JournalEntryAdmin(ReferenceSearch):
    """The journal, newest first."""

    list_display = ("at", "sentence", "dossier", "office")
    list_display_links = ("at",)
    list_filter = (
        "event",
        ("clerk", VisibleFilter),
        "at",
        "actor_kind",
    )
    list_select_related = ("clerk", "office", "dossier")
    ordering = ("-id",)
    fields = ("at", "sentence", "event", "actor_kind", "clerk", "office", "dossier")

    @admin.display(description=_("what happened"))
    def sentence(self, entry: JournalEntry) -> str:
        return sentence_of(entry)


@admin.register(JournalSeal)
class JournalSealAdmin(HouseAdmin):
    """The chain over the journal; it says nothing about anybody, so all see all."""

    list_display = ("sealed_at", "first_id", "last_id", "entries")
    ordering = ("-last_id",)
    fields = ("sealed_at", "first_id", "last_id", "entries", "digest_in_hex")

    @override
    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return JournalSeal.objects.order_by(*self.ordering)

    @admin.display(description=_("digest"))
    def digest_in_hex(self, seal: JournalSeal) -> str:
        return bytes(seal.digest).hex()


def sentence_of(entry: JournalEntry) -> str:
    """The entry's sentence; a row that somebody forged is shown, not hidden."""
    try:
        return entry.sentence
    except (KeyError, ValueError, IndexError):
        return f"{entry.event} {entry.details}"

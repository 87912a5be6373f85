"""Who works here."""

from typing import TYPE_CHECKING, Any, override

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from counter.enums import Role
from counter.models import Clerk
from counter.supervision import HouseAdmin, VisibleFilter, is_supervisor

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

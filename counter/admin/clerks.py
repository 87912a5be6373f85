"""Who works here."""

from typing import TYPE_CHECKING, Any, override

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from counter import second_factor
from counter.enums import Role
from counter.models import Clerk, SecondFactor
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
    readonly_fields = ("last_login", "date_joined", "app_set_up_at")
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
        (_("Dates"), {"fields": ("last_login", "date_joined", "app_set_up_at")}),
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

    @admin.display(description=_("app for signing in set up"))
    def app_set_up_at(self, clerk: Clerk) -> str:
        rows = SecondFactor.objects.confirmed().filter(pk=clerk.pk)
        at = rows.values_list("confirmed_at", flat=True).first()
        return date_format(localtime(at), "DATETIME_FORMAT") if at else "-"

    @override
    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<id>/reset-app/",
            self.admin_site.admin_view(self.reset_app),
            name="counter_clerk_reset_app",
        )
        return [own, *super().get_urls()]

    @override
    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        clerk = self.get_object(request, object_id)
        can_reset = (
            clerk is not None
            and self._may_reset_app(request, clerk)
            and second_factor.is_set_up(clerk)
        )
        extra = (extra_context or {}) | {"can_reset_app": can_reset}
        return super().change_view(request, object_id, form_url, extra)

    def reset_app(self, request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
        """A lost phone: asked once more, then forgotten (counter.second_factor)."""
        clerk = self.get_object(request, unquote(id))
        if clerk is None:
            raise Http404
        page = reverse("admin:counter_clerk_change", args=[clerk.pk])
        if not self._may_reset_app(request, clerk):
            raise PermissionDenied
        if request.method != "POST":
            context = self.admin_site.each_context(request) | {
                "title": _("Reset the app for signing in"),
                "opts": self.opts,
                "clerk": clerk,
            }
            return render(request, "admin/counter/clerk/reset_app.html", context)
        by = request.user
        if not isinstance(by, Clerk):
            raise PermissionDenied
        if second_factor.reset(clerk=clerk, by=by, at=timezone.now()):
            said = _("%(clerk)s sets up an app at the next sign-in.")
        else:
            said = _("%(clerk)s has no app set up.")
        self.message_user(request, said % {"clerk": clerk})
        return HttpResponseRedirect(page)

    def _may_reset_app(self, request: HttpRequest, clerk: Clerk) -> bool:
        """Of one's own account another supervisor decides."""
        return clerk != request.user and self.has_change_permission(request, clerk)

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

"""Who works here."""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any, ClassVar, override

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from counter.admin.clerk_form import ClerkForm
from counter.admin.leaving import drafts_left, leaves
from counter.exceptions import CounterError
from counter.models import Clerk, Desk, SecondFactor
from counter.roles import rights
from counter.sign_in import screen_lock, second_factor
from counter.staff import account_changes, password_links
from counter.staff.account_changes import Before
from counter.supervision.house_admin import HouseAdmin, VisibleFilter
from counter.supervision.menu import Heading, Place
from counter.supervision.traces import NOBODY

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    _UserAdmin = UserAdmin[Clerk]
    _AnyForm = ModelForm[Any]
else:
    _UserAdmin = UserAdmin
    _AnyForm = ModelForm


@admin.register(Clerk)
class ClerkAdmin(HouseAdmin, _UserAdmin):
    """Accounts. Whoever leaves is made inactive: what they did keeps their name."""

    place = Place(Heading.OFFICE, 20)
    #: What an account that is switched off, or moved to another office, leaves to be
    #: done: one sentence each. Higher apps add theirs.
    left_behind: ClassVar[list[Callable[[Clerk], Iterable["StrOrPromise"]]]] = [
        drafts_left
    ]
    leads_to = NOBODY
    form = ClerkForm
    add_form = ClerkForm
    add_form_template = None  # Django's speaks of a password
    list_display = ("username", "first_name", "last_name", "role", "desk", "is_active")
    list_filter = ("role", "is_active", ("office", VisibleFilter))
    list_select_related = ("office", "sign_in__desk")
    search_fields = ("username",)
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = (
        "last_login",
        "date_joined",
        "app_set_up_at",
        "desk",
        "desk_since",
    )
    _person: tuple[str, ...] = (
        "first_name",
        "last_name",
        "email",
        "office",
        "role",
        "language",
    )
    #: The address too: whoever came by a screen left open would have a link for a new
    #: password sent there. And the names, by which own people are known.
    _not_of_oneself: tuple[str, ...] = (
        *("is_active", "role", "office", "email"),
        *Clerk.NAMES,
    )
    fieldsets = (
        (None, {"fields": ("username", "is_active")}),
        (_("Person"), {"fields": _person}),
        (_("Today"), {"fields": ("desk", "desk_since")}),
        (_("Dates"), {"fields": ("last_login", "date_joined", "app_set_up_at")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": ("username",),
                "description": _(
                    "The person gets a mail with a link and chooses the password."
                ),
            },
        ),
        (_("Person"), {"fields": _person}),
    )

    @override
    def has_change_permission(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> bool:
        """Nobody below a superuser can take over a superuser's account."""
        if isinstance(obj, Clerk) and obj.is_superuser and not _is_superuser(request):
            return False
        return super().has_change_permission(request, obj)

    @override
    def get_readonly_fields(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> tuple[str, ...]:
        own = self._not_of_oneself if obj == request.user else ()
        # The journal names people by it, and its owner signs in with it.
        made = ("username",) if obj is not None else ()
        return (*self.readonly_fields, *made, *own)

    @override
    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        # Who stands above the offices may put somebody there.
        kwargs["required"] = not getattr(request.user, "sees_every_office", False)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=_("desk today"), ordering="sign_in__desk")
    def desk(self, clerk: Clerk) -> Desk | None:
        return clerk.sign_in.desk

    @admin.display(description=_("at this desk since"))
    def desk_since(self, clerk: Clerk) -> str:
        return _moment(clerk.sign_in.desk_since)

    @admin.display(description=_("app for signing in set up"))
    def app_set_up_at(self, clerk: Clerk) -> str:
        rows = SecondFactor.objects.confirmed().filter(pk=clerk.pk)
        at = rows.values_list("confirmed_at", flat=True).first()
        return _moment(at)

    @override
    def get_urls(self) -> list[URLPattern]:
        """Without Django's page that sets another's password."""
        own = [
            path(
                "<id>/reset-app/",
                self.admin_site.admin_view(self.reset_app),
                name="counter_clerk_reset_app",
            ),
            path(
                "<id>/send-password-link/",
                self.admin_site.admin_view(self.send_password_link),
                name="counter_clerk_send_password_link",
            ),
        ]
        djangos = "auth_user_password_change"
        return own + [page for page in super().get_urls() if page.name != djangos]

    @override
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """After a pause the password first: by an account everything else is done."""
        page = super().changeform_view
        asked = screen_lock.ask_who_is_there(request)
        return asked or page(request, object_id, form_url, extra_context)

    @override
    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        clerk = self.get_object(request, object_id)
        may = clerk is not None and self._may_help(request, clerk)
        helped = clerk if may else None
        extra = (extra_context or {}) | {
            "can_reset_app": helped is not None and second_factor.is_set_up(helped),
            "can_send_link": helped is not None and helped.is_active,
        }
        return super().change_view(request, object_id, form_url, extra)

    def reset_app(self, request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
        """A lost phone: asked once more, then forgotten
        (counter.sign_in.second_factor).
        """
        clerk, by = self._helped(request, id)
        if asked := screen_lock.ask_who_is_there(request):
            return asked
        if request.method != "POST":
            title = _("Reset the app for signing in")
            return self._ask(request, clerk, "reset_app", title)
        if second_factor.reset(clerk=clerk, by=by, at=timezone.now()):
            said = _("%(clerk)s sets up an app at the next sign-in.")
        else:
            said = _("%(clerk)s has no app set up.")
        return self._done(request, clerk, said % {"clerk": clerk})

    def send_password_link(self, request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
        """A lost password, or an invitation that came to nothing: a link by mail."""
        clerk, by = self._helped(request, id)
        if not clerk.is_active:
            raise PermissionDenied
        if asked := screen_lock.ask_who_is_there(request):
            return asked
        if request.method != "POST":
            title = _("Send a link for a new password")
            return self._ask(request, clerk, "send_password_link", title)
        try:
            password_links.ask_reset(clerk=clerk, by=by, at=timezone.now())
        except CounterError as error:
            return self._done(request, clerk, str(error), level=messages.ERROR)
        said = _("A link was sent to %(clerk)s, who chooses the password.")
        return self._done(request, clerk, said % {"clerk": clerk})

    def _helped(self, request: HttpRequest, id: str) -> tuple[Clerk, Clerk]:  # noqa: A002
        """Whose account it is and who asks; of one's own another supervisor decides."""
        clerk, by = self.get_object(request, unquote(id)), request.user
        if clerk is None:
            raise Http404
        if not isinstance(by, Clerk) or not self._may_help(request, clerk):
            raise PermissionDenied
        return clerk, by

    def _ask(
        self, request: HttpRequest, clerk: Clerk, page: str, title: "StrOrPromise"
    ) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "title": title,
            "opts": self.opts,
            "clerk": clerk,
        }
        return render(request, f"admin/counter/clerk/{page}.html", context)

    def _done(
        self,
        request: HttpRequest,
        clerk: Clerk,
        said: "StrOrPromise",
        level: int = messages.INFO,
    ) -> HttpResponse:
        self.message_user(request, said, level=level)
        page = reverse("admin:counter_clerk_change", args=[clerk.pk])
        return HttpResponseRedirect(page)

    def _may_help(self, request: HttpRequest, clerk: Clerk) -> bool:
        return clerk != request.user and self.has_change_permission(request, clerk)

    @override
    def save_model(
        self,
        request: HttpRequest,
        obj: models.Model,
        form: _AnyForm,
        change: bool,
    ) -> None:
        if not isinstance(obj, Clerk) or not isinstance(request.user, Clerk):
            raise PermissionDenied
        obj.is_staff = obj.role in rights.OPEN_ADMIN.roles
        if not change:
            obj.set_unusable_password()
        by, at = request.user, timezone.now()
        with transaction.atomic():
            was = account_changes.before(obj, by=by, at=at) if change else None
            super().save_model(request, obj, form, change)
            _tell_of(obj, was, by=by, at=at)
        if change and leaves(obj, form):
            for said in chain.from_iterable(tell(obj) for tell in self.left_behind):
                self.message_user(request, said, level=messages.WARNING)


def _is_superuser(request: HttpRequest) -> bool:
    return bool(request.user.is_superuser)


def _tell_of(clerk: Clerk, was: Before | None, *, by: Clerk, at: datetime) -> None:
    """What the form did to whose hands the account is in (counter.staff.same_hands)."""
    if was is None:
        password_links.invite(clerk=clerk, by=by, at=at)
        return
    if clerk.email != was.account.email:
        password_links.change_email(clerk=clerk, was=was, by=by, at=at)
    account_changes.note_place(account=clerk, was=was, by=by, at=at)


def _moment(at: datetime | None) -> str:
    return date_format(localtime(at), "DATETIME_FORMAT") if at else "-"

"""The admin of the accounts of colleagues."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, override

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from counter.admin.accounts.clerk_acts import ClerkActs
from counter.admin.accounts.clerk_form import ClerkForm
from counter.admin.accounts.leaving import leaves
from counter.desk import registry
from counter.models import Clerk, SecondFactor
from counter.roles import role_rights
from counter.sign_in import screen_lock, single_session
from counter.staff import account_changes, invitations, password_links
from counter.staff.account_changes import Before
from counter.supervision.menu import Heading, Place
from counter.supervision.traces import NOBODY
from counter.supervision.visible_rows import VisibleFilter

if TYPE_CHECKING:
    _UserAdmin = UserAdmin[Clerk]
    _AnyForm = ModelForm[Any]
else:
    _UserAdmin = UserAdmin
    _AnyForm = ModelForm


@admin.register(Clerk)
class ClerkAdmin(ClerkActs, _UserAdmin):
    """Accounts. A colleague who leaves is made inactive; their acts keep their name."""

    place = Place(Heading.OFFICE, 20)
    leads_to = NOBODY
    is_short = True
    form = ClerkForm
    add_form = ClerkForm
    add_form_template = None  # Django's template mentions a password
    list_display = ("username", "name", "role", "account_status", "session", "office")
    list_filter = ("role", "is_active", ("office", VisibleFilter))
    list_select_related = ("office", "sign_in__desk", "city_identity")
    search_fields = ("username",)
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = (
        "last_login",
        "date_joined",
        "app_set_up_at",
        "account_status_now",
        "last_mail",
        "session",
    )
    _person: tuple[str, ...] = (
        "first_name",
        "last_name",
        "email",
        "office",
        "role",
        "language",
    )
    #: The fields that nobody may change in their own account. The address is one: at an
    #: unattended screen, somebody could enter another one and get a link for a new
    #: password. So are the names, because own people are recognised by them.
    _not_of_oneself: tuple[str, ...] = (
        *("is_active", "role", "office", "email"),
        *Clerk.NAMES,
    )
    fieldsets = (
        (None, {"fields": ("username", "is_active")}),
        (_("Person"), {"fields": _person}),
        (_("Today"), {"fields": ("account_status_now", "last_mail", "session")}),
        (_("Dates"), {"fields": ("last_login", "date_joined", "app_set_up_at")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": (*_person, "username"),
                "description": _(
                    "The colleague gets a mail with a link that is good for 48 hours, "
                    "chooses the password, and sets up an app at the first sign-in."
                ),
            },
        ),
    )

    @override
    def has_change_permission(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> bool:
        """Only a superuser may change a superuser's account, to protect it."""
        if isinstance(obj, Clerk) and obj.is_superuser and not _is_superuser(request):
            return False
        return super().has_change_permission(request, obj)

    @override
    def get_readonly_fields(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> tuple[str, ...]:
        own = self._not_of_oneself if obj == request.user else ()
        # The journal names people by the user name, and its owner signs in with it.
        after_creation = ("username",) if obj is not None else ()
        return (*self.readonly_fields, *after_creation, *own)

    @override
    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        # Only somebody without an office, who sees all of them, may leave this empty.
        is_above = getattr(request.user, "sees_every_office", False)
        kwargs["required"] = not is_above
        kwargs["empty_label"] = _("the whole house") if is_above else "-"
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=_("name"), ordering="last_name")
    def name(self, clerk: Clerk) -> str:
        return clerk.get_full_name()

    @admin.display(description=_("account"))
    def account_status(self, clerk: Clerk) -> str:
        return str(invitations.account_status(clerk).label)

    @admin.display(description=_("account"))
    def account_status_now(self, clerk: Clerk) -> str:
        """The status in the database, also when the page shows a refused form."""
        return self.account_status(Clerk.objects.get(pk=clerk.pk))

    @admin.display(description=_("last mail with a link"))
    def last_mail(self, clerk: Clerk) -> str:
        """Whether the last mail with a link was delivered; it may have been refused."""
        return registry.account_mail(clerk) or "-"

    @admin.display(description=_("signed in since"))
    def session(self, clerk: Clerk) -> str:
        """Since when the account is signed in, and at which desk."""
        since = single_session.since(clerk, at=timezone.now())
        if since is None:
            return "-"
        when = date_format(localtime(since), "SHORT_DATETIME_FORMAT")
        return f"{when}, {clerk.desk_name}" if clerk.desk_name else when

    @admin.display(description=_("app for signing in set up"))
    def app_set_up_at(self, clerk: Clerk) -> str:
        rows = SecondFactor.objects.confirmed().filter(pk=clerk.pk)
        at = rows.values_list("confirmed_at", flat=True).first()
        return _moment(at)

    @override
    def get_urls(self) -> list[URLPattern]:
        """The pages without Django's own, which sets the password of somebody else."""
        djangos = "auth_user_password_change"
        others = [page for page in super().get_urls() if page.name != djangos]
        return self.act_urls() + others

    @override
    def get_fieldsets(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> list[tuple[Any, Any]]:
        """Add the field `leave_anyway` (ClerkForm) for a colleague's account that the
        reader may change.
        """
        fieldsets = list(super().get_fieldsets(request, obj))
        is_other = obj is not None and obj != request.user
        if is_other and self.has_change_permission(request, obj):
            title, options = fieldsets[0]
            fields = (*options["fields"], "leave_anyway")
            fieldsets[0] = (title, {**options, "fields": fields})
        return fieldsets

    @override
    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        extra = (extra_context or {}) | {"title": _("Invite a colleague")}
        return super().add_view(request, form_url, extra)

    @override
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Ask for the password after a pause: accounts give all other rights."""
        page = super().changeform_view
        asked = screen_lock.ask_who_is_there(request)
        return asked or page(request, object_id, form_url, extra_context)

    @override
    def response_add(
        self, request: HttpRequest, obj: models.Model, post_url_continue: Any = None
    ) -> HttpResponse:
        """Lead to the new account or to an empty form, and say that a mail is sent."""
        if not isinstance(obj, Clerk):
            raise PermissionDenied
        words = {"who": obj, "email": obj.email, "name": obj.get_username()}
        sentence = _(
            "%(who)s gets a mail at %(email)s with a link that is good for 48 hours. "
            "The user name is %(name)s."
        )
        self.message_user(request, sentence % words, level=messages.SUCCESS)
        if "_addanother" in request.POST:
            return HttpResponseRedirect(request.path)
        page = reverse("admin:counter_clerk_change", args=[obj.pk])
        return HttpResponseRedirect(page)

    @override
    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        clerk = self.get_object(request, object_id)
        extra = (extra_context or {}) | self.offered(request, clerk)
        return super().change_view(request, object_id, form_url, extra)

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
        obj.is_staff = obj.role in role_rights.OPEN_ADMIN.roles
        if not change:
            obj.set_unusable_password()
        by, at = request.user, timezone.now()
        with transaction.atomic():
            was = account_changes.before(obj, by=by, at=at) if change else None
            super().save_model(request, obj, form, change)
            _tell_of(obj, was, by=by, at=at)
        if change and leaves(form):
            for sentence in registry.left_behind(obj):
                self.message_user(request, sentence, level=messages.WARNING)


def _is_superuser(request: HttpRequest) -> bool:
    return bool(request.user.is_superuser)


def _tell_of(clerk: Clerk, was: Before | None, *, by: Clerk, at: datetime) -> None:
    """Record who changed or made the account, for counter.staff.same_hands.

    Mails are sent about it: the invitation, or a message about a changed address.
    """
    if was is None:
        password_links.invite(clerk=clerk, by=by, at=at)
        return
    if clerk.email != was.account.email:
        password_links.change_email(clerk=clerk, was=was, by=by, at=at)
    account_changes.note_place(account=clerk, was=was, by=by, at=at)


def _moment(at: datetime | None) -> str:
    return date_format(localtime(at), "DATETIME_FORMAT") if at else "-"

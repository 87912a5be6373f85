"""The admin site, and the rules that it checks of every admin.

The matrix of roles says who may do what (counter.roles). Nobody grants permissions by
hand, so none can be forgotten. Each admin shows only the rows that are `visible_to` the
signed-in person. Each says how its rows lead to a person; the journal records who
opened a page that shows one (counter.journal.looks).
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, override

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from counter.roles import matrix, role_rights, shown_matrix
from counter.supervision import menu
from counter.supervision.house_admin import HouseAdmin
from counter.supervision.keyset import check_order
from counter.supervision.traces import traced
from counter.web.next_page import next_page

if TYPE_CHECKING:
    from django.db.models import Model

    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin


class SupervisionConfig(AdminConfig):
    default_site = "counter.supervision.site.SupervisionSite"


def opens_admin(request: HttpRequest) -> bool:
    user = request.user
    return user.is_staff and matrix.may(user, role_rights.OPEN_ADMIN)


class SupervisionSite(admin.AdminSite):
    """Django's admin, for the roles that may open it, with the sign-in of the desk.

    One sign-in for both means one limit on attempts, and one entry in the journal.
    """

    site_title = "Sleutelloket"
    site_header = _("Supervision")
    index_title = _("Supervision")
    enable_nav_sidebar = True

    @override
    def has_permission(self, request: HttpRequest) -> bool:
        return opens_admin(request)

    @override
    def get_urls(self) -> list[Any]:
        own = [
            path(f"{name}/", self.admin_view(require_safe(view)), name=name)
            for name, view in (("roles", self.roles), ("statistics", self.statistics))
        ]
        return [*own, *super().get_urls()]

    def statistics(self, request: HttpRequest) -> HttpResponse:
        """The page with the statistics of an office's year; with `csv`, as a file."""
        from counter.statistics import page  # noqa: PLC0415 (it has models)

        return page.answer(request, self.each_context(request))

    def roles(self, request: HttpRequest) -> HttpResponse:
        """The page with the matrix of roles, for everybody who may open the admin."""
        context = self.each_context(request) | {
            "title": _("Roles"),
            "roles": shown_matrix.roles(),
            "sections": shown_matrix.sections(),
        }
        return TemplateResponse(request, "admin/roles.html", context)

    @override
    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Wrap every page of every admin, so that each records who looked."""
        return super().admin_view(traced(view), cacheable)

    @override
    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Refuse: no form here uses it, and it would show names without a record."""
        raise PermissionDenied

    @override
    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        from counter.staff.own_password_form import OwnPasswordForm  # noqa: PLC0415 (has models)

        self.password_change_form = OwnPasswordForm
        return super().password_change(request, extra_context)

    @override
    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """The start page: numbers, desks and failed sign-ins of today, as the role
        allows.
        """
        # The admin is loaded before the models, which these modules need.
        from counter.desk import dashboard  # noqa: PLC0415
        from counter.models import Clerk  # noqa: PLC0415
        from counter.overview import page  # noqa: PLC0415
        from counter.staff import desks  # noqa: PLC0415

        now, supervisor = timezone.now(), request.user
        if not isinstance(supervisor, Clerk):
            raise PermissionDenied
        reads = matrix.may(supervisor, role_rights.READ_OVERVIEW)
        own = {
            "overview": page.start_page(supervisor, at=now) if reads else None,
            "at_work": desks.at_work(supervisor, at=now) if reads else None,
            "failed_sign_ins": dashboard.failed_sign_ins(supervisor, at=now),
        }
        return super().index(request, {**(extra_context or {}), **own})

    @override
    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[Any]:
        """The menu by our headings; for the page of one app, Django's own list."""
        apps = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        entries = [entry for app in apps for entry in app["models"]]
        return menu.parts((self._place_of(entry["model"]), entry) for entry in entries)

    def _place_of(self, model: "type[Model]") -> menu.Place:
        place: menu.Place = self._registry[model].place  # type: ignore[attr-defined]
        return place

    @override
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Redirect to the desk's sign-in page.

        Raises PermissionDenied for somebody who is signed in, but whose role may not
        open the admin.
        """
        # This module is loaded before the models, which that module needs.
        from django.contrib.auth.views import redirect_to_login  # noqa: PLC0415

        if request.user.is_authenticated and not opens_admin(request):
            raise PermissionDenied
        index = reverse("admin:index", current_app=self.name)
        wanted = next_page(request) or index
        if opens_admin(request):
            return HttpResponseRedirect(wanted)
        return redirect_to_login(wanted, reverse("counter_sign_in:sign_in"))

    @override
    def register(
        self,
        model_or_iterable: Any,
        admin_class: type[_ModelAdmin] | None = None,
        **options: Any,
    ) -> None:
        if getattr(admin_class, "__module__", "") == "django.contrib.auth.admin":
            return  # Groups follow the matrix, and nobody may change them here.
        if admin_class is None or not issubclass(admin_class, HouseAdmin):
            raise ImproperlyConfigured("An admin here is a HouseAdmin.")
        if admin_class.leads_to is None:
            raise ImproperlyConfigured(
                f"{admin_class.__name__}.leads_to says how a row leads to a person, or "
                "that it does not."
            )
        if admin_class.place is None:
            raise ImproperlyConfigured(
                f"{admin_class.__name__}.place says where it stands in the menu."
            )
        if not admin_class.is_short:
            is_one = isinstance(model_or_iterable, type)
            for model in (model_or_iterable,) if is_one else model_or_iterable:
                check_order(model, admin_class.ordering or model._meta.ordering or ())
        super().register(model_or_iterable, admin_class, **options)

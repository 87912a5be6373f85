"""The admin of the dossiers."""

import uuid
from typing import Any, override

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from counter.admin import dossier_page, finding
from counter.admin.holds import set_hold
from counter.desk import registry
from counter.exceptions import CounterError
from counter.models import Clerk, Dossier
from counter.roles import matrix, role_rights
from counter.supervision.filters import DaysFilter
from counter.supervision.find_form import FindForm
from counter.supervision.house_admin import (
    ReferenceSearch,
)
from counter.supervision.menu import Heading, Place
from counter.supervision.visible_rows import VisibleFilter


@admin.register(Dossier)
class DossierAdmin(ReferenceSearch):
    """Dossiers, with the filters and acts of all apps (counter.desk.registry)."""

    place = Place(Heading.DOSSIERS, 10)
    leads_to = ("pk",)
    dossier_id = "pk"
    list_display = (
        "reference",
        "name",
        "state",
        "reason",
        "office",
        "recorded_by",
        "recorded_at",
    )
    list_filter = (
        "state",
        ("recorded_at", DaysFilter),
        ("code_issued_at", DaysFilter),
        ("activated_at", DaysFilter),
        "reason",
        ("office", VisibleFilter),
        ("recorded_by", VisibleFilter),
    )
    list_select_related = ("office", "recorded_by")
    change_list_template = "admin/counter/dossier/change_list.html"

    @override
    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path(
                "<path:dossier_id>/hold/",
                wrap(self.set_hold),
                name="counter_dossier_hold",
            ),
            path("find/", wrap(self.find), name="counter_dossier_find"),
            path(
                "<uuid:pk>/act/<slug:act>/", wrap(self.act), name="counter_dossier_act"
            ),
            *super().get_urls(),
        ]

    def set_hold(self, request: HttpRequest, dossier_id: str) -> HttpResponse:
        """Set a hold, so that nothing of the dossier is removed
        (counter.retention.holds).
        """
        dossier = self.get_object(request, unquote(dossier_id))
        if not isinstance(dossier, Dossier):
            raise Http404
        return set_hold(self, request, dossier)

    @method_decorator(sensitive_post_parameters())
    def find(self, request: HttpRequest) -> HttpResponse:
        """Find somebody (counter.admin.finding)."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return finding.find(request, self.admin_site)

    @override
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        extra = {"find_form": FindForm(), **(extra_context or {})}
        return super().changelist_view(request, extra)

    @override
    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the dossier for reading; only its acts change anything."""
        dossier, clerk = self.get_object(request, unquote(object_id)), request.user
        if not isinstance(dossier, Dossier):
            return self.no_such_row(request, object_id)
        if request.method not in ("GET", "HEAD") or not isinstance(clerk, Clerk):
            raise PermissionDenied
        if not self.has_view_permission(request, dossier):
            raise PermissionDenied
        extra = extra_context or {}
        return dossier_page.show(request, self.admin_site, dossier, clerk, extra)

    @method_decorator(sensitive_post_parameters())
    def act(self, request: HttpRequest, pk: uuid.UUID, act: str) -> HttpResponse:
        """Ask for the reason of an act on a dossier, then do it as at the desk."""
        dossier, clerk = self.get_object(request, str(pk)), request.user
        if not isinstance(dossier, Dossier):
            raise Http404
        may = matrix.may(clerk, role_rights.ACT_ON_DOSSIER)
        if not may or not isinstance(clerk, Clerk):
            raise PermissionDenied
        page, outcome = dossier_page.do_act(
            request, self.admin_site, dossier, clerk, act
        )
        if isinstance(outcome, CounterError):
            self.message_user(request, str(outcome), level=messages.WARNING)
        elif outcome:
            self.message_user(request, outcome, level=messages.SUCCESS)
        return page

    @override
    def get_list_filter(self, request: HttpRequest) -> tuple[Any, ...]:
        """The state's filter first, then those that other apps bring."""
        state, *others = self.list_filter
        return (state, *registry.filters(), *others)

    @override
    def lookups_of_filters(self, request: HttpRequest) -> set[str]:
        brought = {str(one.parameter_name) for one in registry.filters()}
        return super().lookups_of_filters(request) | brought

    @admin.display(description=_("name"))
    def name(self, dossier: Dossier) -> str:
        return dossier.name

    @admin.display(description=_("reference"))
    def reference(self, dossier: Dossier) -> str:
        return dossier.reference

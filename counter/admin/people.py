"""The admin of the applicants."""

from typing import Any, override

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from counter.admin import rights
from counter.crypto.encryption import UnsealError
from counter.desk import registry
from counter.identity.national_number import NationalNumberError
from counter.models import Applicant, Clerk, Dossier
from counter.supervision.filters import DaysFilter
from counter.supervision.find_form import FindForm
from counter.supervision.house_admin import UNREADABLE, HouseAdmin
from counter.supervision.menu import Heading, Place


@admin.register(Applicant)
class ApplicantAdmin(HouseAdmin):
    """Applicants, with a masked national number; only the desk can reveal the number.

    A person's page lists the visits that the reader may see, each with the name that
    the person had then, and the person's digital keys.
    """

    place = Place(Heading.PEOPLE, 10)
    leads_to = ("pk",)
    change_list_template = "admin/counter/dossier/change_list.html"
    list_display = ("name", "masked_number", "number_kind", "first_seen_at")
    list_filter = ("number_kind", ("first_seen_at", DaysFilter))
    ordering = ("-first_seen_at",)

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
        person, clerk = self.get_object(request, unquote(object_id)), request.user
        if not isinstance(person, Applicant):
            return self.no_such_row(request, object_id)
        if request.method not in ("GET", "HEAD") or not isinstance(clerk, Clerk):
            raise PermissionDenied
        if not self.has_view_permission(request, person):
            raise PermissionDenied
        visits = Dossier.objects.visible_to(clerk).filter(applicant=person)
        context = registry.person_context(
            person,
            clerk,
            **self.admin_site.each_context(request),
            person=person,
            masked_number=self.masked_number(person),
            visits=visits.select_related("office", "recorded_by"),
            title=str(person),
            opts=self.opts,
            original=person,
            object_id=str(person.pk),
            **(extra_context or {}),
        )
        return TemplateResponse(request, "admin/counter/applicant/read.html", context)

    @override
    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                "<path:applicant_id>/export-data/",
                self.admin_site.admin_view(self.export_data),
                name="counter_applicant_export_data",
            ),
            path(
                "<path:applicant_id>/erase-data/",
                self.admin_site.admin_view(self.erase_data),
                name="counter_applicant_erase_data",
            ),
        ]
        return [*own, *super().get_urls()]

    def export_data(self, request: HttpRequest, applicant_id: str) -> HttpResponse:
        person = self._person(request, applicant_id)
        return rights.export_data(self, request, person)

    def erase_data(self, request: HttpRequest, applicant_id: str) -> HttpResponse:
        person = self._person(request, applicant_id)
        return rights.erase_data(self, request, person)

    def _person(self, request: HttpRequest, key: str) -> Applicant:
        person = self.get_object(request, unquote(key))
        if not isinstance(person, Applicant):
            raise Http404
        return person

    @admin.display(description=_("name"))
    def name(self, applicant: Applicant) -> str:
        return applicant.name

    @admin.display(description=_("national number"))
    def masked_number(self, applicant: Applicant) -> str:
        try:
            return applicant.masked_number
        except (UnsealError, NationalNumberError):
            return UNREADABLE

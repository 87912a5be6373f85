"""Who came."""

from typing import override

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from counter.admin import rights
from counter.crypto.encryption import UnsealError
from counter.identity.national_number import NationalNumberError
from counter.models import Applicant, Dossier
from counter.supervision.house_admin import UNREADABLE, HouseAdmin, HouseInline
from counter.supervision.menu import Heading, Place


class VisitInline(HouseInline):
    """What the person was called at each visit to the supervisor's office."""

    model = Dossier
    fields = ("recorded_at", "state", "last_name", "first_names", "birth_date")
    ordering = ("-recorded_at",)


@admin.register(Applicant)
class ApplicantAdmin(HouseAdmin):
    """People, with their number masked: revealing it is the desk's, and journalled."""

    place = Place(Heading.PEOPLE, 10)
    leads_to = ("pk",)
    list_display = ("name", "masked_number", "number_kind", "first_seen_at")
    list_filter = ("number_kind",)
    # By id, which says nothing: by date would need an index of its own.
    ordering = ("pk",)
    fields = (
        "masked_number",
        "number_kind",
        "last_name",
        "first_names",
        "birth_date",
        "first_seen_at",
        "anonymised_at",
    )

    inlines = (VisitInline,)

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

    @admin.display(description=_("national number"))
    def masked_number(self, applicant: Applicant) -> str:
        try:
            return applicant.masked_number
        except (UnsealError, NationalNumberError):
            return UNREADABLE

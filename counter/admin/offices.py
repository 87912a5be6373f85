"""The admin of the offices, with their opening hours, closing days and texts."""

from typing import TYPE_CHECKING, Any, override

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from counter.admin.holidays_form import HolidaysForm
from counter.desk import closing_days
from counter.models import Clerk, ClosingDay, Enquiry, Office, OfficeText, OpeningHours
from counter.roles import matrix
from counter.supervision.house_admin import HouseAdmin, HouseInline
from counter.supervision.menu import Heading, Place
from counter.supervision.traces import NOBODY

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class OwnRows(HouseInline):
    """Rows that belong to an office; the role's rights on offices apply to them too."""

    can_delete = True
    show_change_link = False

    @override
    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        # These models have no `visible_to`; the reader may see the office above them.
        rows: models.QuerySet[Any] = self.model._default_manager.all()
        return rows

    @override
    def has_view_permission(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> bool:
        return matrix.may_rows(request.user, "view", Office)

    @override
    def has_add_permission(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> bool:
        return matrix.may_rows(request.user, "change", Office)

    has_change_permission = has_add_permission
    has_delete_permission = has_add_permission


class OpeningHoursInline(OwnRows):
    model = OpeningHours


class ClosingDayInline(OwnRows):
    """The closing days from last year on: in ten years there would be hundreds."""

    model = ClosingDay

    @override
    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        last_year = timezone.localdate().year - 1
        return super().get_queryset(request).filter(date__year__gte=last_year)


class OfficeTextInline(OwnRows):
    model = OfficeText


class HolidaysFilter(admin.SimpleListFilter):
    """The offices with holidays that still wait for the reader to confirm them."""

    title = gettext_lazy("holidays")
    parameter_name = "holidays"

    @override
    def lookups(
        self, request: HttpRequest, model_admin: Any
    ) -> "list[tuple[str, StrPromise]]":
        return [("open", gettext_lazy("to be confirmed"))]

    @override
    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        reader = request.user
        if self.value() != "open" or not isinstance(reader, Clerk):
            return queryset
        waiting = closing_days.to_confirm(reader, timezone.now())
        return queryset.filter(pk__in=[office.pk for office, _missing in waiting])


@admin.register(Office)
class OfficeAdmin(HouseAdmin):
    place = Place(Heading.OFFICE, 10)
    leads_to = NOBODY
    is_short = True
    list_display = ("name", "authority", "city", "phone")
    ordering = ("name",)
    list_filter = (HolidaysFilter,)
    parameters = (HolidaysFilter.parameter_name,)
    inlines = (OpeningHoursInline, ClosingDayInline, OfficeTextInline)

    @override
    def has_add_permission(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> bool:
        # A user who has an office would not see the new one.
        is_above = getattr(request.user, "sees_every_office", False)
        return is_above and super().has_add_permission(request)

    @override
    def get_readonly_fields(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> tuple[str, ...]:
        """The office's e-mail is read-only for roles that may not read messages.

        Messages from the public are mailed to it: whoever changes it could read them.
        """
        own = tuple(map(str, super().get_readonly_fields(request, obj)))
        may_read = matrix.may_rows(request.user, "view", Enquiry)
        return own if obj is None or may_read else (*own, "email")

    @override
    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<office_id>/add-holidays/",
            self.admin_site.admin_view(self.add_holidays),
            name="counter_office_add_holidays",
        )
        return [own, *super().get_urls()]

    def add_holidays(self, request: HttpRequest, office_id: str) -> HttpResponse:
        """Show a list of holidays; those that are ticked become closing days."""
        office = self.get_object(request, unquote(office_id))
        if office is None:
            raise Http404
        if not self.has_change_permission(request, office):
            raise PermissionDenied
        form = HolidaysForm(
            request.POST if request.method == "POST" else None,
            office=office,
            today=timezone.localdate(),
        )
        if not form.is_valid():
            context = self.admin_site.each_context(request) | {
                "title": _("Add holidays"),
                "opts": self.opts,
                "office": office,
                "form": form,
            }
            page = "admin/counter/office/add_holidays.html"
            status = 422 if form.errors else 200
            return render(request, page, context, status=status)
        added = form.save()
        self.message_user(
            request,
            ngettext(
                "%(count)d closing day was added.",
                "%(count)d closing days were added.",
                added,
            )
            % {"count": added},
        )
        page = reverse("admin:counter_office_change", args=[office.pk])
        return HttpResponseRedirect(page)

    @override
    def save_related(
        self, request: HttpRequest, form: Any, formsets: Any, change: bool
    ) -> None:
        """Save, and warn about a text that the office has in some languages only."""
        super().save_related(request, form, formsets, change)
        for place, languages in _half_written(form.instance).items():
            self.message_user(
                request,
                _(
                    "“%(place)s” has no text of yours in: %(languages)s. There the "
                    "house's own text stays."
                )
                % {"place": place, "languages": ", ".join(languages)},
                level=messages.WARNING,
            )


def _half_written(office: Office) -> dict[str, list[str]]:
    """By place: the languages that miss a text, where others have one."""
    languages = dict(settings.LANGUAGES)
    written: dict[str, set[str]] = {}
    for text in office.texts.all():
        written.setdefault(text.get_slot_display(), set()).add(text.language)
    return {
        place: [str(name) for code, name in languages.items() if code not in there]
        for place, there in written.items()
        if len(there) < len(languages)
    }

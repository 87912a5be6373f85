"""The office, with its hours and closing days."""

from typing import Any, override

from django.conf import settings
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _

from counter.models import ClosingDay, Office, OfficeText, OpeningHours
from counter.supervision.site import HouseAdmin, HouseInline, is_supervisor
from counter.supervision.traces import NOBODY


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


class OfficeTextInline(OwnRows):
    model = OfficeText


@admin.register(Office)
class OfficeAdmin(HouseAdmin):
    leads_to = NOBODY
    list_display = ("name", "authority", "city", "phone")
    ordering = ("name",)
    inlines = (OpeningHoursInline, ClosingDayInline, OfficeTextInline)

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

    @override
    def save_related(
        self, request: HttpRequest, form: Any, formsets: Any, change: bool
    ) -> None:
        """And tell where the page now says one thing in Dutch and another in French."""
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
    """The places with a text in some languages, and the languages without one."""
    languages = dict(settings.LANGUAGES)
    written: dict[str, set[str]] = {}
    for text in office.texts.all():
        written.setdefault(text.get_slot_display(), set()).add(text.language)
    return {
        place: [str(name) for code, name in languages.items() if code not in there]
        for place, there in written.items()
        if len(there) < len(languages)
    }

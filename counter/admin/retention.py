"""The admin of retention: the periods, a preview of tonight, and what was removed."""

from typing import Any, override

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from counter.journal.events import Event
from counter.models import (
    Clerk,
    DestructionRecord,
    JournalEntry,
    Office,
    RetentionPeriod,
)
from counter.retention import registry
from counter.retention.periods_form import PeriodsForm
from counter.retention.preview import preview
from counter.roles import matrix
from counter.roles.role_rights import CHOOSE_PERIODS
from counter.sign_in import screen_lock
from counter.supervision.house_admin import HouseAdmin
from counter.supervision.menu import Heading, Place
from counter.supervision.traces import NOBODY
from counter.supervision.visible_rows import VisibleFilter


@admin.register(RetentionPeriod)
class RetentionPeriodAdmin(HouseAdmin):
    """One page with every rule, its period in one office and what is removed tonight.

    The preview shows only counts and references, which tell nothing about a person. A
    reader who sees several offices chooses one.
    """

    leads_to = NOBODY
    place = Place(Heading.OFFICE, 60)
    list_display = ("office", "rule", "days")

    @override
    def get_urls(self) -> list[URLPattern]:
        own = path(
            "office/<int:office_id>/",
            self.admin_site.admin_view(self.choose_periods),
            name="counter_retentionperiod_office",
        )
        return [own, *super().get_urls()]

    @override
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        clerk = _supervisor(request)
        offices = list(Office.objects.visible_to(clerk).order_by("name"))
        chosen = request.GET.get("office", "")
        chosen_offices = [office for office in offices if str(office.pk) == chosen]
        now = timezone.now()
        chosen_offices = chosen_offices or offices[:1]
        lines = preview(at=now, offices=chosen_offices)
        failed = JournalEntry.objects.visible_to(clerk).filter(
            event=Event.RETENTION_FAILED, at__gt=now - registry.DAY
        )
        context = self.admin_site.each_context(request) | {
            "title": _("How long everything is kept"),
            "opts": self.opts,
            "offices": offices,
            "office_shown": chosen_offices[0] if chosen_offices else None,
            "failed": failed.order_by("-pk"),
            "lines": lines,
            "tonight": [line for line in lines if line.count],
            "kept": registry.kept(),
            "can_choose": matrix.may(request.user, CHOOSE_PERIODS),
        }
        page = "admin/counter/retentionperiod/rules.html"
        return TemplateResponse(request, page, context)

    def choose_periods(self, request: HttpRequest, office_id: int) -> HttpResponse:
        """Set the periods of one office, each within its bounds."""
        if not matrix.may(request.user, CHOOSE_PERIODS):
            raise PermissionDenied
        offices = Office.objects.visible_to(_supervisor(request))
        office = offices.filter(pk=office_id).first()
        if office is None:
            raise Http404
        if asked := screen_lock.ask_who_is_there(request):
            return asked
        posted = request.POST if request.method == "POST" else None
        with transaction.atomic():
            # When two save at once, the second waits here and then sees the first's
            # periods.
            Office.objects.select_for_update(no_key=True).get(pk=office.pk)
            form = PeriodsForm(posted, office=office)
            changed = form.save() if form.is_valid() else None
        if changed is None:
            context = self.admin_site.each_context(request) | {
                "title": _("Retention periods of %(office)s") % {"office": office},
                "opts": self.opts,
                "office": office,
                "form": form,
            }
            page = "admin/counter/retentionperiod/periods.html"
            status = 422 if form.errors else 200
            return TemplateResponse(request, page, context, status=status)
        sentence = ngettext(
            "%(count)d period was changed.", "%(count)d periods were changed.", changed
        )
        self.message_user(request, sentence % {"count": changed})
        return HttpResponseRedirect(reverse("admin:counter_retentionperiod_changelist"))


@admin.register(DestructionRecord)
class DestructionRecordAdmin(HouseAdmin):
    """Records of what was removed: when, by which rule, how many. They name nobody."""

    leads_to = NOBODY
    place = Place(Heading.JOURNAL, 20)
    list_display = ("at", "data", "office", "days", "rows", "at_request")
    list_filter = ("at", ("office", VisibleFilter), "at_request")
    list_select_related = ("office",)
    fields = ("at", "data", "rule", "office", "days", "rows", "at_request")
    ordering = ("-id",)

    @admin.display(description=gettext_lazy("what was removed"))
    def data(self, record: DestructionRecord) -> str:
        return record.data


def _supervisor(request: HttpRequest) -> Clerk:
    if not isinstance(request.user, Clerk):
        raise PermissionDenied
    return request.user

"""The supervisor's pages about messages, and about how the system runs."""

from typing import TYPE_CHECKING, Any, Final, override

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from counter.models import Alarm, Dossier
from counter.supervision.filters import DaysFilter
from counter.supervision.house_admin import HouseAdmin, HouseInline, ReferenceSearch
from counter.supervision.menu import Heading, Place
from counter.supervision.traces import NOBODY
from notifications.desk import unreached
from notifications.enums import DeliveryState
from notifications.health import page
from notifications.models import Delivery

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


#: How many characters of a server's answer the list of deliveries shows.
_IN_A_LIST: Final = 40


class WaitingFilter(admin.SimpleListFilter):
    """Filter for messages that are late, or that wait for somebody's decision."""

    title = _("waiting")
    parameter_name = "waiting"
    LATE = "late"
    TO_DECIDE = "to_decide"

    @override
    def lookups(
        self, request: HttpRequest, model_admin: Any
    ) -> list[tuple[str, "StrPromise"]]:
        return [(self.LATE, _("too long")), (self.TO_DECIDE, _("for a decision"))]

    @override
    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        at = timezone.now()
        match self.value():
            case self.LATE:
                waiting = Delivery.objects.late(at).order_by()
            case self.TO_DECIDE:
                waiting = Delivery.objects.to_decide(at)
            case _:
                return queryset
        return queryset.filter(pk__in=waiting.values("pk"))


@admin.register(Alarm)
class AlarmAdmin(HouseAdmin):
    """The page "How it runs": what works, what does not, and what to do.

    It shows counts and times of the whole system, and no personal data.
    """

    leads_to = NOBODY
    place = Place(Heading.TECHNICAL, 5)
    list_display = ("noticed_at", "trouble", "about", "ended_at")
    is_short = True
    fields = ("trouble", "about", "since", "noticed_at", "operator_told_at", "ended_at")

    @override
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {
            "title": _("How it runs"),
            "opts": self.opts,
            **page.context(timezone.now()),
        }
        return TemplateResponse(request, "admin/operations/page.html", context)


@admin.register(Delivery)
class DeliveryAdmin(ReferenceSearch):
    place = Place(Heading.MESSAGES, 20)
    leads_to = ("dossier", "holder__applicant", "enquiry")
    list_display = (
        "created_at",
        "kind",
        "channel",
        "state",
        "short_answer",
        "dossier",
    )
    parameters = (WaitingFilter.parameter_name,)
    list_filter = (
        "state",
        WaitingFilter,
        "kind",
        "channel",
        ("created_at", DaysFilter),
        ("refused_at", DaysFilter),
    )
    list_select_related = ("dossier",)
    ordering = ("-created_at",)
    fields = (
        "dossier",
        "kind",
        "lane",
        "channel",
        "state",
        "attempts",
        "unconfirmed",
        "answer",
        "created_at",
        "planned_for",
        "not_before",
        "sent_at",
        "refused_at",
        "dropped_at",
        "dropped_because",
        "unknown_at",
        "dead_at",
    )

    @admin.display(description=_("the server's answer"))
    def short_answer(self, delivery: Delivery) -> str:
        """The beginning of the server's answer; the delivery's own page shows all of
        it.
        """
        return Truncator(delivery.answer).chars(_IN_A_LIST)


class MailOfEnquiry(HouseInline):
    """The mails about a message from the public, on its page: whether they arrived."""

    model = Delivery
    fields = ("created_at", "state", "attempts", "answer")

    @override
    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        # The page is shown only to those who may see the question. The usual check
        # finds the office through the dossier, and these deliveries have no dossier.
        return Delivery.objects.filter(enquiry__isnull=False)


class MailFilter(admin.SimpleListFilter):
    """Filter for dossiers that wait for activation, by the state of the last mail."""

    title = _("mail to the person")
    parameter_name = "mail"

    @override
    def lookups(
        self, request: HttpRequest, model_admin: Any
    ) -> list[tuple[str, "StrPromise"]]:
        return [
            ("refused", _("mail refused")),
            ("unknown", _("mail unknown")),
            ("dead", _("mail given up")),
            ("waiting", _("mail waiting")),
            ("sent", _("mail sent, not activated yet")),
        ]

    @override
    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        try:
            state = DeliveryState(self.value() or "")
        except ValueError:
            return queryset
        dossiers = unreached.with_last_mail(Dossier.objects.all(), state)
        return queryset.filter(pk__in=dossiers.values("pk"))

"""What was sent, as the supervisor sees it."""

from typing import TYPE_CHECKING, Any, override

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from counter.models import Dossier
from counter.supervision.house_admin import HouseInline, ReferenceSearch
from counter.supervision.menu import Heading, Place
from notifications.desk import unreached
from notifications.models import Delivery

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class LateFilter(admin.SimpleListFilter):
    """Those that have been waiting for too long."""

    title = _("waiting")
    parameter_name = "waiting"
    LATE = "late"

    @override
    def lookups(
        self, request: HttpRequest, model_admin: Any
    ) -> list[tuple[str, "StrPromise"]]:
        return [(self.LATE, _("too long"))]

    @override
    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        if self.value() != self.LATE:
            return queryset
        late = Delivery.objects.late(timezone.now()).order_by()
        return queryset.filter(pk__in=late.values("pk"))


@admin.register(Delivery)
class DeliveryAdmin(ReferenceSearch):
    place = Place(Heading.MESSAGES, 20)
    leads_to = ("dossier", "holder__applicant", "enquiry")
    list_display = (
        "created_at",
        "kind",
        "channel",
        "state",
        "attempts",
        "unconfirmed",
        "answer",
        "dossier",
    )
    parameters = (LateFilter.parameter_name,)
    list_filter = ("state", LateFilter, "kind", "channel", "created_at", "refused_at")
    list_select_related = ("dossier",)
    ordering = ("-dossier__recorded_at",)
    fields = (
        "dossier",
        "kind",
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
        "unknown_at",
    )


class DeliveryInline(HouseInline):
    model = Delivery
    fields = ("created_at", "kind", "channel", "state", "attempts", "answer")


class MailOfEnquiry(HouseInline):
    """Whether a question reached the office's mailbox."""

    model = Delivery
    fields = ("created_at", "state", "attempts", "answer")

    @override
    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        # Under a question that was visible; the list of deliveries has dossiers only.
        return Delivery.objects.filter(enquiry__isnull=False)


class MailFilter(admin.SimpleListFilter):
    """The dossiers whose person was not reached, as the desk lists them."""

    title = _("mail")
    parameter_name = "mail"

    @override
    def lookups(
        self, request: HttpRequest, model_admin: Any
    ) -> list[tuple[str, "StrPromise"]]:
        return [("refused", _("mail refused")), ("unknown", _("mail unknown"))]

    @override
    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        found = {
            "refused": unreached.with_refused_mail,
            "unknown": unreached.with_unknown_mail,
        }.get(self.value() or "")
        if found is None:
            return queryset
        return queryset.filter(pk__in=found(Dossier.objects.all()).values("pk"))

"""What was sent, as the supervisor sees it."""

from typing import TYPE_CHECKING, Any, override

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from counter.models import Dossier
from counter.supervision.house_admin import HouseInline, ReferenceSearch
from notifications.desk import unreached
from notifications.models import Delivery

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@admin.register(Delivery)
class DeliveryAdmin(ReferenceSearch):
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
    list_filter = ("state", "kind", "channel", "created_at")
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

"""What was sent, as the supervisor sees it."""

from typing import Any, override

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from counter.admin import DossierAdmin
from counter.admin.visits import EnquiryAdmin
from counter.supervision.site import HouseInline, ReferenceSearch
from notifications.models import Delivery


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


DossierAdmin.also_shown.append(DeliveryInline)


class MailOfEnquiry(HouseInline):
    """Whether a question reached the office's mailbox."""

    model = Delivery
    fields = ("created_at", "state", "attempts", "answer")

    @override
    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        # Under a question that was visible; the list of deliveries has dossiers only.
        return Delivery.objects.filter(enquiry__isnull=False)


EnquiryAdmin.inlines = (*EnquiryAdmin.inlines, MailOfEnquiry)

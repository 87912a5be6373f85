"""What was sent, as the supervisor sees it."""

from django.contrib import admin

from counter.admin import DossierAdmin
from counter.supervision import HouseInline, ReferenceSearch
from notifications.models import Delivery


@admin.register(Delivery)
class DeliveryAdmin(ReferenceSearch):
    list_display = (
        "created_at",
        "kind",
        "channel",
        "state",
        "attempts",
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
        "answer",
        "created_at",
        "not_before",
        "sent_at",
        "refused_at",
        "dropped_at",
    )


class DeliveryInline(HouseInline):
    model = Delivery
    fields = ("created_at", "kind", "channel", "state", "attempts", "answer")


DossierAdmin.also_shown.append(DeliveryInline)

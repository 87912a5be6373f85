"""The drawers, to read and to approve."""

from typing import override

from django.contrib import admin
from django.urls import reverse

from counter.supervision import HouseAdmin, HouseInline, VisibleFilter
from payments.models import DrawerMovement, DrawerSession


class MovementInline(HouseInline):
    model = DrawerMovement
    fields = ("at", "kind", "amount", "reference", "by")


@admin.register(DrawerSession)
class DrawerSessionAdmin(HouseAdmin):
    list_display = (
        "opened_at",
        "clerk",
        "desk",
        "state",
        "expected_amount",
        "counted_amount",
        "difference",
        "approved_by",
    )
    list_filter = (
        "state",
        "opened_at",
        ("office", VisibleFilter),
        ("clerk", VisibleFilter),
    )
    list_select_related = ("clerk", "approved_by")
    inlines = (MovementInline,)
    fields = (
        "office",
        "clerk",
        "desk",
        "state",
        "opened_at",
        "opening_float",
        "counted_at",
        "counted_amount",
        "expected_amount",
        "difference",
        "closed_at",
        "difference_reason",
        "approved_at",
        "approved_by",
        "sealed_bag",
    )

    @override
    def view_on_site(self, obj: DrawerSession) -> str:
        """Where it is approved."""
        return reverse("payments:approve_drawer", args=[obj.pk])


@admin.register(DrawerMovement)
class DrawerMovementAdmin(HouseAdmin):
    list_display = ("at", "kind", "amount", "reference", "by", "session")
    list_filter = ("at", ("by", VisibleFilter))
    list_select_related = ("by", "session")
    ordering = ("-at",)
    fields = ("session", "kind", "amount", "at", "by", "reference")

"""The admin of the drawers, to read; each has a link to the page that approves it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, override

from django.contrib import admin
from django.db import models
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from counter.models import Clerk
from counter.roles import matrix
from counter.supervision.house_admin import HouseAdmin, HouseInline
from counter.supervision.menu import Heading, Place
from counter.supervision.traces import NOBODY
from counter.supervision.visible_rows import VisibleFilter
from payments.desk import role_rights
from payments.models import DrawerCount, DrawerMovement, DrawerSession

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class MovementInline(HouseInline):
    model = DrawerMovement
    fields = ("at", "kind", "amount", "reference", "by")


class CountInline(HouseInline):
    model = DrawerCount
    fields = ("nth", "at", "counted_by", "together_with", "amount", "difference")
    show_change_link = False


class OfDrawersFilter(VisibleFilter):
    """Filter by clerk; offers only clerks who had a drawer."""

    @override
    def offered(
        self,
        field: Any,
        request: HttpRequest,
    ) -> models.QuerySet[Any]:
        theirs = DrawerSession.objects.filter(clerk=OuterRef("pk"))
        return super().offered(field, request).filter(Exists(theirs))


@admin.register(DrawerSession)
class DrawerSessionAdmin(HouseAdmin):
    place = Place(Heading.MONEY, 10)
    leads_to = NOBODY
    list_display = (
        "opened_at",
        "clerk",
        "desk",
        "state",
        "counted_amount",
        "difference",
        "approved_by",
    )
    parameters = ("state__in",)
    list_filter = (
        "state",
        "opened_at",
        ("office", VisibleFilter),
        ("clerk", OfDrawersFilter),
    )
    list_select_related = ("clerk", "approved_by")
    inlines = (CountInline, MovementInline)
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
        "recount_asked_at",
        "recount_asked_by",
        "approved_at",
        "approved_by",
        "sealed_bag",
    )

    @override
    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the link to `view_on_site` only to a person who may approve drawers."""
        response: Any = super().render_change_form(request, context, *args, **kwargs)
        if not matrix.may(request.user, role_rights.APPROVE_DRAWER):
            response.context_data["has_absolute_url"] = False
        answered: HttpResponse = response
        return answered

    @override
    def view_on_site(self, obj: DrawerSession) -> str:
        """The address of the page on which the drawer is approved."""
        return reverse("payments_drawers:approve_drawer", args=[obj.pk])


@admin.register(DrawerMovement)
class DrawerMovementAdmin(HouseAdmin):
    place = Place(Heading.TECHNICAL, 30)
    leads_to = NOBODY
    list_display = ("at", "kind", "amount", "reference", "by", "session")
    list_filter = ("at", ("by", VisibleFilter))
    list_select_related = ("by", "session__clerk")
    ordering = ("-at",)
    fields = ("session", "kind", "amount", "at", "by", "reference")


@admin.register(DrawerCount)
class DrawerCountAdmin(HouseAdmin):
    place = Place(Heading.TECHNICAL, 40)
    leads_to = NOBODY
    list_display = ("at", "session", "nth", "counted_by", "amount", "difference")
    list_filter = ("at", ("counted_by", VisibleFilter))
    list_select_related = ("session__clerk", "counted_by")
    ordering = ("-at",)
    fields = (
        "session",
        "nth",
        "at",
        "counted_by",
        "together_with",
        "amount",
        "difference",
        "was_said",
    )


def left_behind(clerk: Clerk) -> Iterator["StrOrPromise"]:
    """Texts about drawers that a clerk leaves open when the account is switched off."""
    for drawer in DrawerSession.objects.with_clerk(clerk):
        yield format_html(
            '{} <a href="{}">{}</a>',
            _("%(who)s has a drawer that is not closed, opened on %(when)s.")
            % {"who": clerk, "when": f"{localtime(drawer.opened_at):%d/%m/%Y %H:%M}"},
            reverse("payments_drawers:approve_drawer", args=[drawer.pk]),
            _("Count and close it with a colleague."),
        )

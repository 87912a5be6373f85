"""The admin of the desks of the counter."""

from typing import override

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from counter.models import Desk
from counter.supervision.house_admin import HouseAdmin
from counter.supervision.menu import Heading, Place
from counter.supervision.traces import NOBODY
from counter.supervision.visible_rows import VisibleFilter


@admin.register(Desk)
class DeskAdmin(HouseAdmin):
    """Desks are added, renamed and taken out of use, but not removed, because sign-ins
    of clerks refer to them.

    A desk stays with its office, because that office's terminals stand there.
    """

    place = Place(Heading.OFFICE, 30)
    leads_to = NOBODY
    is_short = True
    list_display = ("name", "office", "is_active")
    list_filter = (("office", VisibleFilter), "is_active")
    list_select_related = ("office",)
    fields = ("office", "name", "is_active")

    @override
    def get_readonly_fields(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> tuple[str, ...]:
        return ("office",) if obj else ()

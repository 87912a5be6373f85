"""The admin of the prices, which a supervisor sets."""

import datetime
from collections.abc import Callable
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, override

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from counter.models import Office
from counter.supervision.house_admin import (
    HouseAdmin,
)
from counter.supervision.menu import Heading, Place
from counter.supervision.traces import NOBODY
from counter.supervision.visible_rows import VisibleFilter, visible
from payments.models import Payment, Tariff
from payments.tariffs.timetable import timetable

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    _TariffForm = forms.ModelForm[Tariff]
else:
    _TariffForm = forms.ModelForm

#: How many offices, and days for each, are shown above the list at most.
_MOST_OFFICES = 10
_MOST_DAYS = 6


class TariffForm(_TariffForm):
    """The form of a tariff, which cannot end before the day it was last charged."""

    class Meta:
        model = Tariff
        fields = "__all__"
        help_texts = MappingProxyType(
            {
                "category": _(
                    "Free of charge is for people exempt under the regulation: a"
                    " supervisor agrees at the desk, and the receipt names this"
                    " regulation."
                )
            }
        )

    @override
    def full_clean(self) -> None:
        """Lock the tariff before the checks, so that no payment uses it meanwhile.

        The admin saves in a transaction. This waits for running payments, which the
        checks then see, and new payments wait until it ends.
        """
        if self.is_bound and self.instance.pk is not None:
            Tariff.objects.select_for_update().filter(pk=self.instance.pk).first()
        super().full_clean()

    @override
    def clean(self) -> dict[str, Any] | None:
        # If it was charged before the page was opened, these fields are read-only and
        # not in the form; then nothing has changed here.
        changed = {*self.changed_data} - {"valid_until"}
        if changed and self.instance.pk is not None and _was_charged(self.instance):
            raise ValidationError(_("This price was charged meanwhile; only end it."))
        return super().clean()

    def clean_valid_until(self) -> datetime.date | None:
        end: datetime.date | None = self.cleaned_data["valid_until"]
        if end is None or self.instance._state.adding:
            return end
        # By the day of the first payment: a correction books the price of that day
        # later.
        charged = Payment.objects.as_taken().filter(
            dossier__payments__tariff=self.instance
        )
        last = charged.aggregate(last=models.Max("taken_at"))["last"]
        if last is not None and end < timezone.localdate(last):
            raise ValidationError(_("This price was charged after that day."))
        return end


@admin.register(Tariff)
class TariffAdmin(HouseAdmin):
    """Tariffs can be edited until they are charged; after that they can only be ended.

    Above the list are the prices of today and of each later day on which they change,
    with what the public page will say.
    """

    place = Place(Heading.MONEY, 70)
    leads_to = NOBODY
    is_short = True
    form = TariffForm
    locked = _("This price was charged meanwhile; only end it.")
    change_list_template = "admin/payments/tariff/change_list.html"
    #: Functions that return what a public page says about an office's prices on a day,
    #: as HTML. Apps that have such pages add theirs.
    public_pages: ClassVar[list[Callable[[Office, datetime.date], "SafeString"]]] = []
    list_display = (
        "office",
        "category",
        "amount",
        "valid_from",
        "valid_until",
        "regulation",
    )
    list_filter = (("office", VisibleFilter), "category")
    list_select_related = ("office",)
    ordering = ("office", "category", "-valid_from")

    @override
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        offices = visible(Office, request).order_by("name")[:_MOST_OFFICES]
        timetables = [(office, self._days(office)) for office in offices]
        return super().changelist_view(
            request, {**(extra_context or {}), "timetables": timetables}
        )

    def _days(self, office: Office) -> list[dict[str, Any]]:
        """Today and each day on which prices change, with the words of public pages."""
        return [
            {
                "prices": prices,
                "pages": [page(office, prices.day) for page in self.public_pages],
            }
            for prices in timetable(office, today=timezone.localdate())[:_MOST_DAYS]
        ]

    @override
    def has_delete_permission(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> bool:
        is_free = obj is not None and not _was_charged(obj)
        return is_free and super().has_delete_permission(request, obj)

    @override
    def get_readonly_fields(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> tuple[str, ...]:
        if obj is None or not _was_charged(obj):
            return ()
        return ("office", "category", "amount", "valid_from", "regulation")


def _was_charged(tariff: models.Model) -> bool:
    return Payment.objects.filter(tariff=tariff.pk).exists()

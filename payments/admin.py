"""The money as the supervisor sees it: prices to set, payments to read."""

import datetime
from typing import TYPE_CHECKING, override

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from counter.admin import DossierAdmin
from counter.supervision import (
    HouseAdmin,
    HouseInline,
    ReferenceSearch,
    VisibleFilter,
    is_supervisor,
)
from payments.models import Payment, Tariff

if TYPE_CHECKING:
    _TariffForm = forms.ModelForm[Tariff]
else:
    _TariffForm = forms.ModelForm


class TariffForm(_TariffForm):
    """A price that was charged ends on the last day it was charged, or later."""

    class Meta:
        model = Tariff
        fields = "__all__"

    def clean_valid_until(self) -> datetime.date | None:
        end: datetime.date | None = self.cleaned_data["valid_until"]
        if end is None or self.instance._state.adding:
            return end
        last = Payment.objects.filter(tariff=self.instance).aggregate(
            last=models.Max("taken_at")
        )["last"]
        if last is not None and end < timezone.localdate(last):
            raise ValidationError(_("This price was charged after that day."))
        return end


@admin.register(Tariff)
class TariffAdmin(HouseAdmin):
    """Editable until it was charged once; after that it can only be ended."""

    form = TariffForm
    list_display = ("office", "amount", "valid_from", "valid_until", "regulation")
    list_filter = (("office", VisibleFilter),)
    list_select_related = ("office",)
    ordering = ("office", "-valid_from")

    @override
    def has_add_permission(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> bool:
        return is_supervisor(request)

    @override
    def has_change_permission(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> bool:
        return is_supervisor(request)

    @override
    def has_delete_permission(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> bool:
        return is_supervisor(request) and obj is not None and not _was_charged(obj)

    @override
    def get_readonly_fields(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> tuple[str, ...]:
        if obj is None or not _was_charged(obj):
            return ()
        return ("office", "amount", "valid_from", "regulation")


def _was_charged(tariff: models.Model) -> bool:
    return Payment.objects.filter(tariff=tariff.pk).exists()


@admin.register(Payment)
class PaymentAdmin(ReferenceSearch):
    list_display = ("taken_at", "amount", "method", "taken_by", "dossier")
    list_filter = ("method", "taken_at", ("taken_by", VisibleFilter))
    list_select_related = ("taken_by", "dossier")
    ordering = ("-dossier__recorded_at",)
    fields = (
        "dossier",
        "tariff",
        "amount",
        "method",
        "tendered",
        "change_given",
        "terminal_slip",
        "taken_by",
        "taken_at",
    )

    @admin.display(description=_("change"))
    def change_given(self, payment: Payment) -> str:
        return f"{payment.change}"


class PaymentInline(HouseInline):
    model = Payment
    fields = ("taken_at", "amount", "method", "tendered", "terminal_slip", "taken_by")


DossierAdmin.also_shown.append(PaymentInline)

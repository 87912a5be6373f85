"""The admin of payments, receipts, reversals and bank refunds, to read."""

from typing import TYPE_CHECKING, Any, cast, override

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from counter.identity.euros import euros
from counter.supervision.house_admin import ReferenceSearch
from counter.supervision.menu import Heading, Place
from counter.supervision.visible_rows import VisibleFilter
from payments.desk.overview import COUNTED
from payments.models import BankRefund, Payment, Receipt, Reversal
from payments.querysets import PaymentQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class CountedFilter(admin.SimpleListFilter):
    """The payments that the start page and the report add up under their method."""

    title = _("counted")
    parameter_name = COUNTED

    @override
    def lookups(
        self, request: HttpRequest, model_admin: Any
    ) -> "list[tuple[str, StrPromise]]":
        return [("yes", _("in a drawer or on a terminal"))]

    @override
    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        payments = cast("PaymentQuerySet[Payment]", queryset)
        return payments.in_their_place() if self.value() == "yes" else payments


@admin.register(Payment)
class PaymentAdmin(ReferenceSearch):
    place = Place(Heading.MONEY, 20)
    leads_to = ("dossier",)
    list_display = ("taken_at", "amount", "method", "taken_by", "dossier")
    list_filter = ("method", CountedFilter, "taken_at", ("taken_by", VisibleFilter))
    parameters = (CountedFilter.parameter_name,)
    list_select_related = ("taken_by", "dossier")
    ordering = ("-dossier__recorded_at",)
    fields = (
        "dossier",
        "tariff",
        "amount",
        "method",
        "tendered",
        "change_given",
        "terminal",
        "terminal_slip",
        "drawer",
        "waiver_reason",
        "approved_by",
        "replaces",
        "late",
        "taken_by",
        "taken_at",
        "receipt_number",
    )

    @admin.display(description=_("change"))
    def change_given(self, payment: Payment) -> str:
        return euros(payment.change)

    @admin.display(description=_("receipt"))
    def receipt_number(self, payment: Payment) -> str:
        receipt = Receipt.objects.filter(payment=payment).first()
        return "" if receipt is None else receipt.label


@admin.register(Receipt)
class ReceiptAdmin(ReferenceSearch):
    place = Place(Heading.MONEY, 30)
    leads_to = ("payment__dossier",)
    dossier_id = "payment__dossier_id"
    list_display = ("number_shown", "payment", "office", "issued_at")
    list_filter = (("office", VisibleFilter), "issued_at")
    list_select_related = ("office", "payment")
    # By number and not by date, because the numbers have an index.
    ordering = ("-office", "-year", "-number")
    fields = (
        "office",
        "year",
        "number",
        "payment",
        "issued_at",
        "desk",
        "username",
        "terminal",
    )

    @admin.display(description=_("receipt"))
    def number_shown(self, receipt: Receipt) -> str:
        return receipt.label


@admin.register(Reversal)
class ReversalAdmin(ReferenceSearch):
    place = Place(Heading.MONEY, 40)
    leads_to = ("payment__dossier",)
    dossier_id = "payment__dossier_id"
    list_display = ("asked_at", "state", "amount", "reason", "asked_by", "decided_by")
    list_filter = ("state", "reason", "asked_at")
    parameters = ("state__in",)
    list_select_related = ("asked_by", "decided_by")
    fields = (
        "payment",
        "reason",
        "method",
        "amount",
        "state",
        "asked_by",
        "asked_at",
        "decided_by",
        "decided_at",
        "withdrawn_at",
        "refund_method",
        "drawer",
        "late",
        "refund_slip",
        "settled_by",
        "settled_at",
        "booked_on",
    )


@admin.register(BankRefund)
class BankRefundAdmin(ReferenceSearch):
    place = Place(Heading.MONEY, 50)
    leads_to = ("reversal__payment__dossier",)
    dossier_id = "reversal__payment__dossier_id"
    list_display = ("paid_on", "reversal", "noted_by", "noted_at")
    list_filter = ("paid_on",)
    list_select_related = ("reversal", "noted_by")
    fields = ("reversal", "paid_on", "noted_by", "noted_at")

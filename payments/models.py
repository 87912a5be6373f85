"""What an activation code costs, and what was paid for one."""

import uuid
from decimal import Decimal

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from counter.models import Clerk, Dossier, Office
from payments.enums import Method
from payments.querysets import PaymentQuerySet, TariffQuerySet


class DateRange(Func):
    """Both ends included, as a price's dates are meant."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Tariff(models.Model):
    """A price of one office, from a date, under a council regulation."""

    office = models.ForeignKey(
        Office, models.PROTECT, related_name="tariffs", verbose_name=_("office")
    )
    amount = models.DecimalField(
        _("amount"), max_digits=6, decimal_places=2, help_text=_("In euros.")
    )
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The last day included.")
    )
    regulation = models.CharField(_("regulation"), max_length=200)

    objects = TariffQuerySet.as_manager()

    class Meta:
        verbose_name = _("tariff")
        verbose_name_plural = _("tariffs")
        ordering = ("office", "valid_from")
        constraints = (
            models.CheckConstraint(
                name="tariff_amount_not_negative",
                condition=Q(amount__gte=0),
                violation_error_message=_("A price cannot be negative."),
            ),
            models.CheckConstraint(
                name="tariff_ends_after_start",
                condition=Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                violation_error_message=_("A price cannot end before it starts."),
            ),
            ExclusionConstraint(
                name="tariff_one_at_a_time",
                expressions=[
                    (F("office"), RangeOperators.EQUAL),
                    (
                        DateRange("valid_from", "valid_until", Value("[]")),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("Another price holds on these dates."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.amount} € ({self.valid_from})"


class Payment(models.Model):
    """The fee for one dossier, taken once. Append-only in the database.

    Cash: what was handed over is kept too, so the change can be checked. Card: the
    number on the terminal's slip; never a card number.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.UUIDField(unique=True, editable=False)
    dossier = models.OneToOneField(
        Dossier, models.PROTECT, related_name="payment", verbose_name=_("dossier")
    )
    tariff = models.ForeignKey(Tariff, models.PROTECT, verbose_name=_("tariff"))
    taken_by = models.ForeignKey(
        Clerk, models.PROTECT, related_name="payments", verbose_name=_("taken by")
    )
    taken_at = models.DateTimeField(_("taken"))
    method = models.CharField(_("method"), max_length=4, choices=Method)
    amount = models.DecimalField(_("amount"), max_digits=6, decimal_places=2)
    tendered = models.DecimalField(
        _("tendered"), max_digits=6, decimal_places=2, null=True
    )
    terminal_slip = models.CharField(
        _("terminal slip number"), max_length=30, blank=True
    )

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ("-taken_at",)
        constraints = (
            models.CheckConstraint(
                name="payment_amount_not_negative", condition=Q(amount__gte=0)
            ),
            models.CheckConstraint(
                name="payment_cash_is_tendered",
                condition=~Q(method=Method.CASH)
                | Q(tendered__gte=F("amount"), terminal_slip=""),
                violation_error_message=_("Less was handed over than is due."),
            ),
            models.CheckConstraint(
                name="payment_card_has_slip",
                condition=~Q(method=Method.CARD)
                | (Q(tendered__isnull=True) & ~Q(terminal_slip="")),
                violation_error_message=_("A card payment has a slip number."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.amount} € {self.get_method_display()}"

    @property
    def change(self) -> Decimal:
        """What goes back to the person, in euros; 0.00 for a card."""
        return Decimal("0.00") if self.tendered is None else self.tendered - self.amount

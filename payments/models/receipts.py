"""Receipts: their numbers have no gaps within an office and year."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from counter.models import Office
from payments.models.payments import Payment
from payments.querysets import ReceiptQuerySet


class ReceiptCounter(models.Model):
    """The last receipt number that an office used in a year.

    payments.receipts.numbers increments it in the transaction of the payment, so that a
    payment that is rolled back leaves no gap. Nothing else may write to this table.
    """

    office = models.ForeignKey(
        Office, models.PROTECT, related_name="+", verbose_name=_("office")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"))

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("counter of receipts")
        verbose_name_plural = _("counters of receipts")
        ordering = ("office", "-year")
        constraints = (
            models.UniqueConstraint(
                "office", "year", name="receipt_counter_one_a_year"
            ),
        )

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Receipt(models.Model):
    """The number on the receipt of a payment. Append-only.

    `year` is that of the payment's date in Brussels. `desk` and `terminal` are kept as
    they were at the payment, so that a duplicate has the same text as the original.
    `username` is kept for the books, and stands on no paper (decision 101).
    """

    office = models.ForeignKey(
        Office, models.PROTECT, related_name="receipts", verbose_name=_("office")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"))
    payment = models.OneToOneField(
        Payment, models.PROTECT, related_name="receipt", verbose_name=_("payment")
    )
    issued_at = models.DateTimeField(_("issued"))
    desk = models.CharField(_("desk"), max_length=40, blank=True)
    username = models.CharField(_("user name"), max_length=150)
    terminal = models.CharField(_("terminal"), max_length=80, blank=True)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ("office", "-year", "-number")
        indexes = (models.Index(fields=("office", "issued_at"), name="receipt_issued"),)
        constraints = (
            models.UniqueConstraint(
                "office", "year", "number", name="receipt_number_once"
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """As printed: 2026-000042."""
        return f"{self.year}-{self.number:06d}"

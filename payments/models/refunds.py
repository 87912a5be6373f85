"""Refunds that the finance service paid by bank transfer."""

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from counter.models import Clerk
from payments.models.reversals import Reversal
from payments.querysets import BankRefundQuerySet


class BankRefund(models.Model):
    """A note that the finance service paid a reversal by bank transfer. Append-only.

    `paid_on` is the date of the transfer in Brussels. The supervisor in `noted_by` got
    it from the finance service.
    """

    reversal = models.OneToOneField(
        Reversal,
        models.PROTECT,
        related_name="bank_refund",
        verbose_name=_("reversal"),
    )
    paid_on = models.DateField(_("paid back on"))
    noted_by = models.ForeignKey(
        Clerk,
        models.PROTECT,
        related_name="bank_refunds",
        verbose_name=_("noted by"),
    )
    noted_at = models.DateTimeField(_("noted"))

    objects = BankRefundQuerySet.as_manager()

    class Meta:
        verbose_name = _("refund by bank transfer")
        verbose_name_plural = _("refunds by bank transfer")
        ordering = ("-paid_on", "-noted_at")
        indexes = (models.Index(fields=("paid_on",), name="bank_refund_newest"),)

    def __str__(self) -> str:
        return date_format(self.paid_on, "SHORT_DATE_FORMAT")

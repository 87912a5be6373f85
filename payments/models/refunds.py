"""What the finance service paid back."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from counter.models import Clerk
from payments.models.reversals import Reversal
from payments.querysets import BankRefundQuerySet


class BankRefund(models.Model):
    """That a reversal was paid back by bank transfer. Append-only in the database.

    The transfer itself is the finance service's; `paid_on` is its date in Brussels, as
    the supervisor `noted_by` was told.
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

    def __str__(self) -> str:
        return f"{self.paid_on}"

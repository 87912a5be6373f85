"""The payment of the fee for an activation code."""

import uuid
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from counter.identity.euros import euros
from counter.models import Clerk, Dossier
from payments.enums import Method, ReversalState, WaiverReason
from payments.models.closing import Terminal
from payments.models.drawers import DrawerSession
from payments.models.tariffs import Tariff
from payments.querysets import BrusselsDay, PaymentQuerySet, SlipKey

if TYPE_CHECKING:
    from payments.models.reversals import Reversal


class Payment(models.Model):
    """The payment of the fee for one dossier. Append-only: a trigger refuses changes.

    A cash payment has the drawer and the amount handed over, so that the change can be
    checked. A card payment has the number on the terminal's slip, never a card number.
    A waiver is a payment of 0.00 euros with its reason and the supervisor who allowed
    it; its `tariff` is the price that is waived, or the office's free tariff for a
    person who is exempt under the regulation (decision 012).

    A wrong method is corrected with a second payment: the first one is reversed in the
    books, and the second `replaces` it, with a receipt of its own
    (payments.corrections.correcting). The second payment is `late` when the first one's
    drawer was already counted or its terminal's day is over. A late payment counts in
    no drawer and on no terminal, because their totals are final.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.UUIDField(unique=True, editable=False)
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, related_name="payments", verbose_name=_("dossier")
    )
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        related_name="replaced_by",
        verbose_name=_("corrects"),
        help_text=_(
            "The payment that this one replaces, because it was booked with a wrong "
            "method."
        ),
    )
    late = models.BooleanField(
        _("too late for a drawer or terminal"), default=False, db_default=False
    )
    tariff = models.ForeignKey(Tariff, models.PROTECT, verbose_name=_("tariff"))
    taken_by = models.ForeignKey(
        Clerk, models.PROTECT, related_name="payments", verbose_name=_("taken by")
    )
    taken_at = models.DateTimeField(_("taken"))
    method = models.CharField(_("method"), max_length=6, choices=Method.pairs)
    amount = models.DecimalField(_("amount"), max_digits=6, decimal_places=2)
    tendered = models.DecimalField(
        _("tendered"), max_digits=6, decimal_places=2, null=True
    )
    terminal_slip = models.CharField(
        _("terminal slip number"), max_length=30, blank=True
    )
    drawer = models.ForeignKey(
        DrawerSession,
        models.PROTECT,
        null=True,
        related_name="payments",
        verbose_name=_("drawer"),
    )
    terminal = models.ForeignKey(
        Terminal,
        models.PROTECT,
        null=True,
        related_name="payments",
        verbose_name=_("terminal"),
    )
    waiver_reason = models.CharField(
        _("reason of the waiver"), max_length=20, choices=WaiverReason.pairs, blank=True
    )
    approved_by = models.ForeignKey(
        Clerk,
        models.PROTECT,
        null=True,
        related_name="approved_waivers",
        verbose_name=_("approved by"),
    )

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ("-taken_at",)
        indexes = (
            models.Index(fields=("taken_at",), name="payment_taken"),
            # About one payment in fifty is a waiver. The list of payments filters by
            # clerk within the waivers.
            models.Index(
                fields=("taken_by",),
                name="payment_waived",
                condition=Q(method=Method.WAIVER),
            ),
            # Looks for another payment with the same slip number. It cannot be unique:
            # a payment that was corrected no longer uses its number, and that is
            # written in another row (payments.taking.slips).
            models.Index(
                "terminal",
                SlipKey("terminal_slip"),
                BrusselsDay("taken_at"),
                name="payment_slip",
                condition=Q(method=Method.CARD),
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="payment_is_free_or_not",
                condition=Q(method=Method.WAIVER, amount=0)
                | (~Q(method=Method.WAIVER) & Q(amount__gt=0)),
                violation_error_message=_("Only a waiver is free of charge."),
            ),
            models.CheckConstraint(
                name="payment_waiver_has_reason",
                condition=(
                    Q(
                        method=Method.WAIVER,
                        approved_by__isnull=False,
                        tendered__isnull=True,
                        terminal_slip="",
                    )
                    & ~Q(waiver_reason="")
                )
                | (
                    ~Q(method=Method.WAIVER)
                    & Q(waiver_reason="", approved_by__isnull=True)
                ),
                violation_error_message=_("A waiver has a reason and a supervisor."),
            ),
            models.UniqueConstraint(
                "dossier",
                name="payment_one_a_dossier",
                condition=Q(replaces__isnull=True),
            ),
            models.CheckConstraint(
                name="payment_late_is_a_correction",
                condition=Q(late=False)
                | Q(replaces__isnull=False, drawer__isnull=True),
            ),
            models.CheckConstraint(
                name="payment_cash_has_drawer",
                condition=~Q(method=Method.CASH)
                | Q(drawer__isnull=False)
                | Q(late=True),
                violation_error_message=_("Cash goes into an open drawer."),
            ),
            models.CheckConstraint(
                name="payment_drawer_is_for_cash",
                condition=Q(drawer__isnull=True) | Q(method=Method.CASH),
            ),
            models.CheckConstraint(
                name="payment_terminal_is_for_cards",
                condition=Q(terminal__isnull=True) | Q(method=Method.CARD),
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
        return f"{euros(self.amount)}, {self.get_method_display()}"

    @property
    def change(self) -> Decimal:
        """The change that the clerk gives back, in euros; 0.00 without cash."""
        return Decimal("0.00") if self.tendered is None else self.tendered - self.amount

    @property
    def last_reversal(self) -> "Reversal | None":
        """The newest reversal of this payment that was not withdrawn, for display."""
        rows = self.reversals.exclude(state=ReversalState.WITHDRAWN)
        return rows.select_related(
            "payment__terminal", "drawer__clerk", "asked_by", "decided_by"
        ).first()

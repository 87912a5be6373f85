"""What was paid for an activation code, and what was given back."""

import uuid
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from counter.models import Clerk, Dossier
from payments.enums import Method, ReversalReason, ReversalState, WaiverReason
from payments.models.closing import Terminal
from payments.models.drawers import DrawerSession
from payments.models.tariffs import Tariff
from payments.querysets import PaymentQuerySet, ReversalQuerySet


class Payment(models.Model):
    """The fee for one dossier, taken once. Append-only in the database.

    Cash: the drawer, and what was handed over, so the change can be checked. Card:
    the number on the terminal's slip; never a card number. A waiver is a payment of
    nothing, with its reason and the supervisor who allowed it; `tariff` is what would
    have been due.
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
    method = models.CharField(_("method"), max_length=6, choices=Method)
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
        _("reason of the waiver"), max_length=20, choices=WaiverReason, blank=True
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
            models.CheckConstraint(
                name="payment_cash_has_drawer",
                condition=~Q(method=Method.CASH) | Q(drawer__isnull=False),
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
        return f"{self.amount} € {self.get_method_display()}"

    @property
    def change(self) -> Decimal:
        """What goes back to the person, in euros; 0.00 for a card."""
        return Decimal("0.00") if self.tendered is None else self.tendered - self.amount


class Reversal(models.Model):
    """A payment given back, or the wish to: asked by one, decided by another.

    Refers to the payment, which stays as it is. The same method gives it back: cash
    from the open drawer `drawer`, otherwise the finance service does by bank
    transfer. Once decided it cannot change: a trigger refuses it. Of one payment at
    most one is asked or confirmed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.ForeignKey(
        Payment,
        models.PROTECT,
        related_name="reversals",
        verbose_name=_("payment"),
    )
    reason = models.CharField(_("reason"), max_length=20, choices=ReversalReason)
    method = models.CharField(_("method"), max_length=6, choices=Method)
    amount = models.DecimalField(_("amount"), max_digits=6, decimal_places=2)
    state = models.CharField(
        _("state"), max_length=9, choices=ReversalState, default=ReversalState.ASKED
    )
    asked_by = models.ForeignKey(
        Clerk,
        models.PROTECT,
        related_name="asked_reversals",
        verbose_name=_("asked by"),
    )
    asked_at = models.DateTimeField(_("asked"))
    decided_by = models.ForeignKey(
        Clerk,
        models.PROTECT,
        null=True,
        related_name="decided_reversals",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    drawer = models.ForeignKey(
        DrawerSession,
        models.PROTECT,
        null=True,
        related_name="reversals",
        verbose_name=_("drawer"),
    )
    by_bank_transfer = models.BooleanField(_("by bank transfer"), default=False)

    objects = ReversalQuerySet.as_manager()

    class Meta:
        verbose_name = _("reversal")
        verbose_name_plural = _("reversals")
        ordering = ("-asked_at",)
        constraints = (
            models.UniqueConstraint(
                "payment",
                name="reversal_one_a_payment",
                condition=Q(state__in=(ReversalState.ASKED, ReversalState.CONFIRMED)),
                violation_error_message=_("A reversal of this was asked already."),
            ),
            models.CheckConstraint(
                name="reversal_gives_something_back", condition=Q(amount__gt=0)
            ),
            models.CheckConstraint(
                name="reversal_decided_has_who",
                condition=Q(
                    state=ReversalState.ASKED,
                    decided_at__isnull=True,
                    decided_by__isnull=True,
                )
                | (
                    ~Q(state=ReversalState.ASKED)
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="reversal_decided_by_another",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                violation_error_message=_("Nobody decides on an own request."),
            ),
            models.CheckConstraint(
                name="reversal_cash_comes_from_somewhere",
                condition=Q(drawer__isnull=True, by_bank_transfer=True)
                | Q(drawer__isnull=False, by_bank_transfer=False, method=Method.CASH)
                | (
                    Q(drawer__isnull=True, by_bank_transfer=False)
                    & (~Q(state=ReversalState.CONFIRMED) | ~Q(method=Method.CASH))
                ),
            ),
        )

    def __str__(self) -> str:
        return f"-{self.amount} € {self.get_method_display()}"

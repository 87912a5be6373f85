"""Reversals: requests to give a payment back, and what became of them."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from counter.identity.euros import euros
from counter.models import Clerk
from payments.enums import (
    OPEN_REVERSALS,
    Method,
    RefundMethod,
    ReversalReason,
    ReversalState,
)
from payments.models.drawers import DrawerSession
from payments.models.payments import Payment
from payments.querysets import ReversalQuerySet

_SETTLED = Q(state=ReversalState.SETTLED)
_ON_TERMINAL = _SETTLED & Q(refund_method=RefundMethod.TERMINAL)
_DECIDED = Q(
    state__in=(ReversalState.AGREED, ReversalState.SETTLED, ReversalState.REFUSED)
)
_GOES_BACK = Q(state__in=(ReversalState.AGREED, ReversalState.SETTLED))


class Reversal(models.Model):
    """A request to give a payment back, with the decision and the refund.

    One clerk asks and another decides. The payment itself does not change. A reversal
    that is agreed to has a `refund_method`: cash from the `drawer` into which the
    payment went, while it is open; the card terminal, on the day of the payment;
    otherwise a bank transfer by the finance service. For cash and the terminal a clerk
    then confirms that the person has the money. Only then is the reversal settled, and
    it counts on the date `booked_on`. Each step is written once: a trigger refuses to
    change it. A payment has at most one reversal that is asked, agreed or settled.

    The refund method "in the books" corrects the method and gives no money back:
    another payment with the right method replaces this one. The reversal is booked on
    the drawer or the terminal of the payment, or is `late` when that was already
    counted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.ForeignKey(
        Payment,
        models.PROTECT,
        related_name="reversals",
        verbose_name=_("payment"),
    )
    reason = models.CharField(_("reason"), max_length=20, choices=ReversalReason.pairs)
    method = models.CharField(_("method"), max_length=6, choices=Method.pairs)
    amount = models.DecimalField(_("amount"), max_digits=6, decimal_places=2)
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=ReversalState.pairs,
        default=ReversalState.ASKED,
    )
    asked_by = models.ForeignKey(
        Clerk,
        models.PROTECT,
        related_name="asked_reversals",
        verbose_name=_("asked by"),
    )
    asked_at = models.DateTimeField(_("asked"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    decided_by = models.ForeignKey(
        Clerk,
        models.PROTECT,
        null=True,
        related_name="decided_reversals",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    refund_method = models.CharField(
        _("refund method"), max_length=8, choices=RefundMethod.pairs, blank=True
    )
    drawer = models.ForeignKey(
        DrawerSession,
        models.PROTECT,
        null=True,
        related_name="reversals",
        verbose_name=_("drawer"),
    )
    late = models.BooleanField(
        _("too late for a drawer or terminal"), default=False, db_default=False
    )
    refund_slip = models.CharField(
        _("slip number of the refund"), max_length=30, blank=True
    )
    settled_by = models.ForeignKey(
        Clerk,
        models.PROTECT,
        null=True,
        related_name="settled_reversals",
        verbose_name=_("given back by"),
    )
    settled_at = models.DateTimeField(_("given back"), null=True)
    booked_on = models.DateField(
        _("counts on"), null=True, help_text=_("The date by Belgian time.")
    )

    objects = ReversalQuerySet.as_manager()

    class Meta:
        verbose_name = _("reversal")
        verbose_name_plural = _("reversals")
        ordering = ("-asked_at",)
        indexes = (
            models.Index(fields=("asked_at",), name="reversal_newest"),
            models.Index(
                "asked_at",
                name="reversal_open",
                condition=Q(state__in=OPEN_REVERSALS),
            ),
            models.Index("booked_on", name="reversal_booked", condition=_SETTLED),
        )
        constraints = (
            models.UniqueConstraint(
                "payment",
                name="reversal_one_a_payment",
                condition=Q(state=ReversalState.ASKED) | _GOES_BACK,
                violation_error_message=_("A reversal of this was asked already."),
            ),
            models.CheckConstraint(
                name="reversal_gives_something_back",
                condition=Q(amount__gt=0)
                | Q(amount=0, refund_method=RefundMethod.BOOKS),
            ),
            models.CheckConstraint(
                name="reversal_withdrawn_has_time",
                condition=Q(state=ReversalState.WITHDRAWN, withdrawn_at__isnull=False)
                | (~Q(state=ReversalState.WITHDRAWN) & Q(withdrawn_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="reversal_decided_has_who",
                condition=(
                    _DECIDED & Q(decided_at__isnull=False, decided_by__isnull=False)
                )
                | (~_DECIDED & Q(decided_at__isnull=True, decided_by__isnull=True)),
            ),
            models.CheckConstraint(
                name="reversal_decided_by_another",
                condition=Q(decided_by__isnull=True)
                | ~Q(decided_by=F("asked_by"))
                | Q(refund_method=RefundMethod.BOOKS),
                violation_error_message=_("Nobody decides on an own request."),
            ),
            models.CheckConstraint(
                name="reversal_agreed_has_refund_method",
                condition=(_GOES_BACK & ~Q(refund_method=""))
                | (~_GOES_BACK & Q(refund_method="")),
            ),
            models.CheckConstraint(
                name="reversal_agreed_is_to_be_given",
                condition=~Q(
                    state=ReversalState.AGREED,
                    refund_method__in=(RefundMethod.TRANSFER, RefundMethod.BOOKS),
                ),
            ),
            models.CheckConstraint(
                name="reversal_late_is_in_the_books",
                condition=Q(late=False)
                | Q(refund_method=RefundMethod.BOOKS, drawer__isnull=True),
            ),
            models.CheckConstraint(
                name="reversal_cash_comes_from_a_drawer",
                condition=Q(
                    refund_method__in=(RefundMethod.CASH, RefundMethod.BOOKS),
                    drawer__isnull=False,
                    method=Method.CASH,
                )
                | (~Q(refund_method=RefundMethod.CASH) & Q(drawer__isnull=True)),
            ),
            models.CheckConstraint(
                name="reversal_terminal_is_for_cards",
                condition=~Q(refund_method=RefundMethod.TERMINAL)
                | Q(method=Method.CARD),
            ),
            models.CheckConstraint(
                name="reversal_settled_has_who",
                condition=(
                    _SETTLED
                    & Q(
                        settled_at__isnull=False,
                        settled_by__isnull=False,
                        booked_on__isnull=False,
                    )
                )
                | (
                    ~_SETTLED
                    & Q(
                        settled_at__isnull=True,
                        settled_by__isnull=True,
                        booked_on__isnull=True,
                    )
                ),
            ),
            models.CheckConstraint(
                name="reversal_on_terminal_has_slip",
                condition=(_ON_TERMINAL & ~Q(refund_slip=""))
                | (~_ON_TERMINAL & Q(refund_slip="")),
                violation_error_message=_("A refund on a terminal has a slip number."),
            ),
        )

    def __str__(self) -> str:
        return f"-{euros(self.amount)}, {self.get_method_display()}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_REVERSALS

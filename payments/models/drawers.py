"""A clerk's cash drawer, from its float to the supervisor's approval."""

import uuid
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from counter.identity.euros import euros
from counter.models import Clerk, Office
from payments.enums import WITH_THE_CLERK, DrawerState, MovementKind
from payments.querysets import DrawerQuerySet, MovementQuerySet

_COUNTED = Q(
    counted_at__isnull=False,
    counted_amount__isnull=False,
    counted_counts__isnull=False,
    expected_amount__isnull=False,
    difference__isnull=False,
)
_NOT_COUNTED = Q(
    counted_at__isnull=True,
    counted_amount__isnull=True,
    counted_counts__isnull=True,
    expected_amount__isnull=True,
    difference__isnull=True,
)


class DrawerSession(models.Model):
    """One clerk's drawer of one day (docs/domain.md#the-drawer).

    Its state goes open -> counted -> closed -> approved and never back. Cash is booked
    on an open drawer only. Amounts are in euros; counts by denomination have the
    denomination in cents (denominations.py).

    `expected_amount` is float + cash - cash refunds - deposits at the moment of the
    first count, `counted_at`; after that nothing is booked on the drawer. Until its
    approval a drawer may be counted again, and each count is kept (DrawerCount). After
    it the row cannot change: triggers refuse every update.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    office = models.ForeignKey(
        Office, models.PROTECT, related_name="drawers", verbose_name=_("office")
    )
    clerk = models.ForeignKey(
        Clerk, models.PROTECT, related_name="drawers", verbose_name=_("clerk")
    )
    desk = models.CharField(_("desk"), max_length=40, blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=DrawerState.pairs, default=DrawerState.OPEN
    )
    opened_at = models.DateTimeField(_("opened"))
    opening_float = models.DecimalField(_("float"), max_digits=8, decimal_places=2)
    opening_counts = models.JSONField(_("float by denomination"), default=dict)
    counted_at = models.DateTimeField(_("counted at"), null=True)
    counted_amount = models.DecimalField(
        _("counted"), max_digits=8, decimal_places=2, null=True
    )
    counted_counts = models.JSONField(_("counted by denomination"), null=True)
    expected_amount = models.DecimalField(
        _("expected"), max_digits=8, decimal_places=2, null=True
    )
    difference = models.DecimalField(
        _("difference"), max_digits=8, decimal_places=2, null=True
    )
    closed_at = models.DateTimeField(_("closed"), null=True)
    difference_reason = models.CharField(
        _("reason of the difference"), max_length=200, blank=True
    )
    approved_at = models.DateTimeField(_("approved"), null=True)
    approved_by = models.ForeignKey(
        Clerk,
        models.PROTECT,
        null=True,
        related_name="approved_drawers",
        verbose_name=_("approved by"),
    )
    recount_asked_at = models.DateTimeField(_("recount asked"), null=True)
    recount_asked_by = models.ForeignKey(
        Clerk,
        models.PROTECT,
        null=True,
        related_name="asked_recounts",
        verbose_name=_("recount asked by"),
    )
    sealed_bag = models.CharField(_("sealed bag"), max_length=30, blank=True)

    objects = DrawerQuerySet.as_manager()

    class Meta:
        verbose_name = _("drawer")
        verbose_name_plural = _("drawers")
        ordering = ("-opened_at",)
        indexes = (
            models.Index(fields=("office", "-opened_at"), name="drawer_of_office"),
            models.Index(fields=("opened_at",), name="drawer_newest"),
            models.Index(fields=("office", "counted_at"), name="drawer_counted"),
            models.Index(
                fields=("office", "state"),
                name="drawer_not_approved",
                condition=~Q(state=DrawerState.APPROVED),
            ),
        )
        constraints = (
            models.UniqueConstraint(
                "clerk",
                name="drawer_one_a_clerk",
                condition=Q(state__in=WITH_THE_CLERK),
                violation_error_message=_("This clerk has a drawer already."),
            ),
            models.CheckConstraint(
                name="drawer_float_not_negative", condition=Q(opening_float__gte=0)
            ),
            models.CheckConstraint(
                name="drawer_counted_has_count",
                condition=(Q(state=DrawerState.OPEN) & _NOT_COUNTED)
                | (~Q(state=DrawerState.OPEN) & _COUNTED & Q(counted_amount__gte=0)),
            ),
            models.CheckConstraint(
                name="drawer_difference_adds_up",
                condition=Q(difference__isnull=True)
                | Q(difference=F("counted_amount") - F("expected_amount")),
            ),
            models.CheckConstraint(
                name="drawer_closed_has_time",
                condition=Q(state__in=WITH_THE_CLERK, closed_at__isnull=True)
                | (~Q(state__in=WITH_THE_CLERK) & Q(closed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="drawer_difference_has_reason",
                condition=Q(state__in=WITH_THE_CLERK)
                | Q(difference=0)
                | ~Q(difference_reason=""),
                violation_error_message=_("Say where the difference comes from."),
            ),
            models.CheckConstraint(
                name="drawer_approved_has_who",
                condition=Q(
                    state=DrawerState.APPROVED,
                    approved_at__isnull=False,
                    approved_by__isnull=False,
                )
                | (
                    ~Q(state=DrawerState.APPROVED)
                    & Q(approved_at__isnull=True, approved_by__isnull=True)
                ),
            ),
            models.CheckConstraint(
                name="drawer_recount_asked_before_approval",
                condition=Q(
                    recount_asked_at__isnull=True, recount_asked_by__isnull=True
                )
                | Q(
                    state__in=(DrawerState.COUNTED, DrawerState.CLOSED),
                    recount_asked_at__isnull=False,
                    recount_asked_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="drawer_approved_by_another",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("clerk")),
                violation_error_message=_("Nobody approves an own drawer."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.desk or self.clerk} {localtime(self.opened_at):%d/%m %H:%M}"

    @property
    def is_open(self) -> bool:
        return self.state == DrawerState.OPEN


class DrawerMovement(models.Model):
    """Cash that the clerk takes out of the drawer for the safe. Append-only."""

    submission = models.UUIDField(unique=True, editable=False)
    session = models.ForeignKey(
        DrawerSession,
        models.PROTECT,
        related_name="movements",
        verbose_name=_("drawer"),
    )
    kind = models.CharField(
        _("kind"),
        max_length=8,
        choices=MovementKind.pairs,
        default=MovementKind.DEPOSIT,
    )
    amount = models.DecimalField(_("amount"), max_digits=8, decimal_places=2)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        Clerk,
        models.PROTECT,
        related_name="drawer_movements",
        verbose_name=_("clerk"),
    )
    reference = models.CharField(
        _("sealed bag or reference"), max_length=30, blank=True
    )

    objects = MovementQuerySet.as_manager()

    class Meta:
        verbose_name = _("movement of a drawer")
        verbose_name_plural = _("movements of drawers")
        ordering = ("at", "id")
        indexes = (models.Index(fields=("at",), name="movement_newest"),)
        constraints = (
            models.CheckConstraint(
                name="movement_moves_something",
                condition=Q(amount__gt=Decimal(0)),
                violation_error_message=_("An amount is more than zero."),
            ),
        )

    def __str__(self) -> str:
        return f"{euros(self.amount)}, {self.get_kind_display()}"

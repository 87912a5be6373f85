"""Every count of a drawer: who counted, when, and the result."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from counter.identity.euros import euros
from counter.models import Clerk
from payments.models.drawers import DrawerSession
from payments.querysets import CountQuerySet


class DrawerCount(models.Model):
    """One count of a drawer. Append-only: a later count does not replace it.

    The columns of the drawer itself repeat its last count. `together_with` is the
    colleague who counted with a supervisor because the drawer's clerk was away.
    `was_said` is the reason given for the difference that the previous count found.
    """

    session = models.ForeignKey(
        DrawerSession,
        models.PROTECT,
        related_name="counts",
        verbose_name=_("drawer"),
    )
    nth = models.PositiveSmallIntegerField(_("count number"))
    at = models.DateTimeField(_("at"))
    counted_by = models.ForeignKey(
        Clerk,
        models.PROTECT,
        related_name="drawer_counts",
        verbose_name=_("counted by"),
    )
    together_with = models.ForeignKey(
        Clerk,
        models.PROTECT,
        null=True,
        related_name="joint_drawer_counts",
        verbose_name=_("together with"),
    )
    amount = models.DecimalField(_("counted"), max_digits=8, decimal_places=2)
    counts = models.JSONField(_("counted by denomination"))
    difference = models.DecimalField(_("difference"), max_digits=8, decimal_places=2)
    was_said = models.CharField(_("reason given before"), max_length=200, blank=True)

    objects = CountQuerySet.as_manager()

    class Meta:
        verbose_name = _("count of a drawer")
        verbose_name_plural = _("counts of drawers")
        ordering = ("session", "nth")
        indexes = (models.Index(fields=("at",), name="drawer_count_newest"),)
        constraints = (
            models.UniqueConstraint(
                "session", "nth", name="drawer_count_numbered_once"
            ),
            models.CheckConstraint(
                name="drawer_count_is_of_two_people",
                condition=Q(together_with__isnull=True)
                | ~Q(together_with=F("counted_by")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.nth}: {euros(self.amount)}"

"""The retention periods that offices chose, legal holds, and destruction records.

The rules themselves are in code (counter.retention).
"""

import uuid
from datetime import datetime
from typing import Self, override

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from counter.journal.recorded_models import Recorded, RecordedQuerySet
from counter.models.clerks import Clerk
from counter.models.dossiers import Dossier
from counter.models.offices import Office
from counter.offices.own_rows import OfOffice
from counter.retention import registry
from counter.retention.reasons import HoldReason, LiftReason


class RetentionPeriodQuerySet(OfOffice, RecordedQuerySet["RetentionPeriod"]):
    pass


class RetentionPeriod(Recorded):
    """For how many days one office keeps the data of one rule, when it chose that
    itself.

    Without a row the rule's default period applies (counter.retention.periods). `clean`
    refuses a period outside the rule's bounds. The bounds may become narrower after a
    period was chosen, so a reader limits it to the bounds of today.
    """

    office = models.ForeignKey(
        Office,
        models.PROTECT,
        related_name="retention_periods",
        verbose_name=_("office"),
    )
    rule = models.CharField(_("rule"), max_length=40)
    days = models.PositiveIntegerField(_("days"))

    named_by = ("office", "rule")

    objects = RetentionPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("retention period")
        verbose_name_plural = _("retention periods")
        ordering = ("office", "rule")
        constraints = (
            models.UniqueConstraint(
                "office", "rule", name="retention_period_once_an_office"
            ),
        )

    def __str__(self) -> str:
        return f"{self.rule}: {self.days}"

    def clean(self) -> None:
        """Refuse a rule whose period is fixed, and a period outside its bounds."""
        super().clean()
        rule = registry.find(self.rule)
        if rule is None or not rule.is_editable:
            raise ValidationError(
                {"rule": gettext("The period of this rule is fixed.")}
            )
        if self.days is not None and (sentence := rule.why_not(self.days)):
            raise ValidationError({"days": sentence}, code="out_of_bounds")


class LegalHoldQuerySet(OfOffice, models.QuerySet["LegalHold"]):
    office_path = "dossier__office"

    def in_force(self, at: datetime) -> Self:
        """Not lifted, and its last day not over."""
        return self.filter(lifted_at__isnull=True, until__gte=localdate(at))


class LegalHold(models.Model):
    """A ban on removing data of one dossier and its person, for a lawsuit or an
    enquiry.

    A supervisor sets and lifts it (counter.retention.holds). `until` is its last day; a
    nightly task lifts the holds whose last day is over. Until the hold is lifted, the
    database itself refuses to remove what the retention rules would remove.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, related_name="holds", verbose_name=_("dossier")
    )
    reason = models.CharField(_("reason"), max_length=12, choices=HoldReason.pairs)
    until = models.DateField(_("until"), help_text=_("The last day included."))
    set_by = models.ForeignKey(
        Clerk, models.PROTECT, related_name="+", verbose_name=_("set by")
    )
    set_at = models.DateTimeField(_("set"))
    lifted_by = models.ForeignKey(
        Clerk, models.PROTECT, null=True, related_name="+", verbose_name=_("lifted by")
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True)
    lift_reason = models.CharField(
        _("reason to lift it"), max_length=12, choices=LiftReason.pairs, blank=True
    )

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ("-set_at",)
        constraints = (
            models.UniqueConstraint(
                "dossier",
                name="legal_hold_one_a_dossier",
                condition=Q(lifted_at__isnull=True),
                violation_error_message=_("This dossier has a hold already."),
            ),
            models.CheckConstraint(
                name="legal_hold_lifted_has_who",
                condition=Q(
                    lifted_at__isnull=True, lifted_by__isnull=True, lift_reason=""
                )
                | (
                    Q(lifted_at__isnull=False)
                    & (
                        (Q(lifted_by__isnull=False) & ~Q(lift_reason=""))
                        | Q(lift_reason=LiftReason.LAST_DAY)
                    )
                ),
            ),
            models.CheckConstraint(
                name="legal_hold_lifted_after_set",
                condition=Q(lifted_at__isnull=True) | Q(lifted_at__gte=F("set_at")),
            ),
        )

    def __str__(self) -> str:
        return f"{_('legal hold')} {str(self.pk)[:8]}"


class DestructionRecordQuerySet(OfOffice, models.QuerySet["DestructionRecord"]):
    @override
    def of_office(self, office: Office | int) -> Self:
        """The office's records and those without an office, which say no more of it."""
        return self.filter(Q(office=office) | Q(office__isnull=True))


class DestructionRecord(models.Model):
    """The proof that rows were removed under a rule, and how many; no personal data.

    Each batch writes one in its own transaction, so the sum of `rows` is the number of
    rows removed. The database refuses to change a record. `days` is the retention
    period at that moment; `at_request` is true when the person asked for the removal.
    """

    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)
    rule = models.CharField(_("rule"), max_length=40)
    office = models.ForeignKey(
        Office,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("office"),
        help_text=_("Without an office it belongs to the whole house."),
    )
    days = models.PositiveIntegerField(_("days"))
    rows = models.PositiveIntegerField(_("how many"))
    at_request = models.BooleanField(_("asked by the person"), default=False)

    objects = DestructionRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("destruction record")
        verbose_name_plural = _("destruction records")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.rule} {self.rows}"

    @property
    def data(self) -> str:
        rule = registry.find(self.rule)
        return str(rule.data) if rule else self.rule

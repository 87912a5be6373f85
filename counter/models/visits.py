"""Drafts, visits without a dossier, work and study domains, and monthly counts."""

import uuid
from datetime import datetime, timedelta
from typing import Final, Self, override

from django.db import models
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from counter.crypto.encryption import SealedText
from counter.enums import Outcome, RedirectReason, RefusalReason
from counter.journal.recorded_models import Recorded, RecordedQuerySet
from counter.models.clerks import Clerk
from counter.models.offices import Office
from counter.offices.own_rows import OfOffice
from counter.querysets import TurnedAwayQuerySet

#: How long a draft is kept for the clerk who typed it.
DRAFT_LIVES: Final = timedelta(hours=8)


class DraftQuerySet(OfOffice, models.QuerySet["Draft"]):
    office_path = "clerk__office"

    @override
    def visible_to(self, clerk: Clerk) -> Self:
        """A draft is its clerk's own, whatever the office."""
        return self.filter(clerk=clerk)

    def supervised_by(self, clerk: Clerk) -> Self:
        """The drafts of which a supervisor may see whose they are and since when, but
        not the content.
        """
        return super().visible_to(clerk)

    def kept(self, at: datetime) -> Self:
        return self.filter(saved_at__gt=at - DRAFT_LIVES)

    def stale(self, at: datetime) -> Self:
        return self.filter(saved_at__lte=at - DRAFT_LIVES)


class Draft(models.Model):
    """A recording form that is not finished, encrypted because it has personal data.

    `submission` is the id of the form. The draft is deleted when the form is saved as a
    dossier, or after DRAFT_LIVES.
    """

    #: Computed from clerk and submission (counter.dossiers.drafts): one row for each
    #: form.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clerk = models.ForeignKey(
        Clerk, models.CASCADE, related_name="drafts", verbose_name=_("clerk")
    )
    submission = models.UUIDField(editable=False)
    content_sealed = models.BinaryField(editable=False)
    saved_at = models.DateTimeField(_("saved"))

    content = SealedText("content_sealed")

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ("-saved_at",)

    def __str__(self) -> str:
        return f"{_('draft')} {str(self.pk)[:8]}"


class TurnedAway(models.Model):
    """A visit that ended without a dossier, for the statistics; no personal data."""

    office = models.ForeignKey(
        Office, models.PROTECT, related_name="turned_away", verbose_name=_("office")
    )
    clerk = models.ForeignKey(
        Clerk, models.PROTECT, related_name="turned_away", verbose_name=_("clerk")
    )
    submission = models.UUIDField(
        unique=True,
        editable=False,
        help_text=_("When the same form is sent twice, the visit is counted once."),
    )
    at = models.DateTimeField(_("at"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.pairs)
    reason = models.CharField(_("reason"), max_length=40)

    objects = TurnedAwayQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit without a dossier")
        verbose_name_plural = _("visits without a dossier")
        ordering = ("-at",)
        indexes = (
            models.Index(fields=("office", "-at"), name="turned_away_of_office"),
            models.Index(fields=("at",), name="turned_away_newest"),
        )

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} {localtime(self.at):%Y-%m-%d}"

    @property
    def reason_label(self) -> str:
        """The reason in the reader's language."""
        is_redirected = self.outcome == Outcome.REDIRECTED
        reasons = RedirectReason if is_redirected else RefusalReason
        return str(dict(reasons.choices).get(self.reason, self.reason))


class MailDomain(Recorded):
    """A mail domain of an employer or a school, about which the desk warns.

    The person may lose an address there long before the key expires. Subdomains count
    as well.
    """

    domain = models.CharField(
        _("domain"),
        max_length=253,
        unique=True,
        help_text=_("For example: kuleuven.be. Its subdomains are included."),
    )

    named_by = ("domain",)

    objects = RecordedQuerySet.as_manager()

    class Meta:
        verbose_name = _("work or study domain")
        verbose_name_plural = _("work and study domains")
        ordering = ("domain",)

    def __str__(self) -> str:
        return self.domain


class MonthCount(models.Model):
    """How many visits of one office in one month had one value of one breakdown.

    `subject` is the number of the breakdown, 0 for all visits together
    (counter.statistics.counted_months). The row of an empty `value` shows that the
    month was counted, also when there were no visits.
    """

    office = models.ForeignKey(Office, models.CASCADE, related_name="month_counts")
    month = models.DateField(_("month"), help_text=_("The first day of the month."))
    subject = models.PositiveSmallIntegerField(_("subject"))
    value = models.CharField(_("value"), max_length=40, blank=True)
    count = models.PositiveIntegerField(_("count"))

    class Meta:
        verbose_name = _("count of a month")
        verbose_name_plural = _("counts of months")
        ordering = ("office", "month", "subject", "value")
        constraints = (
            models.UniqueConstraint(
                "office", "month", "subject", "value", name="month_count_once"
            ),
            models.CheckConstraint(
                name="month_count_month_is_its_first_day",
                condition=models.Q(month__day=1),
            ),
        )

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.subject} {self.value}: {self.count}"

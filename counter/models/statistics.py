"""What the statistics counted of the months that are over."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from counter.models.offices import Office


class MonthCount(models.Model):
    """How many visits of one office and month had one value of one subject.

    `subject` is the order of a breakdown, or zero for all visits
    (counter.statistics.counted_months). With an empty value it says that the month was
    counted, also where there was nothing.
    """

    office = models.ForeignKey(Office, models.CASCADE, related_name="month_counts")
    month = models.DateField(_("month"), help_text=_("Its first day."))
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

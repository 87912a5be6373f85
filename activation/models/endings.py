"""The number of keys that end in each month, counted every night."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from activation.querysets import KeyEndingsQuerySet
from counter.models import Office


class KeyEndings(models.Model):
    """The number of active keys of an office's dossiers that end in one month.

    Counting a million keys would take too long for a supervisor's page. So a task
    counts them each night (activation.desk.key_endings), and the page reads at most 121
    rows.
    """

    office = models.ForeignKey(Office, models.CASCADE, related_name="key_endings")
    month = models.DateField(_("month"), help_text=_("The first day of the month."))
    count = models.PositiveIntegerField(_("count"))

    objects = KeyEndingsQuerySet.as_manager()

    class Meta:
        verbose_name = _("keys that end in a month")
        verbose_name_plural = _("keys that end, by month")
        ordering = ("office", "month")
        constraints = (
            models.UniqueConstraint("office", "month", name="key_endings_once_a_month"),
            models.CheckConstraint(
                name="key_endings_month_is_its_first_day",
                condition=models.Q(month__day=1),
            ),
        )

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.count}"

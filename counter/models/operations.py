"""Runs of scheduled tasks, and alarms for the operators."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from counter.enums import RunOutcome

if TYPE_CHECKING:
    from counter.models.clerks import Clerk


class AlarmQuerySet[M: models.Model](models.QuerySet[M]):
    def visible_to(self, _clerk: "Clerk") -> Self:
        """All alarms: they are about the system, so they belong to no office."""
        return self

    def open(self) -> Self:
        return self.filter(ended_at__isnull=True)


class TaskRun(models.Model):
    """One run of a scheduled task, or of a command that has to run (a backup).

    The row is written when the run begins and again when it ends, outside the task's
    own transactions. A run that was killed has no `ended_at`, and its `outcome` stays
    RUNNING; once `lost_after` has passed, `outcome_at` reports it as LOST. The row has
    no personal data: `error` is the name of the exception's class, without its message.
    """

    name = models.CharField(_("task"), max_length=100)
    host = models.CharField(_("machine"), max_length=255)
    pid = models.PositiveIntegerField(_("process"))
    started_at = models.DateTimeField(_("began"))
    lost_after = models.DateTimeField()
    ended_at = models.DateTimeField(_("ended"), null=True)
    outcome = models.CharField(
        _("outcome"),
        max_length=8,
        choices=RunOutcome.pairs,
        default=RunOutcome.RUNNING,
    )
    handled = models.PositiveIntegerField(
        _("handled"),
        null=True,
        help_text=_(
            "How many rows the task handled; empty for a task that does not count them."
        ),
    )
    error = models.CharField(_("error"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("run of a task")
        verbose_name_plural = _("runs of tasks")
        ordering = ("-started_at",)
        indexes = (
            models.Index(fields=("name", "-started_at"), name="task_run_newest"),
            models.Index(
                fields=("name", "-started_at"),
                name="task_run_last_done",
                condition=Q(outcome=RunOutcome.DONE),
            ),
            models.Index(fields=("started_at",), name="task_run_oldest"),
        )
        constraints = (
            models.CheckConstraint(
                name="task_run_outcome_has_its_time",
                condition=Q(outcome=RunOutcome.RUNNING, ended_at__isnull=True)
                | Q(
                    outcome__in=(RunOutcome.DONE, RunOutcome.FAILED),
                    ended_at__isnull=False,
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {localtime(self.started_at):%Y-%m-%d %H:%M}"

    def outcome_at(self, at: datetime) -> RunOutcome:
        """The outcome as known at this instant: LOST when the run never ended and
        `lost_after` has passed.
        """
        if self.outcome == RunOutcome.RUNNING and at > self.lost_after:
            return RunOutcome.LOST
        return RunOutcome(self.outcome)


class Alarm(models.Model):
    """A trouble of the system, from when it was noticed until it was over
    (notifications.health.alarms).

    `about` names the task, part or machine, for a kind of trouble that several can have
    at once. `seen_at` is when a process last found that the trouble is still there.
    `operator_told_at` and `operator_told_of_end_at` are when a mail told the operator
    of its begin and end. The process that is sending such a mail holds `claim` until
    `claimed_until`.
    """

    trouble = models.CharField(_("what"), max_length=20)
    about = models.CharField(_("about"), max_length=300, blank=True)
    since = models.DateTimeField(_("since"))
    noticed_at = models.DateTimeField(_("noticed"))
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(_("ended"), null=True)
    operator_told_at = models.DateTimeField(_("operator told"), null=True)
    operator_told_of_end_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("how it runs")
        ordering = ("-noticed_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("trouble", "about"),
                name="alarm_open_once",
                condition=Q(ended_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.trouble} {self.about}"

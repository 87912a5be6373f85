"""What ran by itself, and what operators were told of."""

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
        """How it runs is the whole house's."""
        return self

    def open(self) -> Self:
        return self.filter(ended_at__isnull=True)


class TaskRun(models.Model):
    """One run of a scheduled task, or of a command that has to run (a backup).

    Written when it begins and again when it ends, outside the task's own transactions:
    what was killed in between has no end. Then `outcome` stays "running" and
    `outcome_at` says that it was broken off, once `lost_after` has passed. Nothing of
    anybody is in it: of an error its class alone.
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
        _("handled"), null=True, help_text=_("How many; empty where it does not count.")
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
        """As it is known at this instant: one that never ended was broken off."""
        if self.outcome == RunOutcome.RUNNING and at > self.lost_after:
            return RunOutcome.LOST
        return RunOutcome(self.outcome)


class Alarm(models.Model):
    """A trouble from when somebody noticed it until it was over
    (notifications.health.alarms).

    `about` names the task, part or machine where several may have it. `seen_at` is when
    a process last found it so. `told_at` and `end_told_at` are when the operator was
    mailed; who sends one has `claim` until `claimed_until`.
    """

    trouble = models.CharField(_("what"), max_length=20)
    about = models.CharField(_("about"), max_length=300, blank=True)
    since = models.DateTimeField(_("since"))
    noticed_at = models.DateTimeField(_("noticed"))
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(_("ended"), null=True)
    told_at = models.DateTimeField(_("operator told"), null=True)
    end_told_at = models.DateTimeField(null=True)
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

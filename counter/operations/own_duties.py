"""The duties of the counter app's own tasks."""

from datetime import datetime
from typing import Any, Final

from django.contrib.sessions.models import Session
from django.db.models import QuerySet, Value
from django.utils.translation import gettext_lazy as _

from counter.models import FailedSignIns, JournalEntry, JournalSeal, SignInFailure
from counter.operations import journal_checks, task_runs
from counter.operations.duties import Duty
from counter.passkeys import challenges
from counter.retention import periods, registry, running

#: The highest count for one rule in one office; a higher number would tell no more.
_COUNTED: Final = 1_000


def unsealed(_at: datetime) -> int:
    """Entries of the journal that no seal covers yet."""
    last = JournalSeal.objects.order_by("-pk").values_list("last_id", flat=True).first()
    return JournalEntry.objects.filter(pk__gt=last or 0).count()


def _failures(at: datetime) -> int:
    hour = at.replace(minute=0, second=0, microsecond=0)
    over = FailedSignIns.objects.filter(hour__lt=hour)
    return _together(over, SignInFailure.objects.stale(at))


def _retention(at: datetime) -> int:
    return _past(at, hourly=False)


def _hourly_retention(at: datetime) -> int:
    return _past(at, hourly=True)


def _past(at: datetime, *, hourly: bool) -> int:
    """The rows whose retention period is over, by the hourly or the nightly rules."""
    return sum(
        running.due(rule, office, at).order_by().values("pk")[:_COUNTED].count()
        for rule in registry.rules()
        if rule.hourly is hourly
        for office in periods.offices_of(rule)
    )


def _sessions(at: datetime) -> int:
    ended = Session.objects.filter(expire_date__lt=at)
    return _together(ended, challenges.unanswered(at), task_runs.older(at))


def _together(*rows: QuerySet[Any]) -> int:
    """How many rows these are, of several tables; asked in one query."""
    first, *others = (each.order_by().values(one=Value(1)) for each in rows)
    return first.union(*others, all=True).count()


DUTIES: Final = (
    Duty(
        task="counter.tasks.seal_journal",
        label=_("Seal the journal"),
        due=unsealed,
    ),
    Duty(
        task=journal_checks.NAME,
        label=_("Look whether the journal fits its seals"),
    ),
    Duty(
        task="counter.tasks.sum_up_failed_sign_ins",
        label=_("Write failed sign-ins into the journal"),
        due=_failures,
    ),
    Duty(
        task="counter.tasks.apply_retention",
        label=_("Remove what was kept for long enough"),
        due=_retention,
        is_costly=True,
    ),
    Duty(
        task="counter.tasks.apply_hourly_retention",
        label=_("Remove forms that were not saved"),
        due=_hourly_retention,
        is_costly=True,
    ),
    Duty(
        task="counter.tasks.purge_sessions",
        label=_("Delete sessions that have ended"),
        due=_sessions,
    ),
    Duty(
        task="counter.tasks.count_months",
        label=_("Count the months that are over"),
    ),
)

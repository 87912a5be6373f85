"""The counter's scheduled Celery tasks.

Each returns the number of rows that it handled (counter.operations.task_runs).
"""

from typing import Final

import structlog
from celery import shared_task
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from counter.database import sweeping
from counter.journal import journal
from counter.models import SignInFailure
from counter.operations import journal_checks, task_runs
from counter.passkeys import challenges
from counter.retention import running
from counter.sign_in import failed_sign_ins
from counter.statistics import counted_months

# Less than CELERY_TASK_TIME_LIMIT; the next run continues with what is left.
RETENTION_SECONDS: Final = 200.0

log = structlog.get_logger("sleutelloket.housekeeping")


@shared_task
def seal_journal() -> int:
    """Seal the journal entries written since the last seal.

    When another transaction that writes entries does not end within five seconds, the
    table cannot be locked. Then nothing is sealed, and the next run seals everything.
    """
    try:
        seal = journal.seal()
    except OperationalError as error:
        log.warning("journal_not_sealed", error=type(error.__cause__).__name__)
        return 0
    return seal.entries if seal else 0


@shared_task
def check_journal() -> int:
    """Verify tonight's part of the journal against its seals; fails on an error."""
    return journal_checks.check(at=timezone.now())


@shared_task
def purge_sessions() -> int:
    """Delete expired sessions and passkey challenges, and old task runs."""
    at = timezone.now()
    past = Session.objects.filter(expire_date__lt=at).count()
    call_command("clearsessions")
    return past + challenges.purge(at=at) + task_runs.purge(at=at)


@shared_task
def sum_up_failed_sign_ins() -> int:
    """Write the failed sign-ins of past hours into the journal; delete old counters."""
    written = failed_sign_ins.sum_up(at=timezone.now())
    return written + sweeping.delete_free(SignInFailure.objects.stale(timezone.now()))


@shared_task
def count_months() -> int:
    """Count the visits of past months, for the statistics."""
    return counted_months.keep(timezone.now())


@shared_task
def apply_retention() -> int:
    """Remove what is older than its retention period, and write destruction records."""
    return running.run(at=timezone.now(), seconds=RETENTION_SECONDS)


@shared_task
def apply_hourly_retention() -> int:
    """Apply the retention rules that run every hour, such as that for drafts."""
    return running.run(at=timezone.now(), seconds=RETENTION_SECONDS, hourly=True)

"""Housekeeping that Celery's schedule wakes.

Each returns how many it handled (counter.operations.task_runs).
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
from counter.sign_in import failed_sign_ins, known_devices
from counter.statistics import counted_months

# Under CELERY_TASK_TIME_LIMIT; the next run of the night goes on from there.
RETENTION_SECONDS: Final = 200.0

log = structlog.get_logger("sleutelloket.housekeeping")


@shared_task
def seal_journal() -> int:
    """Seal what was written since the last seal.

    A transaction that writes and does not end within five seconds keeps the table:
    then this is left to the next minute, which seals all of it.
    """
    try:
        seal = journal.seal()
    except OperationalError as error:
        log.warning("journal_not_sealed", error=type(error.__cause__).__name__)
        return 0
    return seal.entries if seal else 0


@shared_task
def check_journal() -> int:
    """Look whether tonight's part of the journal fits its seals, or fail."""
    return journal_checks.check(at=timezone.now())


@shared_task
def purge_sessions() -> int:
    """Delete the sessions that have expired, computers known for too long, what
    passkeys were asked and never answered, and the runs of tasks of long ago.
    """
    at = timezone.now()
    past = Session.objects.filter(expire_date__lt=at).count()
    call_command("clearsessions")
    asked = challenges.purge(at=at)
    return past + asked + known_devices.purge_devices(at=at) + task_runs.purge(at=at)


@shared_task
def sum_up_failed_sign_ins() -> int:
    """Write the hours that are over into the journal; forget counts of no more use."""
    written = failed_sign_ins.sum_up(at=timezone.now())
    return written + sweeping.delete_free(SignInFailure.objects.stale(timezone.now()))


@shared_task
def count_months() -> int:
    """Count the months that are over, for the statistics."""
    return counted_months.keep(timezone.now())


@shared_task
def apply_retention() -> int:
    """Remove what was kept for long enough, rule by rule, with a proof of it."""
    return running.run(at=timezone.now(), seconds=RETENTION_SECONDS)


@shared_task
def apply_hourly_retention() -> int:
    """The same for what cannot wait for the night: forms that were not saved."""
    return running.run(at=timezone.now(), seconds=RETENTION_SECONDS, hourly=True)

"""Housekeeping that Celery's schedule wakes."""

from typing import Final

import structlog
from celery import shared_task
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from counter.database.sweeping import delete_free
from counter.journal import journal
from counter.models import SignInFailure
from counter.passkeys import challenges
from counter.retention import running
from counter.sign_in import failed_sign_ins, known_devices
from counter.statistics import counted_months

# Under CELERY_TASK_TIME_LIMIT; the next run of the night goes on from there.
RETENTION_SECONDS: Final = 200.0

log = structlog.get_logger("sleutelloket.housekeeping")


@shared_task
def seal_journal() -> None:
    """Seal what was written since the last seal.

    A transaction that writes and does not end within five seconds keeps the table:
    then this is left to the next minute, which seals all of it.
    """
    try:
        journal.seal()
    except OperationalError as error:
        log.warning("journal_not_sealed", error=type(error.__cause__).__name__)


@shared_task
def purge_sessions() -> None:
    """Delete the sessions that have expired, computers known for too long, and what
    passkeys were asked and never answered.
    """
    call_command("clearsessions")
    challenges.purge(at=timezone.now())
    known_devices.purge_devices(at=timezone.now())


@shared_task
def sum_up_failed_sign_ins() -> None:
    """Write the hours that are over into the journal; forget counts of no more use."""
    failed_sign_ins.sum_up(at=timezone.now())
    delete_free(SignInFailure.objects.stale(timezone.now()))


@shared_task
def count_months() -> None:
    """Count the months that are over, for the statistics."""
    counted_months.keep(timezone.now())


@shared_task
def apply_retention() -> None:
    """Remove what was kept for long enough, rule by rule, with a proof of it."""
    running.run(at=timezone.now(), seconds=RETENTION_SECONDS)


@shared_task
def apply_hourly_retention() -> None:
    """The same for what cannot wait for the night: forms that were not saved."""
    running.run(at=timezone.now(), seconds=RETENTION_SECONDS, hourly=True)

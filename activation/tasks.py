"""The periodic Celery tasks about codes and keys.

Each task returns the number of rows that it handled (counter.operations.task_runs).
"""

from typing import Final

from celery import shared_task
from django.utils import timezone

from activation.codes import lapsing
from activation.desk import key_endings
from activation.holder import wrong_passwords
from activation.journey import activating
from activation.web import throttling

# Well under CELERY_TASK_TIME_LIMIT; the next run goes on where this one stopped.
RUN_SECONDS: Final = 60.0


@shared_task
def lapse_codes() -> int:
    """Lapse codes after two weeks, and lock those whose tries are used up."""
    # Spent codes are locked even when lapsing fails.
    try:
        lapsed = lapsing.lapse_all(seconds=RUN_SECONDS)
    finally:
        locked = activating.close_spent_codes(at=timezone.now())
    return lapsed + locked


@shared_task
def expire_keys() -> int:
    """Expire the keys whose ten years are over."""
    return lapsing.expire_all(seconds=RUN_SECONDS)


@shared_task
def count_key_endings() -> int:
    """Count the keys that end in each month, for the supervisor's start page."""
    return key_endings.count_endings()


@shared_task
def purge_request_counts() -> int:
    """Forget the counts of requests per address that no longer limit anything."""
    return throttling.purge_counts(at=timezone.now())


@shared_task
def file_wrong_passwords() -> int:
    """Put wrong passwords with the activity of the holder whose name was typed."""
    return wrong_passwords.file_all(at=timezone.now())

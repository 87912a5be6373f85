"""What beat wakes exists, and never piles up while no worker runs."""

import pytest
from celery import current_app
from celery.schedules import crontab
from django.conf import settings

SCHEDULE = settings.CELERY_BEAT_SCHEDULE


@pytest.mark.parametrize("name", SCHEDULE)
def test_each_entry_is_a_task(name: str) -> None:
    current_app.loader.import_default_modules()

    assert SCHEDULE[name]["task"] in current_app.tasks


@pytest.mark.parametrize("name", SCHEDULE)
def test_a_wake_up_nobody_took_ends_before_the_next_comes(name: str) -> None:
    schedule = SCHEDULE[name]["schedule"]
    every = schedule if isinstance(schedule, int) else period(schedule)

    assert SCHEDULE[name]["options"]["expires"] < every


def period(schedule: crontab) -> float:
    """Seconds between two runs on one day, or a day."""
    if len(schedule.hour) == 1:
        return 24 * 60 * 60
    return 60 * 60 / len(schedule.minute)


def test_reminders_go_in_the_daytime_and_catch_up_within_the_hour() -> None:
    schedule = SCHEDULE["remind"]["schedule"]

    assert set(schedule.hour) == set(range(8, 20))

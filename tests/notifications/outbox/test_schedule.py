"""Every task that beat starts exists, and none piles up while no worker runs."""

from typing import Any

import pytest
from celery import current_app
from celery.schedules import crontab
from django.conf import settings

SCHEDULE: dict[str, dict[str, Any]] = dict(settings.CELERY_BEAT_SCHEDULE)


def period(schedule: Any) -> float:  # noqa: ANN401 (Celery's types lack the fields)
    """Seconds between two runs."""
    if not isinstance(schedule, crontab):
        return float(schedule)
    hours, minutes = len(vars(schedule)["hour"]), len(vars(schedule)["minute"])
    return 24 * 60 * 60 if hours == 1 else 60 * 60 / minutes


@pytest.mark.parametrize("name", SCHEDULE)
def test_each_entry_is_a_task(name: str) -> None:
    current_app.loader.import_default_modules()

    assert SCHEDULE[name]["task"] in current_app.tasks


@pytest.mark.parametrize("name", SCHEDULE)
def test_a_wake_up_nobody_took_ends_before_the_next_comes(name: str) -> None:
    entry = SCHEDULE[name]

    assert entry["options"]["expires"] < period(entry["schedule"])


def test_reminders_go_in_the_daytime_and_catch_up_within_the_hour() -> None:
    assert set(vars(SCHEDULE["remind"]["schedule"])["hour"]) == set(range(8, 20))

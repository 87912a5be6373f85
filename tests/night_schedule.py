"""The tests' settings, with a schedule that starts every task every few seconds."""

from config.settings.test import *  # noqa: F403 (settings are made so)
from config.settings.test import CELERY_BEAT_SCHEDULE as AS_ON_SERVERS

SECONDS_OF_A_NIGHT = 4.0

CELERY_BEAT_SCHEDULE = {
    name: {
        "task": entry["task"],
        "schedule": SECONDS_OF_A_NIGHT,
        "options": {"expires": 30},
    }
    for name, entry in AS_ON_SERVERS.items()
}

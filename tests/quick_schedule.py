"""The tests' settings, with a schedule that wakes every task each second."""

from config.settings.test import *  # noqa: F403 (settings are made so)
from config.settings.test import CELERY_BEAT_SCHEDULE as AS_ON_SERVERS

CELERY_BEAT_SCHEDULE = {
    name: {"task": entry["task"], "schedule": 1.0, "options": {"expires": 30}}
    for name, entry in AS_ON_SERVERS.items()
}

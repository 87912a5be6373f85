"""The embedded run's settings, with production's database connections and one
more address: the small page that others are compared with (bench.urls).
"""

from config.settings.dev import *  # noqa: F403 (settings are made so)
from config.settings.dev import DATABASES

DEBUG = False
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
ROOT_URLCONF = "bench.urls"

"""gunicorn's settings, for the embedded run and for servers alike.

`python -m gunicorn --config python:config.server config.wsgi:application`

BIND is where it listens (host:port), WEB_CONCURRENCY the number of processes; each
serves eight requests at once in threads, and holds many connections beside
(config.web.limits).
"""

import os
from pathlib import Path

from gunicorn.arbiter import Arbiter

from config.logs import logging_settings
from config.web import doors

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "config.web.worker.BufferingWorker"
threads = 8
# The application is loaded once and the processes share its memory.
preload_app = True
timeout = 60
graceful_timeout = 20
# A heartbeat on a slow disk would get a healthy process killed.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
# A path may hold a link's token, and a query string what somebody searched for:
# the application logs requests itself, without them.
accesslog = None
errorlog = "-"
# From the first line on in the form of all others (config.logs).
logconfig_dict = logging_settings()
control_socket_disable = True


def when_ready(arbiter: Arbiter) -> None:
    """Refuse new connections before the processes are told to stop."""
    doors.close_them_first(arbiter)

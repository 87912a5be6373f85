"""gunicorn's settings, for the embedded run and for servers alike.

`python -m gunicorn --config python:config.server config.wsgi:application`

BIND is where it listens (host:port), WEB_CONCURRENCY the number of processes; each
serves eight requests at once in threads.
"""

import logging
import os
from pathlib import Path

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
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
control_socket_disable = True


def without_the_request(record: logging.LogRecord) -> bool:
    """Gunicorn quotes a request it cannot read, and names the address it came from."""
    if str(record.msg).startswith("Invalid request from ip="):
        record.msg, record.args = "Invalid request", ()
    elif str(record.msg).startswith("Error handling request %s"):
        record.msg, record.args = "Error handling request", ()
    return True


def on_starting(_server: object) -> None:
    """Before the processes are forked: they inherit the filter."""
    logging.getLogger("gunicorn.error").addFilter(without_the_request)

"""gunicorn's settings, for the embedded run and for servers alike.

`python -m gunicorn --config python:config.server config.wsgi:application`

BIND is where it listens (host:port), WEB_CONCURRENCY the number of processes; each
serves eight requests at once in threads, and holds many connections beside
(config.web.limits).
"""

import gc
import os
from pathlib import Path

from gunicorn.arbiter import Arbiter

from config.logs import logging_settings
from config.web import doors, shares
from config.web.worker import BufferingWorker

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
    """Refuse new connections before the processes are told to stop.

    And leave what is loaded alone: Python's collector writes on what it looks at, and a
    page that is written on is no longer shared by the processes.
    """
    doors.close_them_first(arbiter)
    gc.collect()
    gc.freeze()


def pre_fork(arbiter: Arbiter, worker: BufferingWorker) -> None:
    """Let the processes see how much each has in hand."""
    worker.place = shares.free_place(
        {other.place for other in arbiter.WORKERS.values()}
    )


def child_exit(_arbiter: Arbiter, worker: BufferingWorker) -> None:
    """Expect nothing more of a process that has ended."""
    shares.give_up(worker.place)


def post_worker_init(_worker: object) -> None:
    """Print specimens, so that the first applicant does not wait for fonts."""
    from activation.codes import slip_paper  # noqa: PLC0415 (it has models)
    from counter.paper import press  # noqa: PLC0415 (as above)

    press.on_every_printer(slip_paper.warm)

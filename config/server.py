"""gunicorn's settings, for the embedded run and for servers.

`python -m gunicorn --config python:config.server config.wsgi:application`

BIND is the address to listen on (host:port), WEB_CONCURRENCY the number of processes.
Each process answers eight requests at once in threads, and holds many more connections
(config.web.limits).
"""

import gc
import os
from pathlib import Path

from gunicorn.arbiter import Arbiter

from config import environment
from config.logs import logging_settings
from config.web import doors, shares
from config.web.worker import BufferingWorker

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = environment.integer("WEB_CONCURRENCY", 2, least=1)
worker_class = "config.web.worker.BufferingWorker"
threads = 8
# The application is loaded once and the processes share its memory.
preload_app = True
timeout = 60
graceful_timeout = 20
# A heartbeat file on a slow disk would get a healthy process killed.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
# A path may hold a link's token, and a query string what somebody searched for:
# the application logs requests itself, without them.
accesslog = None
errorlog = "-"
# All lines from the first one on have the form of the others (config.logs).
logconfig_dict = logging_settings()
control_socket_disable = True


def when_ready(arbiter: Arbiter) -> None:
    """Prepare to refuse new connections before the processes are told to stop.

    It also excludes the loaded objects from garbage collection: the collector writes to
    the objects that it visits, and the processes no longer share a page of memory that
    was written to.
    """
    doors.refuse_connections_at_sigterm(arbiter)
    gc.collect()
    gc.freeze()


def pre_fork(arbiter: Arbiter, worker: BufferingWorker) -> None:
    """Give the worker a place in the table in which the processes share their load."""
    worker.place = shares.free_place(
        {other.place for other in arbiter.WORKERS.values()}
    )


def child_exit(_arbiter: Arbiter, worker: BufferingWorker) -> None:
    """Free the place of a process that has ended."""
    shares.give_up(worker.place)


def post_worker_init(_worker: object) -> None:
    """Print sample slips, so that the first applicant does not wait for fonts."""
    from activation.codes import slip_paper  # noqa: PLC0415 (it has models)
    from counter.paper import press  # noqa: PLC0415 (as above)

    press.DESK.prepare(slip_paper.warm)

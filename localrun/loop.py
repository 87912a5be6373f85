"""Celery's beat and, as a thread beside it, the delivery loop.

`python -m localrun.loop --schedule FILE` runs both in one process, for a machine that
runs all parts: a process of its own would need forty megabytes more
(docs/decisions/098-parts-are-copies-of-one-process.md). On servers they are apart.
"""

import argparse
import logging
import os
import signal
import sys
import threading
from types import FrameType
from typing import Final

import django
from celery.beat import Service
from django.core.management import call_command

log: Final = logging.getLogger("sleutelloket.loop")


def main() -> None:
    """Run until SIGTERM or Ctrl-C; ends with 1 if one of both stops by itself."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--schedule", required=True, help="beat's file of last runs")
    django.setup()
    beat = _beat(options.parse_args().schedule)
    stopping = threading.Event()
    loop = threading.Thread(target=_deliver, args=(stopping,), name="delivery loop")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    try:
        loop.start()
        # In the main thread, where a signal ends its sleep.
        beat.start()
    finally:
        stopping.set()
        if loop.is_alive():
            loop.join()


def _beat(file: str) -> Service:
    from config.celery import app  # noqa: PLC0415 (Django is set up before)

    app.loader.init_worker()
    app.finalize()
    return Service(app, scheduler_cls=app.conf.beat_scheduler, schedule_filename=file)


def _deliver(stopping: threading.Event) -> None:
    try:
        call_command("deliver", stopping=stopping)
    except BaseException:
        # The schedule without the loop would go on unnoticed for minutes.
        log.exception("loop_ended")
        os._exit(1)


def _end(_number: int, _frame: FrameType | None) -> None:
    sys.exit()


if __name__ == "__main__":
    main()

"""The delivery loop and, as a thread beside it, Celery's beat.

`python -m localrun.loop --schedule FILE` runs both in one process, for a machine that
runs all parts: a process of its own would need forty megabytes more
(docs/decisions/098-parts-are-copies-of-one-process.md). On servers they are apart.
"""

import argparse
import logging
import os
import threading
from typing import Final

import django
from celery.beat import Service
from django.core.management import call_command

#: Beat looks so often whether it has to stop: only its thread can close its file.
STOPS_WITHIN_SECONDS: Final = 1

log: Final = logging.getLogger("sleutelloket.schedule")


def main() -> None:
    """Run until SIGTERM or Ctrl-C; ends with 1 if beat stops by itself."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--schedule", required=True, help="beat's file of last runs")
    django.setup()
    beat = _beat(options.parse_args().schedule)
    threading.Thread(target=_tick, args=(beat,), name="schedule", daemon=True).start()
    call_command("deliver")
    beat.stop(wait=True)


def _beat(file: str) -> Service:
    from config.celery import app  # noqa: PLC0415 (Django is set up before)

    app.loader.init_worker()
    app.finalize()
    return Service(
        app,
        max_interval=STOPS_WITHIN_SECONDS,
        scheduler_cls=app.conf.beat_scheduler,
        schedule_filename=file,
    )


def _tick(beat: Service) -> None:
    try:
        beat.start()
    except BaseException:
        # A loop without its schedule would go on unnoticed for minutes.
        log.exception("schedule_ended")
        os._exit(1)


if __name__ == "__main__":
    main()

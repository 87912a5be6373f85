"""The Celery application: workers and beat start from here.

Web processes load it too, so that a shared task finds the broker's address.
"""

import os
import uuid
from typing import Any, override

import structlog
from celery import Celery, Task, bootsteps, signals
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

app = Celery("sleutelloket")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


class Heartbeat(bootsteps.StartStopStep):
    """The worker's own timer writes its heartbeat (notifications.health.heartbeats).

    The timer runs in the worker's loop and stops while there is no broker: the worker
    can do nothing then, and is rightly reported as missing.
    """

    requires = ("celery.worker.consumer.tasks:Tasks",)
    _timer: Any = None

    @override
    def start(self, parent: Any) -> None:
        from notifications.enums import Part  # noqa: PLC0415 (Django is set up later)
        from notifications.health import heartbeats  # noqa: PLC0415

        heartbeats.beat_between_work(Part.WORKER)
        self._timer = parent.timer.call_repeatedly(
            settings.HEARTBEAT_SECONDS, self._live
        )

    def _live(self) -> None:
        """Write the heartbeat, and look whether other processes and tasks are in
        trouble.
        """
        from notifications.enums import Part  # noqa: PLC0415 (Django is set up later)
        from notifications.health import heartbeats, watching  # noqa: PLC0415

        heartbeats.beat_between_work(Part.WORKER)
        watching.look_between_work()

    @override
    def stop(self, parent: Any) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None


app.steps["consumer"].add(Heartbeat)


@signals.worker_init.connect
@signals.beat_init.connect
def refuse_to_serve(**_kwargs: object) -> None:
    from counter import checks  # noqa: PLC0415 (it has models)

    try:
        checks.refuse_to_serve()
    except ImproperlyConfigured as error:
        # Celery only logs an error that a signal's receiver raises, and would start
        # anyway.
        raise SystemExit(str(error)) from None


@signals.task_prerun.connect
def note_begin(task_id: str, task: "Task[Any, Any]", **_kwargs: object) -> None:
    from counter.operations import task_runs  # noqa: PLC0415 (it has models)

    task_runs.task_began(task_id, task.name)


@signals.task_postrun.connect
def note_end(task_id: str, retval: object, **_kwargs: object) -> None:
    from counter.operations import task_runs  # noqa: PLC0415 (it has models)

    task_runs.task_ended(task_id, retval)


@signals.worker_process_shutdown.connect  # in each process of a pool
@signals.worker_shutdown.connect  # in the worker itself, for a pool of threads
def hear_the_last_answers(**_kwargs: object) -> None:
    """At shutdown, wait a few seconds for servers that still have to answer a mail."""
    from notifications.outbox import waiting_room  # noqa: PLC0415 (it has models)

    waiting_room.wait(waiting_room.LAST_SECONDS)


@signals.setup_logging.connect
def keep_our_logging(**_kwargs: object) -> None:
    """Keep Celery from setting up logging: it does not if this signal has a
    receiver.
    """


@signals.before_task_publish.connect
def send_the_request_id_along(headers: dict[str, Any], **_kwargs: object) -> None:
    """Send the id of the current request with the task, for the task's log lines."""
    bound = structlog.contextvars.get_contextvars()
    headers["request_id"] = bound.get("request_id", "")


@signals.task_prerun.connect
def bind_the_request_id(task: "Task[Any, Any]", **_kwargs: object) -> None:
    """Bind that id to the log lines; a task that beat started gets an id of its own."""
    request_id = getattr(task.request, "request_id", "")
    if task.request.is_eager:
        return
    structlog.contextvars.bind_contextvars(
        request_id=request_id or uuid.uuid4().hex[:12], task=task.name
    )


@signals.task_postrun.connect
def forget_the_request_id(task: "Task[Any, Any]", **_kwargs: object) -> None:
    if not task.request.is_eager:
        structlog.contextvars.clear_contextvars()

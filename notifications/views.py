"""For operators: is the process up, and is mail leaving."""

import functools

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from notifications.services import outbox

# The mail of somebody at the counter is due at once; after this, people should look.
TOO_OLD_SECONDS = 600
BROKER_SECONDS = 0.5


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers. No database, so that a restart is not its cure."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Whether it can do its work, and for how long the oldest due message waits.

    503 when the database is away, lacks a migration, or a message has been due for
    over 10 minutes. The broker is reported only: mail leaves without it. A load
    balancer asks /healthz: visits go on while the mail server is away.
    """
    answer: dict[str, object] = {"broker": _broker()}
    try:
        missing = _missing_migrations()
        overdue = 0.0 if missing else outbox.seconds_overdue(at=timezone.now())
    except DatabaseError:
        answer |= {"database": "away", "ready": False}
        return JsonResponse(answer, status=503)
    ready = not missing and overdue <= TOO_OLD_SECONDS
    answer |= {
        "database": "reachable",
        "migrations": f"{missing} missing" if missing else "applied",
        "oldest_unsent_seconds": round(overdue),
        "ready": ready,
    }
    return JsonResponse(answer, status=200 if ready else 503)


@functools.cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return frozenset(loader.disk_migrations or ())


def _missing_migrations() -> int:
    applied = MigrationRecorder(connection).applied_migrations()
    return len(_known_migrations() - applied.keys())


def _broker() -> str:
    try:
        with redis.Redis.from_url(
            settings.CELERY_BROKER_URL,
            socket_connect_timeout=BROKER_SECONDS,
            socket_timeout=BROKER_SECONDS,
            retry=None,
        ) as broker:
            broker.ping()
    except redis.RedisError:
        return "away"
    return "reachable"

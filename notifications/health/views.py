"""For operators: is the process up, are the others, and is mail leaving."""

import datetime
import functools

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from counter.crypto import rings
from notifications.enums import Part
from notifications.health import heartbeats
from notifications.models import Delivery
from notifications.outbox import backlog

#: Parts of which one is enough, because each sends mail alone.
SENDERS = {Part.WORKER, Part.DELIVER}
BROKER_SECONDS = 0.5


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers. No database, so that a restart is not its cure."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether it can do its work: 200 or 503, and for whoever has the token
    (`Authorization: Bearer …`, settings.READYZ_TOKEN) what there is to know.

    A load balancer asks /healthz: visits go on while no mail leaves.
    """
    answer = _state()
    status = 200 if answer["ready"] else 503
    if not _has_token(request):
        answer = {"ready": answer["ready"]}
    return JsonResponse(answer, status=status)


def _has_token(request: HttpRequest) -> bool:
    """Whether the request has the token; never when no token is configured."""
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    wanted = settings.READYZ_TOKEN
    same = constant_time_compare(shown.strip(), wanted)
    return bool(wanted) and scheme.lower() == "bearer" and same


def _state() -> dict[str, object]:
    """Which part is missing, and how old the oldest unsent message is.

    What `status` says and counts stands in docs/sending.md. The broker is told of only:
    a worker without one is silent, and missing after two minutes.
    """
    at = timezone.now()
    answer: dict[str, object] = {"broker": _broker()}
    try:
        if missing := _missing_migrations():
            told = f"{len(missing)} missing: {', '.join(missing)}"
            answer |= {"database": "reachable", "migrations": told}
            return _with_status("dead", answer)
        silent = heartbeats.missing(at=at)
        lacking = rings.missing_keys()
        is_stuck = backlog.is_stuck(at=at)
        answer |= {
            "database": "reachable",
            "migrations": "applied",
            "oldest_unsent_seconds": round(backlog.seconds_overdue(at=at)),
            "late": Delivery.objects.late(at).count(),
            "unknown": Delivery.objects.undecided().count(),
            "parts": {
                part: _since(silent[part]) if part in silent else "alive"
                for part in map(Part, settings.EXPECTED_PARTS)
            },
        }
    except DatabaseError:
        return _with_status("dead", answer | {"database": "away"})
    senders = SENDERS & set(settings.EXPECTED_PARTS)
    if is_stuck or (senders and senders <= set(silent)):
        return _with_status("dead", answer)
    if lacking:
        answer["keys"] = [f"missing in this process: {each}" for each in lacking]
    if silent or lacking:
        return _with_status("degraded", answer)
    return _with_status("ready", answer)


def _with_status(status: str, answer: dict[str, object]) -> dict[str, object]:
    return answer | {"status": status, "ready": status == "ready"}


def _since(last: datetime.datetime | None) -> str:
    if last is None:
        return "missing, never heard"
    return f"missing since {last.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}"


@functools.cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return frozenset(loader.disk_migrations or ())


def _missing_migrations() -> list[str]:
    """Those that this version needs; what a later version has applied is none of it."""
    applied = MigrationRecorder(connection).applied_migrations()
    missing = _known_migrations() - applied.keys()
    return sorted(f"{app}.{name}" for app, name in missing)


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

"""Pages for operators: is this process up, are the others, and is mail sent."""

import datetime
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from notifications.enums import Part
from notifications.health import heartbeats, metrics, state
from notifications.health.state import State, Status
from notifications.outbox.backlog import Figures

#: Three different codes: a monitor that reads only the code can tell what may wait
#: until the morning (docs/decisions/083-degraded-is-not-dead.md).
CODES: Final[dict[Status, int]] = {"ready": 200, "degraded": 424, "dead": 503}


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers. It does not ask the database, because a restart of this
    process would not repair that.
    """
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether the system works: 200, 424 or 503, and all details for requests with the
    token (`Authorization: Bearer …`, settings.READYZ_TOKEN).

    Without the token the answer may be two seconds old (`state.lately`). A load
    balancer should ask /healthz, because the counter goes on working while no mail is
    sent.
    """
    if not _has_token(request, settings.READYZ_TOKEN):
        status = state.lately(timezone.now())
        return JsonResponse({"ready": status == "ready"}, status=CODES[status])
    now = state.of(timezone.now())
    answer = {**_told(now), "ready": now.status == "ready"}
    return JsonResponse(answer, status=CODES[now.status])


@require_safe
def show_metrics(request: HttpRequest) -> HttpResponse:
    """The same figures for Prometheus; 401 without a token (settings.METRICS_TOKEN, or
    that of /readyz).
    """
    tokens = (settings.METRICS_TOKEN, settings.READYZ_TOKEN)
    if not any(_has_token(request, token) for token in tokens):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    page = metrics.page(timezone.now())
    return HttpResponse(page, content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _has_token(request: HttpRequest, wanted: str) -> bool:
    """Whether the request has the token; never when no token is configured."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    same = constant_time_compare(token.strip(), wanted)
    return bool(wanted) and scheme.lower() == "bearer" and same


def _told(now: State) -> dict[str, Any]:
    """The whole state, as docs/operations.md explains it. The broker is no trouble of
    its own: a worker without one is silent, and missing after two minutes.
    """
    answer: dict[str, Any] = {
        "status": now.status,
        "broker": now.broker,
        "database": now.database,
        "troubles": [
            {"trouble": one.trouble, "about": one.about, "since": _instant(one.since)}
            for one in now.findings
        ],
    }
    if now.missing_migrations:
        missing = now.missing_migrations
        summary = f"{len(missing)} missing: {', '.join(missing)}"
        return answer | {"migrations": summary}
    if not now.is_known:
        return answer
    if now.missing_keys:
        lacking = [f"missing in this process: {each}" for each in now.missing_keys]
        answer["keys"] = lacking
    return answer | {
        "migrations": "applied",
        "oldest_unsent_seconds": max(
            round(one.oldest_unsent_seconds) for one in now.lanes
        ),
        "late": now.late,
        "unknown": sum(one.unknown for one in now.lanes),
        "lanes": {
            f"{one.lane.name} {one.channel}".lower(): _lane(one) for one in now.lanes
        },
        "parts": _parts(now),
        "processes": _processes(now),
        "tasks": _tasks(now),
        "seal_age_seconds": _seconds(now.seal_age),
        "unsealed_seconds": _seconds(now.unsealed),
        "backup_age_seconds": _seconds(now.backup_age),
        "certificate_ends": _instant(now.certificate_ends),
    }


def _parts(now: State) -> dict[Part, str]:
    silent = heartbeats.missing(at=now.at)
    return {
        part: _since(silent[part]) if part in silent else "alive"
        for part in map(Part, settings.EXPECTED_PARTS)
    }


def _processes(now: State) -> list[dict[str, Any]]:
    return [
        {
            "part": one.part,
            "host": one.host,
            "pid": one.pid,
            "heard_seconds_ago": round((now.at - one.at).total_seconds()),
        }
        for one in now.heartbeats
    ]


def _lane(one: Figures) -> dict[str, int]:
    """The figures of one lane and channel; `sent`, `refused` and `dropped` are of the
    last day.
    """
    return {
        "oldest_unsent_seconds": round(one.oldest_unsent_seconds),
        "waiting": one.waiting,
        "put_off": one.put_off,
        "in_hand": one.in_hand,
        "unknown": one.unknown,
        "dead": one.dead,
        "sent": one.sent,
        "refused": one.refused,
        "dropped": one.dropped,
    }


def _tasks(now: State) -> dict[str, dict[str, Any]]:
    return {
        task.duty.task: {
            "last": _instant(task.last.started_at if task.last else None),
            "outcome": task.last.outcome_at(now.at) if task.last else None,
            "handled": task.last.handled if task.last else None,
            "error": task.last.error if task.last else "",
            "failing_since": _instant(task.failing_since),
            "next": _instant(task.next_at),
            "waiting": now.backlog.get(task.duty.task),
        }
        for task in now.tasks
    }


def _since(last: datetime.datetime | None) -> str:
    at = _instant(last)
    return f"missing since {at}" if at else "missing, never heard"


def _instant(at: datetime.datetime | None) -> str | None:
    return f"{at.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}" if at else None


def _seconds(age: float | None) -> int | None:
    return None if age is None else round(age)

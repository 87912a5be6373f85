"""The state of the whole system at an instant, for /readyz, /metrics and the page of
operators.

It takes a fixed number of queries, however many messages wait.
"""

import datetime
import threading
import time
from dataclasses import dataclass, field
from typing import Final, Literal

import redis
from django.conf import settings
from django.db import DatabaseError

from counter.crypto import rings
from counter.models import Alarm, JournalSeal
from counter.operations import duties, timetable
from counter.operations.timetable import TaskState
from notifications.enums import Trouble
from notifications.health import heartbeats, machine, process, troubles
from notifications.health.troubles import Finding
from notifications.models import Delivery, Heartbeat
from notifications.outbox import backlog
from notifications.outbox.backlog import Figures

type Status = Literal["ready", "degraded", "dead"]

BROKER_SECONDS = 0.5
#: For how long one answer is reused for requests without the token.
REMEMBERED_SECONDS: Final = 2.0
#: Troubles that other machines and processes find and write as alarms; they are read
#: from there.
_OF_OTHERS: Final = (*machine.TROUBLES, Trouble.KEYS)
_ORDER: Final = list(Trouble)


@dataclass(frozen=True)
class State:
    """What operators want to know; fields are empty if the database cannot be read."""

    at: datetime.datetime
    broker: str
    database: str
    missing_migrations: list[str] = field(default_factory=list)
    #: Keys that this process lacks, because it was started with an older key ring.
    missing_keys: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    late: int = 0
    lanes: list[Figures] = field(default_factory=list)
    tasks: list[TaskState] = field(default_factory=list)
    backlog: dict[str, int] = field(default_factory=dict)
    heartbeats: list[Heartbeat] = field(default_factory=list)
    seal_age: float | None = None
    unsealed: float | None = None
    backup_age: float | None = None
    certificate_ends: datetime.datetime | None = None

    @property
    def is_known(self) -> bool:
        """Whether the tables could be read at all."""
        return self.database == "reachable" and not self.missing_migrations

    @property
    def status(self) -> Status:
        """The worst finding decides: dead if it is deadly (nothing can be sent or
        done), degraded for any other, ready without one.
        """
        if any(one.is_deadly for one in self.findings):
            return "dead"
        return "degraded" if self.findings else "ready"


_asking = threading.Lock()
_lately: list[tuple[float, Status]] = []


def lately(at: datetime.datetime) -> Status:
    """The status, at most two seconds old, for requests without the token.

    Reading it takes some forty queries and anybody may ask, so one thread at a time
    reads it, at most once in two seconds.
    """
    with _asking:
        if not _lately or time.monotonic() - _lately[0][0] >= REMEMBERED_SECONDS:
            status = of(at, whole=False).status
            _lately[:] = [(time.monotonic(), status)]
        return _lately[0][1]


def forget() -> None:
    """Forget the remembered status, so that the next request reads it again."""
    _lately.clear()


def of(at: datetime.datetime, *, whole: bool = True) -> State:
    """Read the state; with `whole=False` only what `status` needs.

    It does not raise if the database is away: that is a state too.
    """
    broker = _broker()
    try:
        if missing := process.missing_migrations():
            findings = list(process.of_migrations(missing))
            return State(
                at, broker, "reachable", missing_migrations=missing, findings=findings
            )
        return _read(at, broker) if whole else _read_least(at, broker)
    except DatabaseError:
        away = Finding(Trouble.DATABASE, is_deadly=True)
        return State(at, broker, "away", findings=[away])


def _read_least(at: datetime.datetime, broker: str) -> State:
    lacking = rings.missing_keys()
    return State(
        at,
        broker,
        "reachable",
        missing_keys=lacking,
        findings=_findings(troubles.in_database(at), lacking),
    )


def _read(at: datetime.datetime, broker: str) -> State:
    tasks = timetable.states(at)
    backup = timetable.last_done(troubles.BACKUP)
    lacking = rings.missing_keys()
    heard = heartbeats.of_a_day(at=at)
    sealed = JournalSeal.objects.order_by("-pk").values_list("sealed_at", flat=True)
    return State(
        at,
        broker,
        "reachable",
        missing_keys=lacking,
        findings=_findings(troubles.in_database(at, tasks), lacking),
        late=Delivery.objects.late(at).count(),
        lanes=backlog.figures(at=at),
        tasks=tasks,
        backlog=duties.backlog(at),
        heartbeats=heard,
        seal_age=_age(sealed.first(), at),
        unsealed=_age(troubles.oldest_unsealed(), at),
        backup_age=_age(backup.started_at if backup else None, at),
        certificate_ends=heartbeats.certificate_ends(heard, at=at),
    )


def _findings(of_migrations: list[Finding], lacking: list[str]) -> list[Finding]:
    """All findings, the worst first: of the system, of this process, and of others."""
    rows = Alarm.objects.open().filter(trouble__in=_OF_OTHERS)
    of_others = [Finding(Trouble(row.trouble), row.about, row.since) for row in rows]
    known = {(one.trouble, one.about) for one in of_others}
    own = [
        one for one in process.of_keys(lacking) if (one.trouble, one.about) not in known
    ]
    every = [*of_migrations, *own, *of_others]
    return sorted(every, key=lambda one: _ORDER.index(one.trouble))


def _age(since: datetime.datetime | None, at: datetime.datetime) -> float | None:
    return (at - since).total_seconds() if since else None


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

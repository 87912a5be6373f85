"""How the house fares at an instant: gathered once, told by /readyz, /metrics and the
page of operators.

A fixed number of queries, whatever waits.
"""

import datetime
import functools
import threading
import time
from dataclasses import dataclass, field
from typing import Final, Literal

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from counter.crypto import rings
from counter.models import Alarm, JournalSeal
from counter.operations import duties, timetable
from counter.operations.timetable import TaskState
from notifications.enums import Trouble
from notifications.health import heartbeats, troubles
from notifications.health.troubles import Finding
from notifications.models import Delivery, Heartbeat
from notifications.outbox import backlog
from notifications.outbox.backlog import Figures

type Status = Literal["ready", "degraded", "dead"]

BROKER_SECONDS = 0.5
#: For how long this process answers the same to who asks without the token.
REMEMBERED_SECONDS: Final = 2.0
#: What each machine finds about itself, and the others read in its alarm.
_OF_MACHINES = (Trouble.DISK.value, Trouble.CERTIFICATE.value)


@dataclass(frozen=True)
class State:
    """Everything that operators ask; empty where the database cannot say it."""

    at: datetime.datetime
    broker: str
    database: str
    missing_migrations: list[str] = field(default_factory=list)
    #: Of this process alone, which runs with an old ring.
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

    @property
    def is_known(self) -> bool:
        """Whether the tables could be read at all."""
        return self.database == "reachable" and not self.missing_migrations

    @property
    def status(self) -> Status:
        """Dead: nothing can be sent or done. Degraded: something is wrong beside it."""
        if not self.is_known:
            return "dead"
        if any(one.trouble in troubles.DEADLY for one in self.findings):
            return "dead"
        worrying = [one for one in self.findings if one.trouble != Trouble.UNSENT]
        return "degraded" if worrying or self.missing_keys else "ready"


_asking = threading.Lock()
_lately: list[tuple[float, Status]] = []


def lately(at: datetime.datetime) -> Status:
    """The status by two seconds old at most, for who has no token.

    Looking takes some forty queries. Anybody may ask, so it is done by one thread at a
    time and every two seconds, whatever number asks.
    """
    with _asking:
        if not _lately or time.monotonic() - _lately[0][0] >= REMEMBERED_SECONDS:
            status = of(at, whole=False).status
            _lately[:] = [(time.monotonic(), status)]
        return _lately[0][1]


def forget() -> None:
    """Look anew when somebody asks next."""
    _lately.clear()


def of(at: datetime.datetime, *, whole: bool = True) -> State:
    """Read all of it, or what `status` needs; a database that is away is one too."""
    broker = _broker()
    try:
        if missing := _missing_migrations():
            return State(at, broker, "reachable", missing_migrations=missing)
        return _read(at, broker) if whole else _read_least(at, broker)
    except DatabaseError:
        return State(at, broker, "away")


def _read_least(at: datetime.datetime, broker: str) -> State:
    found = [*troubles.in_database(at), *_of_machines()]
    lacking = list(rings.missing_keys())
    return State(at, broker, "reachable", findings=found, missing_keys=lacking)


def _read(at: datetime.datetime, broker: str) -> State:
    tasks = timetable.states(at)
    backup = timetable.last_done(troubles.BACKUP)
    sealed = JournalSeal.objects.order_by("-pk").values_list("sealed_at", flat=True)
    return State(
        at,
        broker,
        "reachable",
        findings=[*troubles.in_database(at, tasks), *_of_machines()],
        missing_keys=list(rings.missing_keys()),
        late=Delivery.objects.late(at).count(),
        lanes=backlog.figures(at=at),
        tasks=tasks,
        backlog=duties.backlog(at),
        heartbeats=heartbeats.of_a_day(at=at),
        seal_age=_age(sealed.first(), at),
        unsealed=_age(troubles.oldest_unsealed(), at),
        backup_age=_age(backup.started_at if backup else None, at),
    )


def _of_machines() -> list[Finding]:
    rows = Alarm.objects.open().filter(trouble__in=_OF_MACHINES)
    return [Finding(Trouble(row.trouble), row.about, row.since) for row in rows]


def _age(since: datetime.datetime | None, at: datetime.datetime) -> float | None:
    return (at - since).total_seconds() if since else None


@functools.cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return frozenset(loader.disk_migrations or ())


def _missing_migrations() -> list[str]:
    """Migrations of this version that are not applied. Others are ignored."""
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

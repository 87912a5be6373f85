"""Steps in the tests of alarms: a task ran, time passes, the processes look."""

import datetime

import time_machine
from django.utils import timezone

from counter.enums import RunOutcome
from counter.models import TaskRun
from notifications.health import alarms
from tests.mail_server import MailServer

NOON = datetime.datetime(2026, 11, 24, 11, 0, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)
HOUR = datetime.timedelta(hours=1)
SEAL = "counter.tasks.seal_journal"


def ran(name: str, outcome: RunOutcome = RunOutcome.DONE) -> None:
    now = timezone.now()
    TaskRun.objects.create(
        name=name,
        host="one",
        pid=7,
        started_at=now,
        lost_after=now + 6 * MINUTE,
        ended_at=now,
        outcome=outcome,
        error="" if outcome == RunOutcome.DONE else "LookupError",
    )


def look(clock: time_machine.Traveller, after: datetime.timedelta) -> None:
    """Let time pass, and let a process look for troubles again."""
    clock.shift(after)
    alarms.check(at=timezone.now())


def told(mail_server: MailServer) -> list[str]:
    return [mail["Subject"] for mail in mail_server.messages]

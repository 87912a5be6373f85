"""Mail on its way: the sink, a Celery worker, and rows for the outbox."""

import datetime
import os
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import psutil
from django.utils import timezone

from activation.models import ActivationCode
from bench.people import Visitors
from localrun import parts
from localrun.lock import ROOT
from localrun.processes import ServiceError, spawn, stop, tail
from notifications.enums import Channel, Kind
from notifications.models import Delivery
from notifications.outbox import outbox

HOME = Path(os.environ["BENCH_HOME"])
PORT = int(os.environ["SMTP_PORT"])
WAIT_SECONDS = 60.0


class Sink:
    """bench.sink in a process of its own, where the settings say the server is."""

    def __init__(self, *, delay: float = 0.0) -> None:
        self.delay = delay
        self.taken = HOME / "taken.txt"
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        # As the mail catcher tells its port, for whoever asks whether it answers.
        (HOME / "smtp.port").write_text(str(PORT))
        part = parts.mail_catcher(PORT, HOME)  # for its `is_ready` only
        words = f"python -m bench.sink {PORT} {self.delay} {self.taken}"
        self.process = spawn(parts.command(words), log=HOME / "sink.log", cwd=ROOT)
        wait_until(part.is_ready, "the mail sink answers", log=HOME / "sink.log")
        return self

    def __exit__(self, *_error: object) -> None:
        if self.process is not None:
            stop(self.process)

    def moments(self) -> list[float]:
        """When each mail was accepted, on the clock of time.monotonic()."""
        return [float(line) for line in self.taken.read_text().splitlines()]

    def wait_for(self, count: int, *, poll: float = 0.01) -> float:
        """When the `count`-th mail was accepted, once it is."""
        arrived = f"{count} mails arrived"
        wait_until(lambda: len(self.moments()) >= count, arrived, poll=poll)
        return self.moments()[count - 1]


@contextmanager
def worker() -> Iterator[psutil.Process]:
    """One Celery worker, started as everywhere (localrun.parts), and nothing
    that would wake it by itself.
    """
    part = parts.worker(os.environ)
    log = HOME / "worker.log"
    child = spawn(part.command, log=log, cwd=ROOT)
    try:
        wait_until(part.is_ready, "the worker answers", log=log)
        yield psutil.Process(child.pid)
    finally:
        stop(child)


def put(codes: Iterable[ActivationCode], *, kind: Kind = Kind.ACTIVATION_LINK) -> None:
    """The mail with each code's link, or another of a code, into the outbox; nobody is
    woken.
    """
    now = timezone.now()
    outbox.put_all(
        Delivery(
            kind=kind,
            channel=Channel.MAIL,
            subject=code.pk,
            dossier_id=code.dossier_id,
            created_at=now,
            not_before=now,
        )
        for code in codes
    )


def put_reminders(visitors: Visitors, count: int) -> None:
    """So many reminders of the first week, which are mails in bulk."""
    week = datetime.timedelta(days=7)
    codes = visitors.with_codes(count, issued_at=timezone.now() - week)
    put(codes, kind=Kind.REMINDER_WEEK)


def wait_until(
    holds: Callable[[], bool], goal: str, *, poll: float = 0.05, log: Path | None = None
) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            log_end = tail(log) if log else ""
            raise ServiceError(f"Waited a minute in vain until {goal}. {log_end}")
        time.sleep(poll)

"""13. The whole embedded run: its memory, its CPU while nobody works, its start.

Memory is PSS: a page that several processes share counts for each in part, so that the
sum is what the machine has given. Linux only, where the kernel tells it.
"""

import os
import re
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from django.db import connections
from django.urls import reverse

from bench.measure import Figure, at_most
from bench.people import Visitors
from bench.web import Answer, Wire, at_once, signed_in
from config import environment
from counter.models import Clerk
from localrun.lock import ROOT
from localrun.processes import ServiceError, free_port, spawn, stop, tail
from localrun.servers.services import Postgres

HOME = Path(os.environ["BENCH_HOME"])
# What this figure's own process was told, and the run finds out alone.
OURS = re.compile(
    r"DATABASE_URL|REDIS_URL|SMTP_|DEMO_INBOX|BENCH_|DJANGO_SETTINGS_MODULE"
)
IDLE_SECONDS = 30
SETTLED_SECONDS = 10
#: Of a day: a busy one of Leuven's, of which a year has 2,000.
VISITS = 60
SERVED_BY = ("els", "bart")
LOOKED_AT = (
    "counter_desk:desk",
    "counter_dossiers:record_applicant",
    "payments_drawers:drawer",
)
MIB = 1024


def measure() -> list[Figure]:
    port = free_port()
    with _running(port) as (_, first):
        pass
    with _running(port) as (run, second):
        time.sleep(SETTLED_SECONDS)
        idle = memory_by_part(run)
        busy = _cpu_share(run, IDLE_SECONDS)
        _a_days_visits(port)
        time.sleep(SETTLED_SECONDS)
        after = memory_by_part(run)
    most = max(sum(idle.values()), sum(after.values()))
    return [
        Figure(
            13,
            "memory of the whole run, servers and all (PSS)",
            most,
            at_most(450, " MiB"),
            ours=f"idle {sum(idle.values()):.0f} MiB",
            limit=f"after {VISITS} visits: {sum(after.values()):.0f} MiB",
            values={"idle": idle, "after": after, "table": _lines(idle, after)},
        ),
        Figure(
            13,
            "CPU of the whole run while nobody works",
            busy,
            at_most(1, " %"),
            ours=f"of one core, in {IDLE_SECONDS} s",
        ),
        Figure(
            13,
            "from the command to the desk, on data that are there",
            second,
            at_most(5, " s"),
            ours=f"the first time, with a new database: {first:.1f} s",
        ),
    ]


@contextmanager
def _running(port: int) -> Iterator[tuple[psutil.Process, float]]:
    """A run of its own, once it is ready, and the seconds until then."""
    log = HOME / "whole-run.log"
    log.write_bytes(b"")
    words = ["-m", "localrun.run", "--port", str(port)]
    words += ["--home", str(HOME / "whole-run")]
    environ = {key: value for key, value in os.environ.items() if not OURS.search(key)}
    child = spawn([sys.executable, *words], log=log, env=environ, cwd=ROOT)
    try:
        while not (ready := re.search(r"Ready after ([\d.]+) s", log.read_text())):
            if child.poll() is not None:
                raise ServiceError(f"The run did not start:\n{tail(log, 30)}")
            time.sleep(0.05)
        yield psutil.Process(child.pid), float(ready[1])
    finally:
        stop(child, grace_seconds=30)


def memory_by_part(run: psutil.Process) -> dict[str, float]:
    """MiB of PSS of the supervisor and of each part with all of its processes."""
    parts = {"supervisor": _pss(run)}
    for part in run.children():
        family = [part, *part.children(recursive=True)]
        parts[_name(part)] = sum(_pss(process) for process in family)
    return parts


def _name(part: psutil.Process) -> str:
    words = part.cmdline()
    return "mail catcher" if "localrun.servers.smtp" in words else part.name()


def _pss(process: psutil.Process) -> float:
    try:
        rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0  # it has ended meanwhile
    line = re.search(r"^Pss: +(\d+) kB$", rollup, re.MULTILINE)
    return int(line[1]) / MIB if line else 0.0


def _cpu_share(run: psutil.Process, seconds: float) -> float:
    """Percent of one core that the run took in so many seconds."""

    def spent() -> dict[int, float]:
        family = [run, *run.children(recursive=True)]
        return {p.pid: p.cpu_times().user + p.cpu_times().system for p in family}

    before = spent()
    time.sleep(seconds)
    grown = (now - before.get(pid, 0.0) for pid, now in spent().items())
    return 100 * sum(grown) / seconds


def _a_days_visits(port: int) -> None:
    """Two clerks print a slip for each person, and look at their pages between."""
    server = Postgres(HOME / "whole-run")
    server.find()
    os.environ["DATABASE_URL"] = server.url
    connections.close_all()
    connections["default"].settings_dict |= environment.database("DATABASE_URL")
    clerks = [Clerk.objects.get(username=name) for name in SERVED_BY]
    visitors = [Visitors(clerk) for clerk in clerks]
    visitors[1].seen = VISITS  # nobody comes to both
    dossiers = [theirs.recorded(VISITS // len(clerks)) for theirs in visitors]
    cookies = [signed_in(clerk) for clerk in clerks]

    def serve(place: int) -> None:
        for dossier in dossiers[place]:
            # As a browser does, that has been idle for longer than a connection lives.
            wire = Wire(port, cookies[place])
            for name in LOOKED_AT:
                _got(wire.get(reverse(name)))
            form = {"submission": uuid.uuid4(), "method": "cash", "tendered": "20"}
            paid = reverse("activation_desk:pay_and_issue", args=[dossier.pk])
            _got(wire.post(paid, form))
            _got(wire.get(reverse("activation_desk:slip", args=[dossier.pk])))
            wire.close()

    at_once(len(clerks), serve)


def _got(answer: Answer) -> None:
    if answer.status >= 400:
        raise RuntimeError(repr(answer.head))


def _lines(idle: dict[str, float], after: dict[str, float]) -> list[str]:
    """A table for people."""
    rows = sorted(after.items(), key=lambda row: -row[1])
    head = f"{'MiB (PSS)':<16} {'idle':>6} {'after':>6}"
    return [
        head,
        *(f"{name:<16} {idle.get(name, 0):>6.1f} {mib:>6.1f}" for name, mib in rows),
    ]

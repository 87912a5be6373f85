"""A run's servers, and each figure in a process, database and broker of its own."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import psycopg

from bench.compare import Row
from localrun.lock import ROOT
from localrun.processes import (
    ServiceError,
    free_port,
    new_password,
    spawn,
    stop,
    tail,
)
from localrun.servers.postgres import DATABASE

# In the order of docs/performance.md, which numbers them.
FIGURES: Final = (
    "slip",
    "served",
    "recording",
    "visit",
    "attempt",
    "mail",
    "mails",
    "accept",
    "screens",
    "sweep",
    "keystrokes",
    "memory",
    "whole",
    "stopping",
    "known_name",
    "backups",
    "year",
)
#: Measured only when it is named: days, not minutes, pass in it.
LONG: Final = ("year",)
#: What CI looks at, the shortest first: what one piece of work costs.
QUICK: Final = ("attempt", "slip", "visit", "sweep", "recording", "mail", "mails")
QUICK_SECONDS: Final = 100.0
# Each takes half a minute at most, and many times that beside others.
_LONGEST_SECONDS: Final = 300.0
_LONGEST_OF: Final = {
    # Every page of the product, in databases that are made first.
    "screens": 1800.0,
    # Days, nights and weekends of a year.
    "year": 7200.0,
}
_LONGEST_LARGE_SECONDS: Final = 7200.0
_LOOK_EVERY_SECONDS: Final = 0.05
_LARGE: Final = {"screens", "backups", "year"}


class Bench:
    """The servers of this run, and an empty database and broker for each figure."""

    def __init__(
        self, home: Path, database_url: str, broker_url: str, *, large: bool
    ) -> None:
        self.home = home
        self.server = database_url.rpartition("/")[0]
        self.broker = broker_url.rpartition("/")[0]
        self.large = large
        self.environ = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "DATABASE_URL": database_url,
            "REDIS_URL": broker_url,
            "DEMO_INBOX": str(home),
            "SMTP_PORT": str(free_port()),
            "READYZ_TOKEN": new_password(),
            "BENCH_HOME": str(home),
            "BENCH_LARGE": "1" if large else "",
        }

    def migrate(self) -> None:
        log = self.home / "migrate.log"
        child = spawn(
            [sys.executable, "manage.py", "migrate", "--noinput"],
            log=log,
            env=self.environ,
            cwd=ROOT,
        )
        if child.wait(_LONGEST_SECONDS) != 0:
            raise ServiceError(f"The tables were not made:\n{tail(log, 30)}")

    def measure(self, name: str, *, until: float | None = None) -> list[Row] | None:
        """The figures of one module; None, with the reason printed, without any.

        `until`, on the clock of time.monotonic(), is when it is given up.
        """
        started = time.monotonic()
        seconds = self.longest(name)
        if until is not None:
            seconds = min(seconds, until - started)
        print(f"{name:<10}", end="", flush=True)
        if seconds <= 0:
            print("no time left")
            return None
        log, result = self.home / f"{name}.log", self.home / f"{name}.json"
        child = spawn(
            [sys.executable, "-m", "bench.one", name, str(result)],
            log=log,
            env={
                **self.environ,
                "DATABASE_URL": self._new_database(name),
                "REDIS_URL": f"{self.broker}/{FIGURES.index(name)}",
                "BENCH_PROGRESS": str(self.home / f"{name}.progress"),
            },
            cwd=ROOT,
        )
        try:
            follow(child, self.home / f"{name}.progress", seconds)
        except subprocess.TimeoutExpired:
            if until is not None:  # its log says nothing about that
                print("no time left")
                return None
            print("took too long. ", end="")
        finally:
            stop(child)
        took = time.monotonic() - started
        if child.returncode != 0:
            print(f"not measured ({took:.0f} s):\n{tail(log, 40)}")
            return None
        print(f"{took:5.1f} s")
        figures: list[Row] = json.loads(result.read_text())
        return [figure | {"module": name} for figure in figures]

    def longest(self, name: str) -> float:
        """Seconds after which a figure is given up."""
        if self.large and name in _LARGE:
            return _LONGEST_LARGE_SECONDS
        return _LONGEST_OF.get(name, _LONGEST_SECONDS)

    def _new_database(self, name: str) -> str:
        database = f"bench_{name}"
        with psycopg.connect(f"{self.server}/postgres", autocommit=True) as server:
            server.execute(f"CREATE DATABASE {database} TEMPLATE {DATABASE}")
        return f"{self.server}/{database}"


def follow(child: subprocess.Popen[bytes], progress: Path, seconds: float) -> None:
    """Wait, and print the lines that it writes about how far it is (measure.tell).

    Raises TimeoutExpired when it is not done in time.
    """
    until = time.monotonic() + seconds
    count = 0
    while True:
        is_done = child.poll() is not None
        if progress.exists():
            for line in progress.read_text().splitlines()[count:]:
                print(f"\n  {line}", end=" ", flush=True)
                count += 1
        if is_done:
            return
        if time.monotonic() > until:
            raise subprocess.TimeoutExpired(child.args, seconds)
        time.sleep(_LOOK_EVERY_SECONDS)

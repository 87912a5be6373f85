"""`make bench`, `make bench ONLY=slip,visit`, `make bench LARGE=1`.

Starts PostgreSQL and Valkey in a directory that is gone afterwards, measures one
figure after the other, prints a table and keeps it as JSON in `.local/bench/`.
Exits with 1 when a figure could not be measured; a missed target is a word in the
table, not a failure, because a busy machine is not one either.
"""

import argparse
import datetime
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType
from typing import Any

import psycopg

from bench.measure import machine, table
from config.translations import compile_translations
from localrun.lock import HOME, ROOT
from localrun.processes import ServiceError, free_port, spawn, stop, tail
from localrun.servers.postgres import DATABASE
from localrun.servers.services import Postgres, Valkey

# In the order of docs/performance.md, which numbers them.
FIGURES = (
    "slip",
    "served",
    "recording",
    "visit",
    "attempt",
    "mails",
    "accept",
    "screens",
    "sweep",
    "keystrokes",
    "memory",
    "stopping",
    "known_name",
    "backups",
)
LONGEST_SECONDS = 120.0
# Every page of the product, in databases that are made first.
LONGEST_OF_SCREENS_SECONDS = 900.0
LONGEST_LARGE_SECONDS = 7200.0


def main() -> int:
    options = _options()
    signal.signal(signal.SIGTERM, _terminated)
    compile_translations()
    with tempfile.TemporaryDirectory(prefix="sleutelloket-bench-") as directory:
        home = Path(directory)
        try:
            # Durable, as an office's is: a commit waits for the disk on both sides.
            with Postgres(home) as database, Valkey(home) as broker:
                # As superuser: archives are written with triggers off.
                address = database.superuser_url
                bench = Bench(home, address, broker.url, large=options.large)
                bench.migrate()
                results = {name: bench.measure(name) for name in options.only}
        except ServiceError as error:
            print(error, file=sys.stderr)
            return 1
    return report(results)


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
        if child.wait(LONGEST_SECONDS) != 0:
            raise ServiceError(f"The tables were not made:\n{tail(log, 30)}")

    def measure(self, name: str) -> list[dict[str, Any]] | None:
        """The figures of one module; None, with the reason printed, without any."""
        started = time.monotonic()
        print(f"{name:<10}", end="", flush=True)
        log, result = self.home / f"{name}.log", self.home / f"{name}.json"
        child = spawn(
            [sys.executable, "-m", "bench.one", name, str(result)],
            log=log,
            env={
                **self.environ,
                "DATABASE_URL": self._new_database(name),
                "REDIS_URL": f"{self.broker}/{FIGURES.index(name)}",
            },
            cwd=ROOT,
        )
        try:
            child.wait(self.longest(name))
        except subprocess.TimeoutExpired:
            print("took too long. ", end="")
        finally:
            stop(child)
        took = time.monotonic() - started
        if child.returncode != 0:
            print(f"not measured ({took:.0f} s):\n{tail(log, 40)}")
            return None
        print(f"{took:5.1f} s")
        figures: list[dict[str, Any]] = json.loads(result.read_text())
        return figures

    def longest(self, name: str) -> float:
        """Seconds after which a figure is given up."""
        if name == "backups" and self.large:
            return LONGEST_LARGE_SECONDS
        if name != "screens":
            return LONGEST_SECONDS
        return LONGEST_LARGE_SECONDS if self.large else LONGEST_OF_SCREENS_SECONDS

    def _new_database(self, name: str) -> str:
        database = f"bench_{name}"
        with psycopg.connect(f"{self.server}/postgres", autocommit=True) as server:
            server.execute(f"CREATE DATABASE {database} TEMPLATE {DATABASE}")
        return f"{self.server}/{database}"


def report(results: dict[str, list[dict[str, Any]] | None]) -> int:
    """Print the table, keep the JSON, say what is missing."""
    figures = [row for rows in results.values() if rows is not None for row in rows]
    missing = [name for name, rows in results.items() if rows is None]
    figures.sort(key=lambda row: row["number"])
    print(f"\n{table(figures)}\n")
    for row in figures:
        if lines := row["values"].get("table"):
            print("\n".join(lines), end="\n\n")
    now = datetime.datetime.now().astimezone()
    kept = HOME / "bench" / f"{now:%Y%m%dT%H%M%S}.json"
    kept.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "at": now.isoformat(timespec="seconds"),
        "machine": machine(),
        "figures": figures,
        "not_measured": missing,
    }
    kept.write_text(json.dumps(content, indent=1))
    print(f"Kept in {kept.relative_to(ROOT)}")
    if missing:
        print(f"Not measured: {', '.join(missing)}")
    return 1 if missing else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the figures of the product.")
    parser.add_argument("--only", default=",".join(FIGURES), help="slip,visit")
    parser.add_argument("--large", action="store_true", help="a million rows")
    options = parser.parse_args()
    options.only = [name.strip() for name in options.only.split(",")]
    unknown = set(options.only) - set(FIGURES)
    if unknown:
        parser.error(f"no figure {', '.join(sorted(unknown))} in {', '.join(FIGURES)}")
    return options


def _terminated(_number: int, _frame: FrameType | None) -> None:
    """Leave through the `with` blocks, so that every part is stopped."""
    raise SystemExit(143)


if __name__ == "__main__":
    sys.exit(main())

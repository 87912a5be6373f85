"""8. Every page of desk, public side, holder and admin, as the archive grows.

A database of 10,000 visits and one of 100,000, with --large a million instead, or as
many as VISITS says. Every page that bench/pages.py finds is asked for in both. Once,
because there are a thousand; what was slow is asked for again, and what grew in both.
"""

import os
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

import psutil
from django.db import connection
from django.http import HttpResponseBase

from bench.archive import fill
from bench.measure import Figure, at_most, cost, tell
from bench.pages import Page, every_page
from bench.screens_table import table
from bench.statements import watched
from bench.world import World, build
from counter.database.roles import PLANNING

IS_LARGE: Final = bool(os.environ.get("BENCH_LARGE"))
VISITS: Final = int(os.environ.get("VISITS") or (1_000_000 if IS_LARGE else 100_000))
SIZES: Final = (10_000, VISITS)
#: How often more is asked for what seemed slow, or seemed to grow.
AGAIN: Final = 4
#: Seconds of CPU that a page may take, and on the clock one of its statements.
_MOST_CPU: Final = 0.1
_MOST_OF_STATEMENT: Final = 0.05
#: Below this a statement is mostly the way to the server and back.
SLOW_SECONDS: Final = 0.001
#: As many times what it took at 10,000.
_MOST_TIMES: Final = 3
#: After so many pages it says how far it is.
_TOLD: Final = 50
#: So many pages and statements are named.
_NAMED: Final = 25
# As many rows as a page has, so many parameters.
_PARAMETERS: Final = re.compile(r"%s(, %s)+")

type Walls = dict[str, list[float]]


@dataclass
class Seen:
    """What one page cost: seconds of each round, and of each of its statements.

    The quickest round counts: what else the machine does only makes them longer.
    """

    page: Page
    walls: list[float] = field(default_factory=list)
    cpus: list[float] = field(default_factory=list)
    statements: Walls = field(default_factory=lambda: defaultdict(list))
    count: int = 0
    #: Seconds of the database's CPU, of a page that is over what it may take.
    of_database: float = 0.0

    @property
    def wall(self) -> float:
        return min(self.walls)

    @property
    def cpu(self) -> float:
        """Of this process: templates, forms, rows made into objects."""
        return min(self.cpus)

    @property
    def seems_slow(self) -> bool:
        """Whether it comes near to what it may take."""
        return self.cpu > _MOST_CPU / 2 or self.slowest[0] > _MOST_OF_STATEMENT / 2

    @property
    def is_over(self) -> bool:
        return self.cpu > _MOST_CPU or self.slowest[0] > _MOST_OF_STATEMENT

    @property
    def slowest(self) -> tuple[float, str]:
        """The slowest statement, and what it says."""
        each = [(min(walls), sql) for sql, walls in self.statements.items()]
        return max(each, default=(0.0, ""))


@dataclass
class Archive:
    """One database, and what its pages cost by name."""

    visits: int
    database: str
    world: World
    seen: dict[str, Seen] = field(default_factory=dict)


def measure() -> list[Figure]:
    first = str(connection.settings_dict["NAME"])
    archives = []
    for visits in SIZES:
        database = f"{first}_{visits}"
        with _in("postgres"), connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {database} TEMPLATE {first}")
            for setting, value in PLANNING.items():
                cursor.execute(f"ALTER DATABASE {database} SET {setting} = {value}")
        with _in(database):
            archives.append(Archive(visits, database, build(fill(visits))))
    return figures(archives, _people())


def _people() -> list[str]:
    few = ["clerk", "supervisor"]
    more = ["supervisor of an office that shut", "auditor", "finance", "administrator"]
    return few + more if IS_LARGE else few


def figures(archives: list[Archive], who: list[str]) -> list[Figure]:
    for archive in archives:
        tell(f"{archive.visits:,} visits: the pages are opened")
        with _in(archive.database):
            archive.seen = walk(archive.world, who)
    small, large = archives[0], archives[-1]
    again = {row["page"] for row in _grown(small, large) if row["times"] > _MOST_TIMES}
    tell(f"again {len(again)} pages that seemed to grow")
    for _ in range(AGAIN):
        for archive in archives:
            with _in(archive.database):
                for name in again:
                    _ask(archive.seen[name])
    with _in(large.database):
        for seen in large.seen.values():
            if seen.is_over:
                seen.of_database = _cpu_of_database(seen.page)
    return _figures(archives)


def _cpu_of_database(page: Page) -> float:
    """Seconds of CPU of the one backend for a page, which no neighbour makes longer."""
    with connection.cursor() as cursor:
        # What others do for it would not be seen.
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    backend = psutil.Process(pid)
    before = backend.cpu_times()
    for _ in range(AGAIN):
        page.ask()
    after = backend.cpu_times()
    spent = after.user + after.system - before.user - before.system
    return float(spent) / AGAIN


def walk(world: World, who: list[str]) -> dict[str, Seen]:
    """Each page once, and again while it seems slow."""
    seen_pages: dict[str, Seen] = {}
    for page in every_page(world, who):
        seen = Seen(page)
        if page.name in seen_pages or _ask(seen) != HTTPStatus.OK:
            continue
        seen_pages[page.name] = seen
        for _ in range(AGAIN):
            if seen.seems_slow:
                _ask(seen)
        if len(seen_pages) % _TOLD == 0:
            tell(f"{len(seen_pages)} pages, the last one {page.name}")
    return seen_pages


def _ask(seen: Seen) -> int:
    """Asks for the page and notes what it cost; returns the status of the answer."""
    answers: list[HttpResponseBase] = []
    with watched() as statements:
        spent = cost(lambda: answers.append(seen.page.ask()))
    seen.walls.append(spent.wall)
    seen.cpus.append(spent.cpu)
    slowest: dict[str, float] = {}
    for one in statements:
        sql = _PARAMETERS.sub("%s", one.sql)
        slowest[sql] = max(one.wall, slowest.get(sql, 0.0))
    for sql, wall in slowest.items():
        seen.statements[sql].append(wall)
    # Now and then a session is written too.
    seen.count = min(seen.count or len(statements), len(statements))
    return answers[0].status_code


@contextmanager
def _in(database: str) -> Iterator[None]:
    """Django's one connection, to another database of the server."""
    connection.close()
    before, connection.settings_dict["NAME"] = (
        connection.settings_dict["NAME"],
        database,
    )
    yield
    connection.close()
    connection.settings_dict["NAME"] = before


def _figures(archives: list[Archive]) -> list[Figure]:
    small, large = archives[0], archives[-1]
    pages = sorted(large.seen.values(), key=lambda seen: -seen.wall)
    by_query = sorted(large.seen.values(), key=lambda seen: seen.slowest, reverse=True)
    grown = _grown(small, large)
    at = f"{large.visits:,} visits"
    values = {
        "table": table(archives),
        "slowest_pages": [_row(seen, small) for seen in pages[:_NAMED]],
        "slowest_statements": [_row(seen, small) for seen in by_query[:_NAMED]],
        "grown": grown[:_NAMED],
    }
    most = grown[0]
    return [
        Figure(
            8,
            f"slowest of {len(pages)} pages, {at}",
            pages[0].wall * 1000,
            at_most(100, " ms"),
            ours=f"{pages[0].page.name}: {pages[0].wall * 1000:.0f} ms",
            limit=f"over 100 ms: {sum(seen.wall > 0.1 for seen in pages)} pages",
            values=values,
        ),
        Figure(
            8,
            f"slowest query of a page, {at}",
            by_query[0].slowest[0] * 1000,
            at_most(50, " ms"),
            ours=f"{by_query[0].page.name}: {by_query[0].slowest[0] * 1000:.1f} ms",
            limit=f"over 50 ms: {sum(s.slowest[0] > 0.05 for s in by_query)} pages",
        ),
        Figure(
            8,
            "query that grew most (of those over 1 ms)",
            most["times"],
            at_most(3),
            ours=f"{most['page']}: {most['ms'][1]:.1f} ms",
            limit=f"at {small.visits:,}: {most['ms'][0]:.1f} ms",
        ),
    ]


def _grown(small: Archive, large: Archive) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for name, seen in large.seen.items():
        before = small.seen.get(name)
        for sql, walls in seen.statements.items():
            wall = min(walls)
            if before is None or wall < SLOW_SECONDS or not before.statements.get(sql):
                continue
            was = min(before.statements[sql])
            ms = [was * 1000, wall * 1000]
            rows.append({"page": name, "times": wall / was, "ms": ms, "sql": sql})
    rows.sort(key=lambda row: -row["times"])
    return rows or [{"page": "none", "times": 1.0, "ms": [0.0, 0.0], "sql": ""}]


def _row(seen: Seen, small: Archive) -> dict[str, Any]:
    before = small.seen.get(seen.page.name)
    wall, sql = seen.slowest
    return {
        "page": seen.page.name,
        "ms": [before.wall * 1000 if before else None, seen.wall * 1000],
        "queries": seen.count,
        "slowest_ms": wall * 1000,
        "sql": sql,
    }

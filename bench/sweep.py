"""9. The sweep that lapses codes, a due row, beside a bare UPDATE ... RETURNING."""

import datetime
import time
from collections.abc import Callable

from django.db import connection
from django.utils import timezone

from activation.codes.lapsing import lapse_codes
from bench.measure import Cost, Figure, Rounds, at_most
from bench.people import Visitors, make_clerk
from bench.statements import spent_on_both_sides

DUE = 200
LATER = 1000  # codes that are not due yet
BARE = """
UPDATE activation_activationcode SET state = 'lapsed', lapsed_at = %s
WHERE state IN ('live', 'locked') AND valid_until <= %s RETURNING id
"""


def measure() -> list[Figure]:
    visitors = Visitors(make_clerk())
    visitors.with_codes(LATER)

    def sweep() -> Cost:
        _make_due(visitors)
        return _per_row(lambda at: lapse_codes(at=at, limit=DUE))

    def bare() -> Cost:
        _make_due(visitors)
        return _per_row(_update)

    sweep()
    rounds = Rounds(sweep=sweep, bare=bare)
    return [
        Figure(
            9,
            "nightly sweep, a due row",
            # The bare statement is the database's work alone.
            rounds.ratio("sweep", "bare", part="cpu"),
            at_most(10),
            ours=rounds.median("sweep").shown,
            limit=f"UPDATE ... RETURNING: {rounds.median('bare').cpu * 1000:.3f} ms",
            values=rounds.values(),
        )
    ]


def _make_due(visitors: Visitors) -> None:
    visitors.with_codes(DUE, issued_at=timezone.now() - datetime.timedelta(days=15))


def _per_row(work: Callable[[datetime.datetime], int]) -> Cost:
    wall, cpu = time.perf_counter(), spent_on_both_sides()
    done = work(timezone.now())
    wall, cpu = time.perf_counter() - wall, spent_on_both_sides() - cpu
    if done != DUE:
        raise RuntimeError(f"{done} rows were due instead of {DUE}.")
    return Cost(wall / DUE, cpu / DUE)


def _update(at: datetime.datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(BARE, [at, at])
        return len(cursor.fetchall())

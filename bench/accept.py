"""7. From the visit's commit to the mail server's answer, with nothing else to do."""

import time

from bench.measure import Cost, Figure, Rounds, at_most, cost, percentile
from bench.people import Visitors, make_clerk
from bench.post import Sink, put, worker
from bench.visit import pay
from notifications.outbox.delivering import deliver_due

VISITS = 40
PAUSE = 0.1  # so that the worker is idle again


def measure() -> list[Figure]:
    visitors = Visitors(make_clerk())
    with Sink() as sink:
        with worker():
            for _ in range(3):
                _visit(visitors, sink)  # forks, connections, templates
            waits = [_visit(visitors, sink) for _ in range(VISITS)]
        # Without a worker, whose last pass may find the row first.
        _alone(visitors)
        rounds = Rounds(count=15, alone=lambda: _alone(visitors))
    p95 = percentile(waits, 0.95)
    middle = percentile(waits, 0.5)
    return [
        Figure(
            7,
            "commit to SMTP accept, p95",
            p95,
            at_most(1, " s"),
            ours=f"median {middle * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms",
            limit=f"claim and send alone: {rounds.median('alone').wall * 1000:.0f} ms",
            values={"seconds": waits, **rounds.values()},
        )
    ]


def _visit(visitors: Visitors, sink: Sink) -> float:
    """Seconds from the commit of a visit to the acceptance of its mail."""
    (dossier,) = visitors.recorded(1)
    before = len(sink.moments())
    time.sleep(PAUSE)
    pay(dossier, visitors.clerk)
    committed = time.monotonic()
    return sink.wait_for(before + 1, poll=0.005) - committed


def _alone(visitors: Visitors) -> Cost:
    """One row claimed, rendered and sent in this process; the worker is not woken."""
    put(visitors.with_codes(1))
    time.sleep(PAUSE)
    return cost(_deliver_one)


def _deliver_one() -> None:
    if not deliver_due().outcomes:
        raise RuntimeError("Another process sent it.")

"""6. Mails a second through the outbox and Celery, beside smtplib alone."""

import statistics
import time
from collections.abc import Callable

import psutil

from bench.mail import a_mail, hand_over, written
from bench.measure import ROUNDS, Cost, Figure, Rounds, at_least
from bench.people import Visitors, make_clerk
from bench.post import Sink, put, put_reminders, worker
from localrun import parts
from notifications.outbox.waking import wake_up

MAILS = 120
#: So many that the start is a small part: the wake-up, and calling the second sender.
SLOW_MAILS = 48
SLOW_REPLY = 0.02
REPLIES_A_MAIL = 4  # MAIL, RCPT, DATA, the text


def measure() -> list[Figure]:
    visitors = Visitors(make_clerk())
    with worker() as process:
        with Sink() as sink:
            message = written(a_mail(visitors)).as_bytes()

            def bulk() -> Cost:
                return _deliver(
                    lambda: put_reminders(visitors, MAILS), sink, process, MAILS
                )

            bulk()  # forks, connections, templates
            rounds = Rounds(
                bulk=bulk, smtplib=lambda: hand_over(lambda: message, MAILS)
            )
        with Sink(delay=SLOW_REPLY) as sink:
            slow = [
                _deliver(
                    lambda: put(visitors.with_codes(SLOW_MAILS)),
                    sink,
                    process,
                    SLOW_MAILS,
                ).wall
                for _ in range(ROUNDS)
            ]
    return [_bulk_figure(rounds), _slow_figure(slow)]


def _bulk_figure(rounds: Rounds) -> Figure:
    bulk, alone = rounds.median("bulk"), rounds.median("smtplib")
    return Figure(
        6,
        "mails a second, bulk",
        rounds.ratio("smtplib", "bulk", part="wall"),
        at_least(0.4),
        ours=f"{1 / bulk.wall:.0f} a second ({bulk.cpu * 1000:.1f} ms CPU)",
        limit=f"smtplib: {1 / alone.wall:.0f} a second",
        values=rounds.values(),
    )


def _slow_figure(slow: list[float]) -> Figure:
    senders = int(parts.WORKER.partition("--concurrency ")[2].split()[0])
    best = SLOW_REPLY * REPLIES_A_MAIL / senders
    return Figure(
        6,
        "mails a second, 20 ms a reply",
        best / statistics.median(slow),
        at_least(0.7),
        ours=f"{1 / statistics.median(slow):.1f} a second",
        limit=f"{senders} senders / 80 ms: {1 / best:.1f} a second",
        values={"wall": slow},
    )


def _deliver(
    fill: Callable[[], None], sink: Sink, process: psutil.Process, count: int
) -> Cost:
    """`count` rows in the outbox, one wake-up: the time until the last is accepted,
    and the worker's CPU, for each.
    """
    fill()
    before, cpu = len(sink.moments()), _cpu(process)
    started = time.monotonic()
    wake_up()
    wall = sink.wait_for(before + count) - started
    return Cost(wall / count, (_cpu(process) - cpu) / count)


def _cpu(process: psutil.Process) -> float:
    times = [p.cpu_times() for p in (process, *process.children(recursive=True))]
    return float(sum(spent.user + spent.system for spent in times))

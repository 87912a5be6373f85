"""6. Mails a second through the outbox and Celery, beside smtplib alone."""

import smtplib
import statistics
import time
from email import policy

import psutil
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from bench.measure import ROUNDS, Cost, Figure, Rounds, at_least
from bench.people import Visitors, make_clerk
from bench.post import PORT, Sink, put, worker
from localrun import parts
from notifications.channels.outgoing import Mail
from notifications.letters.rendering import render
from notifications.models import Delivery
from notifications.outbox.waking import wake_up

MAILS = 120
SLOW_MAILS = 16
SLOW_REPLY = 0.02
REPLIES_A_MAIL = 4  # MAIL, RCPT, DATA, the text


def measure() -> list[Figure]:
    visitors = Visitors(make_clerk())
    with worker() as process:
        with Sink() as sink:
            message = _a_message(visitors)
            _deliver(visitors, sink, process, 20)  # forks, connections, templates
            rounds = Rounds(
                celery=lambda: _deliver(visitors, sink, process, MAILS),
                smtplib=lambda: _hand_over(message, MAILS),
            )
        with Sink(delay=SLOW_REPLY) as sink:
            slow = [
                _deliver(visitors, sink, process, SLOW_MAILS).wall
                for _ in range(ROUNDS)
            ]
    senders = int(parts.WORKER.partition("--concurrency ")[2].split()[0])
    best = SLOW_REPLY * REPLIES_A_MAIL / senders
    return [
        Figure(
            6,
            "mails a second, bulk",
            rounds.ratio("smtplib", "celery", part="wall"),
            at_least(0.4),
            ours=f"{1 / rounds.median('celery').wall:.0f} a second"
            f" ({rounds.median('celery').cpu * 1000:.1f} ms CPU)",
            limit=f"smtplib: {1 / rounds.median('smtplib').wall:.0f} a second",
            values=rounds.values(),
        ),
        Figure(
            6,
            "mails a second, 20 ms a reply",
            best / statistics.median(slow),
            at_least(0.7),
            ours=f"{1 / statistics.median(slow):.1f} a second",
            limit=f"{senders} senders / 80 ms: {1 / best:.1f} a second",
            values={"wall": slow},
        ),
    ]


def _deliver(
    visitors: Visitors, sink: Sink, process: psutil.Process, count: int
) -> Cost:
    """`count` rows in the outbox, one wake-up: the time until the last is accepted,
    and the worker's CPU, for each.
    """
    put(visitors.with_codes(count))
    before, cpu = len(sink.moments()), _cpu(process)
    started = time.monotonic()
    wake_up()
    wall = sink.wait_for(before + count) - started
    return Cost(wall / count, (_cpu(process) - cpu) / count)


def _cpu(process: psutil.Process) -> float:
    times = [p.cpu_times() for p in (process, *process.children(recursive=True))]
    return float(sum(spent.user + spent.system for spent in times))


def _a_message(visitors: Visitors) -> bytes:
    """One of the mails, written out."""
    codes = visitors.with_codes(1)
    put(codes)
    row = Delivery.objects.get(subject=codes[0].pk)
    mail = render(row, at=timezone.now())
    row.delete()
    if not isinstance(mail, Mail):
        raise TypeError("A live code has a mail.")
    message = EmailMultiAlternatives(
        subject=mail.message.subject,
        body=mail.message.text,
        to=[mail.to],
        headers={"Message-ID": mail.message_id},
    )
    message.attach_alternative(mail.message.html, "text/html")
    return message.message(policy=policy.SMTP).as_bytes()


def _hand_over(message: bytes, count: int) -> Cost:
    wall, cpu = time.perf_counter(), time.process_time()
    with smtplib.SMTP("127.0.0.1", PORT, timeout=20) as server:
        for _ in range(count):
            server.sendmail("from@example.org", ["to@example.org"], message)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Cost(wall / count, cpu / count)

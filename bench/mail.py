"""6. The CPU of one mail: claimed, rendered, handed over and settled, in this process.

Beside it what Django's MIME building and smtplib cost for the same text, which no
program that sends it so can be below.
"""

import smtplib
import time
from collections.abc import Callable
from email import policy
from email.message import EmailMessage

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from bench.measure import Cost, Figure, Rounds, at_most, cost
from bench.people import Visitors, make_clerk
from bench.post import PORT, Sink, put, put_reminders
from notifications.channels.outgoing import Mail
from notifications.letters.rendering import render
from notifications.models import Delivery
from notifications.outbox.delivering import deliver_due
from notifications.outbox.settling import SendingOutcome

MAILS = 30


def measure() -> list[Figure]:
    visitors = Visitors(make_clerk())
    with Sink():
        mail = a_mail(visitors)

        def bulk() -> Cost:
            put_reminders(visitors, MAILS)
            return _deliver()

        def desk() -> Cost:
            put(visitors.with_codes(MAILS))
            return _deliver()

        bulk()
        desk()
        rounds = Rounds(
            bulk=bulk,
            desk=desk,
            written=lambda: hand_over(lambda: written(mail).as_bytes(), MAILS),
        )
    return [
        Figure(
            6,
            f"a mail, {where}, CPU",
            rounds.ratio(where, "written", part="cpu"),
            at_most(3),
            ours=rounds.median(where).shown,
            limit=f"MIME and smtplib: {rounds.median('written').shown}",
            values=rounds.values(),
        )
        for where in ("bulk", "desk")
    ]


def _deliver() -> Cost:
    """What is due, each mail, until all of it has left."""

    def all_of_it() -> None:
        sent = 0
        while sent < MAILS:
            done = deliver_due().outcomes
            if set(done) != {SendingOutcome.SENT}:
                raise RuntimeError(f"{done} instead of mails that were sent")
            sent += done.total()

    spent = cost(all_of_it)
    return Cost(spent.wall / MAILS, spent.cpu / MAILS)


def a_mail(visitors: Visitors) -> Mail:
    """One of the mails as it leaves."""
    codes = visitors.with_codes(1)
    put(codes)
    row = Delivery.objects.get(subject=codes[0].pk)
    mail = render(row, at=timezone.now())
    row.delete()
    if not isinstance(mail, Mail):
        raise TypeError("A live code has a mail.")
    return mail


def written(mail: Mail) -> EmailMessage:
    """As Django writes it, with no header more than a mail needs."""
    message = EmailMultiAlternatives(
        subject=mail.message.subject,
        body=mail.message.text,
        to=[mail.to],
        headers={"Message-ID": mail.message_id},
    )
    message.attach_alternative(mail.message.html, "text/html")
    return message.message(policy=policy.SMTP)


def hand_over(message: Callable[[], bytes], count: int) -> Cost:
    """Each of so many, on one connection."""
    wall, cpu = time.perf_counter(), time.process_time()
    with smtplib.SMTP("127.0.0.1", PORT, timeout=20) as server:
        for _ in range(count):
            server.sendmail("from@example.org", ["to@example.org"], message())
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Cost(wall / count, cpu / count)

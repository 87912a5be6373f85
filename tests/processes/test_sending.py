"""No mail is lost, whoever is killed; what comes twice is the same mail.

A mail server that stops at a point
of the conversation tells the test that the sender is there, so that it is killed at
that very point, without hooks in the product. Waits and leases are cut short by
moving the rows' times, as if the minutes had passed.
"""

import datetime
import os
import re
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection
from django.utils import timezone
from psycopg import sql

from activation.codes.issuing import pay_and_issue
from counter.enums import DossierState
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from notifications.enums import DeliveryState
from notifications.models import Delivery
from payments.enums import Method
from tests import cast
from tests.mail_server import Hang
from tests.notifications.acts import NUMBERS, let_time_pass
from tests.processes.conftest import House, wait_for
from tests.size import SOAK

pytestmark = pytest.mark.processes

LEASE = 61.0
#: People whose mails four senders have among them.
MANY = 400 if SOAK else 40
#: People who are served while the broker is away for good.
SERVED = 200 if SOAK else 20


def visit(place: int, clerk: Clerk) -> float:
    """One person pays and gets a code; the seconds the button took."""
    applicant = cast.make_applicant(NUMBERS[place], last_name=f"Nummer {place}")
    dossier = cast.make_dossier(
        applicant, clerk, email=f"person{place}@example.org", language="nl"
    )
    started = time.perf_counter()
    pay_and_issue(
        dossier=dossier,
        clerk=clerk,
        method=Method.CARD,
        tendered=None,
        terminal_slip=f"{place:06d}",
        submission=uuid.uuid4(),
        at=timezone.now(),
    )
    return time.perf_counter() - started


def visits(count: int, clerk: Clerk, *, start: int = 0) -> None:
    for place in range(start, start + count):
        visit(place, clerk)


def all_settled() -> bool:
    return not Delivery.objects.unsent().exists()


def link_in(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    link = re.search(r"\S+/a/\S+", str(part.get_content()))
    assert link is not None
    return link[0]


def assert_none_lost(house: House, count: int, *, twice_at_most: int = 0) -> None:
    """Every person has the mail; duplicates are few, and the same mail again."""
    by_person: dict[str, list[EmailMessage]] = {}
    for mail in house.mail.messages:
        by_person.setdefault(mail["To"], []).append(mail)
    duplicates = len(house.mail.messages) - len(by_person)
    print(
        f"{count} mails: {count - len(by_person)} lost, bound 0; "
        f"{duplicates} twice, bound {twice_at_most}"
    )
    assert set(by_person) == {f"person{place}@example.org" for place in range(count)}
    assert duplicates <= twice_at_most
    for mails in by_person.values():
        assert len({mail["Message-ID"] for mail in mails}) == 1
        assert len({link_in(mail) for mail in mails}) == 1
    ids = Counter(mail["Message-ID"] for mail in house.mail.messages)
    assert len(ids) == count
    assert Delivery.objects.filter(state=DeliveryState.SENT).count() == count
    sent = JournalEntry.objects.filter(event=Event.MAIL_SENT)
    assert sent.count() == count


@contextmanager
def database_away() -> Iterator[None]:
    """The test's own connection stays; all others are cut, and none is let in."""
    name = sql.Identifier(connection.settings_dict["NAME"])
    allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    cut = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = %s AND pid <> %s"
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), pg_backend_pid()")
        ours = cursor.fetchone()
    url = (
        urlsplit(os.environ["SUPERUSER_DATABASE_URL"])
        ._replace(path="/postgres")
        .geturl()
    )
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(allow.format(name, sql.SQL("false")))
        try:
            server.execute(cut, ours)
            yield
        finally:
            server.execute(allow.format(name, sql.SQL("true")))


@pytest.mark.parametrize(
    ("point", "twice_at_most"),
    [("after the claim", 0), ("at the address", 0), ("in the text", 0), ("kept", 1)],
)
def test_a_worker_killed_while_sending(
    house: House, els: Clerk, point: str, twice_at_most: int
) -> None:
    """Kill -9 at four points: before a word, with the address named, with the text
    half taken, and with the mail taken in and the answer not yet given.
    """
    hang = Hang(keep=point == "kept")
    visits(10, els)
    if point == "after the claim":
        house.mail.at_ehlo = hang
    elif point == "at the address":
        house.mail.at_rcpt = hang
    else:
        house.mail.at_data = hang
    worker = house.worker("--pool", "prefork", "--concurrency", "1")
    house.wake_up()
    assert hang.reached.wait(20)

    worker.kill()

    house.mail.at_ehlo = house.mail.at_rcpt = house.mail.at_data = None
    hang.release.set()
    held = Delivery.objects.get(lease__isnull=False)
    assert held.leased_until is not None
    house.deliver_once()
    assert list(Delivery.objects.unsent()) == [held]  # nobody touches a live lease
    let_time_pass(LEASE)
    house.deliver_once()
    assert_none_lost(house, 10, twice_at_most=twice_at_most)


def test_a_worker_asked_to_stop_finishes_the_mail_in_hand(
    house: House, els: Clerk
) -> None:
    visits(5, els)
    hang = house.mail.at_data = Hang()
    worker = house.worker("--pool", "prefork", "--concurrency", "1")
    house.wake_up()
    assert hang.reached.wait(20)

    worker.child.terminate()
    time.sleep(1)
    house.mail.at_data = None
    hang.release.set()

    assert worker.child.wait(20) == 0
    house.deliver_once()
    assert_none_lost(house, 5)


def test_a_loop_asked_to_stop_finishes_the_mail_in_hand(
    house: House, els: Clerk
) -> None:
    visits(5, els)
    hang = house.mail.at_data = Hang()
    loop = house.loop()
    assert hang.reached.wait(20)

    loop.child.terminate()
    time.sleep(0.5)
    house.mail.at_data = None
    hang.release.set()

    assert loop.child.wait(5) == 0
    assert len(house.mail.messages) == 1
    house.deliver_once()
    assert_none_lost(house, 5)


def test_a_worker_sends_within_seconds(house: House, els: Clerk) -> None:
    house.worker("--pool", "prefork", "--concurrency", "1")
    visit(0, els)
    started = time.monotonic()

    house.wake_up()

    wait_for(all_settled)
    print(f"sent after {time.monotonic() - started:.2f} s, bound 5 s")
    assert time.monotonic() - started < 5
    assert_none_lost(house, 1)


def test_a_broker_killed_and_restarted_empty(house: House, els: Clerk) -> None:
    """Killed at a third, with the wake-ups in it; the loop sends what they forgot."""
    house.worker("--pool", "prefork", "--concurrency", "1")
    third = 100 if SOAK else 10
    for place in range(3 * third):
        visit(place, els)
        if place < third or place > 2 * third:
            house.wake_up()
        if place == third:
            house.broker.kill()
        if place == 2 * third:
            house.broker.start()
    house.loop()

    wait_for(all_settled)
    assert_none_lost(house, 3 * third)


def test_a_broker_that_never_comes_back(house: House, els: Clerk) -> None:
    house.loop()
    house.broker.kill()
    started = time.monotonic()
    visits(SERVED, els)

    wait_for(all_settled)
    print(f"all sent after {time.monotonic() - started:.1f} s, bound 120 s")
    assert_none_lost(house, SERVED)


def test_a_mail_server_that_is_away(house: House, els: Clerk) -> None:
    """No visit is refused or waits for it, and everything leaves when it is back."""
    house.loop()
    house.worker("--pool", "prefork", "--concurrency", "1")
    with_mail = [visit(place, els) for place in range(20)]
    wait_for(all_settled)
    house.mail.stop()
    without = []
    for place in range(20, 50):
        without.append(visit(place, els))
        house.wake_up()
    time.sleep(2)
    codes_issued = Dossier.objects.filter(state=DossierState.CODE_ISSUED).count()
    waiting = Delivery.objects.unsent()
    assert codes_issued == 50
    assert waiting.count() == 30
    soon = timezone.now() + datetime.timedelta(seconds=75)
    assert not waiting.filter(not_before__gt=soon).exists()

    house.mail.start()
    let_time_pass(75)
    started = time.monotonic()
    wait_for(all_settled)

    middle = sorted(without)[15] / sorted(with_mail)[10]
    print(
        f"visits with the mail server away take {middle:.2f} of the time; "
        f"all sent {time.monotonic() - started:.1f} s after its return"
    )
    # Waiting for the mail server would take its whole time limit, 10 seconds.
    assert max(without) < 5
    assert_none_lost(house, 50)


def test_many_senders_at_once_and_bad_addresses_among_many(
    house: House, els: Clerk
) -> None:
    """Two loops and a worker with two processes: each mail once, none held up."""
    visits(MANY, els)
    house.mail.answers = {
        "person7": "550 5.1.1 <person7@example.org> unknown",
        "person30": "451 4.2.0 <person30@example.org> later",
    }
    house.worker("--pool", "prefork", "--concurrency", "2")
    house.wake_up()
    house.wake_up()
    house.loop()
    house.loop()

    wait_for(lambda: len(house.mail.messages) == MANY - 2, what="all but two mails")
    # A mail is noted after the server has taken it.
    sent = Delivery.objects.filter(state=DeliveryState.SENT)
    wait_for(lambda: sent.count() == MANY - 2, what="their rows noted as sent")
    unknown = Delivery.objects.get(state=DeliveryState.REFUSED)
    assert unknown.dossier is not None
    assert unknown.dossier.email == "person7@example.org"
    assert unknown.answer == "550 5.1.1 unknown"
    late = Delivery.objects.unsent().get().dossier
    assert late is not None
    assert late.email == "person30@example.org"
    house.mail.answers = {}
    let_time_pass(60)
    wait_for(all_settled)
    ids = Counter(mail["Message-ID"] for mail in house.mail.messages)
    print(f"{len(ids)} mails by four senders, {max(ids.values())} times at most")
    assert len(ids) == MANY - 1
    assert set(ids.values()) == {1}


def test_a_loop_outlives_its_database(house: House, els: Clerk) -> None:
    """Every connection is cut in the middle of a mail, and new ones are refused."""
    hang = house.mail.at_data = Hang()
    loop = house.loop()
    visits(3, els)
    assert hang.reached.wait(20)
    with database_away():
        house.mail.at_data = None
        hang.release.set()
        wait_for(lambda: loop.logged.count("database_away") >= 2)
    assert not loop.has_ended()

    wait_for(lambda: Delivery.objects.unsent().count() == 1, what="the other two")
    let_time_pass(LEASE)
    wait_for(all_settled)
    assert_none_lost(house, 3, twice_at_most=1)

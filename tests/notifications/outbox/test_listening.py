"""One-time codes leave as soon as they are put in; senders that wait ask nothing."""

import datetime
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction
from django.utils import timezone

from activation.enums import KeyKind
from counter.models import Clerk, Dossier
from notifications.enums import Channel, Lane
from notifications.models import Delivery
from notifications.outbox import express, listening, outbox
from tests.mail_server import MailServer
from tests.notifications.acts import make_key, make_visits, request_digits

pytestmark = pytest.mark.django_db(transaction=True)

TO = "peter@example.org"


@pytest.fixture
def ending() -> Iterator[listening.Ending]:
    ending = listening.Ending()
    yield ending
    ending.close()


@pytest.fixture
def listener() -> listening.Listener:
    listener = listening.Listener()
    listener.begin()
    return listener


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> threading.Semaphore:
    """Released each time that a sender has nothing to do and begins to wait."""
    begun = threading.Semaphore(0)
    wait = listening.Listener.wait

    def note_and_wait(
        self: listening.Listener, ending: listening.Ending, *, seconds: float
    ) -> bool:
        begun.release()
        return wait(self, ending, seconds=seconds)

    monkeypatch.setattr(listening.Listener, "wait", note_and_wait)
    return begun


def until_both_wait(waits: threading.Semaphore) -> None:
    """Wait for the sender of mails and that of text messages."""
    for _ in Channel:
        assert waits.acquire(timeout=20)


def elsewhere(act: Callable[[], None]) -> None:
    """Call `act` in a thread, on a database connection of its own."""

    def run() -> None:
        act()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(10)


def test_a_word_is_heard_when_it_is_committed(
    listener: listening.Listener, ending: listening.Ending
) -> None:
    def say_and_think_better_of_it() -> None:
        with transaction.atomic():
            listening.announce()
            transaction.set_rollback(True)

    elsewhere(say_and_think_better_of_it)
    assert not listener.wait(ending, seconds=0.2)
    elsewhere(listening.announce)
    began = time.monotonic()
    assert listener.wait(ending, seconds=20)
    assert time.monotonic() - began < 5


def test_one_that_comes_while_nobody_waits_is_heard_afterwards(
    listener: listening.Listener, ending: listening.Ending
) -> None:
    elsewhere(listening.announce)
    assert not outbox.is_due(Lane.URGENT, Channel.MAIL, at=timezone.now())
    assert listener.wait(ending, seconds=20)
    assert not listener.wait(ending, seconds=0.1)


def test_the_end_is_heard_at_once_by_all_who_wait(
    listener: listening.Listener, ending: listening.Ending
) -> None:
    ending.set()
    began = time.monotonic()
    for _ in range(2):
        assert not listener.wait(ending, seconds=20)
    assert time.monotonic() - began < 5


def test_only_what_is_urgent_is_said(
    listener: listening.Listener, ending: listening.Ending, dossier: Dossier, els: Clerk
) -> None:
    make_visits(1, els)
    assert not listener.wait(ending, seconds=0.2)
    request_digits(make_key(dossier, els, KeyKind.EMAIL, destination=TO))
    assert listener.wait(ending, seconds=20)


def wait_for_digits(mail_server: MailServer) -> float:
    began = time.monotonic()
    while not mail_server.to(TO):
        assert time.monotonic() - began < 40
        time.sleep(0.01)
    return time.monotonic() - began


def test_digits_leave_at_once_though_nobody_looks_for_long(
    dossier: Dossier,
    els: Clerk,
    mail_server: MailServer,
    waits: threading.Semaphore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(express, "EVERY_SECONDS", 60.0)
    key = make_key(dossier, els, KeyKind.EMAIL, destination=TO)
    with express.beside():
        until_both_wait(waits)
        request_digits(key)
        seconds = wait_for_digits(mail_server)
    assert seconds < 30


def test_they_leave_also_where_the_word_was_lost(
    dossier: Dossier,
    els: Clerk,
    mail_server: MailServer,
    waits: threading.Semaphore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As behind a pooler, which may use another connection by then."""
    monkeypatch.setattr(express, "EVERY_SECONDS", 1.0)
    monkeypatch.setattr(listening, "CHANNEL", "nobody_says_this")
    key = make_key(dossier, els, KeyKind.EMAIL, destination=TO)
    with express.beside():
        until_both_wait(waits)
        monkeypatch.setattr(listening, "CHANNEL", "nobody_hears_this")
        request_digits(key)
        wait_for_digits(mail_server)


def test_a_connection_that_broke_is_listened_to_anew(
    dossier: Dossier,
    els: Clerk,
    mail_server: MailServer,
    waits: threading.Semaphore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(express, "EVERY_SECONDS", 60.0)
    key = make_key(dossier, els, KeyKind.EMAIL, destination=TO)
    with express.beside():
        until_both_wait(waits)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE query LIKE 'LISTEN%%' OR (usename = current_user"
                " AND datname = current_database() AND pid <> pg_backend_pid())"
            )
        until_both_wait(waits)
        request_digits(key)
        assert wait_for_digits(mail_server) < 30


def test_who_waits_asks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []
    ask = outbox.is_due

    def is_due(lane: Lane, channel: Channel, *, at: datetime.datetime) -> bool:
        asked.append(time.monotonic())
        return ask(lane, channel, at=at)

    monkeypatch.setattr(outbox, "is_due", is_due)
    with express.beside():
        time.sleep(4)
    assert len(asked) == 2  # each of the two senders once, when it began
    assert not Delivery.objects.exists()

"""Mails that came back to the sender's mailbox, read from a real mail server."""

import socket
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from imap_tools import MailBoxUnencrypted
from pytest_django import Settings

from counter.journal.events import Event
from counter.models import JournalEntry
from localrun.processes import free_port
from notifications.bounces import mailbox, noting
from notifications.bounces.mailbox import Account, Read, read_mailbox
from notifications.enums import DeliveryState
from notifications.exceptions import MailboxError
from notifications.models import Delivery
from notifications.tasks import read_bounces
from tests.imap_server import DOVECOT, ImapServer
from tests.notifications.bounces.test_reports import written_by
from tests.races import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.processes,
    pytest.mark.skipif(DOVECOT is None, reason="Dovecot is not installed here"),
]


@pytest.fixture(scope="module")
def running() -> Iterator[ImapServer]:
    with ImapServer() as server:
        yield server


@pytest.fixture
def server(running: ImapServer, settings: Settings) -> Iterator[ImapServer]:
    settings.BOUNCE_MAILBOX = running.account
    yield running
    for folder in ("new", "cur"):
        for path in (running.home / "mail" / folder).iterdir():
            path.unlink()


def account(server: ImapServer, **changed: object) -> Account:
    return Account(**{**server.account, **changed})  # type: ignore[arg-type]


def read(server: ImapServer) -> Read:
    return read_mailbox(account(server), at=timezone.now())


def test_the_clerk_sees_it_and_the_report_is_gone(
    server: ImapServer, sent: Delivery, els_client: Client
) -> None:
    server.put(written_by("postfix", about=sent.pk))
    assert read_bounces() == 1
    sent.refresh_from_db()
    assert sent.state == DeliveryState.REFUSED
    page = els_client.get(reverse("counter_dossiers:dossier", args=[sent.dossier_id]))
    assert "It came back after it was sent." in page.content.decode()
    assert server.mails() == {}


def test_what_people_wrote_is_left_to_people(
    server: ImapServer, sent: Delivery
) -> None:
    letter = b"From: peter@example.org\nSubject: Vraag\n\nIs het klaar?\n"
    server.put(letter)
    server.put(b"Subject: large\n\n" + b"x" * 1_100_000)
    server.put(written_by("exim", about=sent.pk))
    assert read(server) == Read(noted=1, passed_over=2)
    assert letter in server.mails().values()
    assert len(server.mails()) == 2
    assert server.unread() == 0
    assert read(server) == Read()


def test_a_pass_that_breaks_off_is_gone_on_with(
    server: ImapServer, sent: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When noting a report fails, the report stays unread for the next pass."""
    server.put(written_by("gmail", about=sent.pk))
    with monkeypatch.context() as patch:
        patch.setattr(noting, "note", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            read(server)
    assert server.unread() == 1
    assert read(server).noted == 1


def test_a_report_that_was_noted_and_not_deleted_is_deleted_by_the_next_pass(
    server: ImapServer, sent: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first pass could not delete it. The report names the person, and nobody but
    the next pass deletes it.
    """
    server.put(written_by("postfix", about=sent.pk))
    with monkeypatch.context() as patch:
        patch.setattr(MailBoxUnencrypted, "delete", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            read(server)
    sent.refresh_from_db()
    assert sent.state == DeliveryState.REFUSED
    assert read(server) == Read(repeated=1)
    assert server.mails() == {}


def test_two_workers_at_once_note_it_once(server: ImapServer, sent: Delivery) -> None:
    for _ in range(3):
        server.put(written_by("postfix", about=sent.pk))
    answers = at_once([partial(read, server)] * 4)
    assert sum(answer.noted for answer in answers) <= 1
    read(server)
    assert JournalEntry.objects.filter(event=Event.MAIL_REFUSED).count() == 1
    assert server.unread() == 0


def test_a_mailbox_that_cannot_be_read_says_so_and_shows_no_password(
    server: ImapServer, caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    server.put(written_by("dma"))
    for wrong in (
        {"port": free_port()},
        {"password": "not the one"},
        {"folder": "Nowhere"},
        {"security": "ssl"},
        {"security": "starttls"},
    ):
        with pytest.raises(MailboxError) as caught:
            read_mailbox(account(server, **wrong), at=timezone.now())
        assert "password" not in str(caught.value)
        assert "bounces" not in str(caught.value)
    assert server.unread() == 1


def test_a_server_that_says_nothing_is_not_waited_for_long(
    sent: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        mute = Account("127.0.0.1", port, "bounces", "x", security="plain")
        with pytest.raises(MailboxError):
            read_mailbox(mute, at=timezone.now())


def test_without_a_mailbox_nothing_is_asked(settings: Settings, tmp_path: Path) -> None:
    settings.BOUNCE_MAILBOX = {}
    assert read_bounces() == 0

"""The clerk sees that a mail came back, and nobody can invent such a report."""

import io
import os
import uuid

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activation.enums import Change
from activation.holder.changes import note_change
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from notifications.bounces.noting import note_bounce
from notifications.bounces.reports import LONGEST
from notifications.enums import DeliveryState, Kind
from notifications.models import Delivery
from tests.activation.holder.helpers import make_holder

REPORT = """From: MAILER-DAEMON@mx.example
To: noreply@sleutelloket.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; peter@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <peter@example.org>: no such user peter

--b
Content-Type: {kind}

From: noreply@sleutelloket.example
To: peter@example.org
Message-ID: {message_id}
Subject: Activeer je digitale sleutel

{body}
--b--
"""


def report(
    message_id: str,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    kind: str = "message/rfc822",
    written: str = REPORT,
) -> bytes:
    return written.format(
        message_id=message_id, action=action, status=status, kind=kind, body="Dag"
    ).encode()


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_a_mail_that_came_back_is_told(
    sent: Delivery, els_client: Client, kind: str
) -> None:
    assert note_bounce(report(sent.message_id, kind=kind), at=timezone.now())
    sent.refresh_from_db()
    assert sent.state == DeliveryState.REFUSED
    assert sent.answer == "550 5.1.1 no such user"
    assert JournalEntry.objects.filter(event=Event.MAIL_REFUSED).count() == 1
    page = els_client.get(reverse("counter_dossiers:dossier", args=[sent.dossier_id]))
    assert "It came back after it was sent." in page.content.decode()


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_the_address_that_was_corrected_meanwhile_is_not_kept(
    sent: Delivery, dossier: Dossier, kind: str
) -> None:
    dossier.email = "piet@example.org"
    dossier.save(update_fields=["email"])
    noted = note_bounce(report(sent.message_id, kind=kind), at=timezone.now())
    assert noted is not None
    assert noted.answer == "550 5.1.1 no such user"


def test_the_mailbox_that_mail_was_sent_on_to_is_not_kept(sent: Delivery) -> None:
    sent_on = REPORT.replace(
        "Final-Recipient: rfc822; peter@example.org",
        "Original-Recipient: rfc822; peter@example.org\n"
        "Final-Recipient: rfc822; pjanssens@elsewhere.example",
    ).replace("no such user peter", "no such user pjanssens, sent on for peter")
    raw = report(sent.message_id, written=sent_on)
    noted = note_bounce(raw, at=timezone.now())
    assert noted is not None
    assert noted.answer == "550 5.1.1 no such user , sent on for"


def test_the_address_in_the_mail_s_own_headers_is_not_kept(sent: Delivery) -> None:
    bare = REPORT.replace("Final-Recipient: rfc822; peter@example.org\n", "").replace(
        "To: peter@example.org", "To: Peter <an.other@example.org>"
    )
    bare = bare.replace("no such user peter", "no such user an.other")
    noted = note_bounce(report(sent.message_id, written=bare), at=timezone.now())
    assert noted is not None
    assert noted.answer == "550 5.1.1 no such user"


@pytest.mark.parametrize(
    ("diagnosis", "kept"),
    [
        ("smtp; 550 5.1.1 <peter@example.org>; gone for good", "550 5.1.1 gone for"),
        ("smtp; mailbox peter is unknown", "5.1.1 mailbox is unknown"),
        ("550 5.1.1 unknown", "550 5.1.1 unknown"),
        ("", "5.1.1"),
    ],
)
def test_the_code_of_the_failure_is_kept(
    sent: Delivery, diagnosis: str, kept: str
) -> None:
    other = REPORT.replace(
        "smtp; 550 5.1.1 <peter@example.org>: no such user peter", diagnosis
    )
    raw = report(sent.message_id, written=other)
    noted = note_bounce(raw, at=timezone.now())
    assert noted is not None
    assert noted.answer.startswith(kept)


def test_a_mailbox_called_like_a_code_does_not_take_the_code_with_it(
    sent: Delivery,
) -> None:
    raw = report(sent.message_id, written=REPORT.replace("peter", "550"))
    noted = note_bounce(raw, at=timezone.now())
    assert noted is not None
    assert noted.answer == "550 5.1.1 no such user"


def test_a_holder_s_mail_that_came_back_is_noted_for_the_office(
    dossier: Dossier, els: Clerk
) -> None:
    holder = make_holder(dossier, els)
    note_change(holder, Change.PASSWORD, at=timezone.now())
    Delivery.objects.update(state=DeliveryState.SENT, sent_at=timezone.now())
    notice = Delivery.objects.get(kind=Kind.HOLDER_CHANGED)
    noted = note_bounce(report(notice.message_id), at=timezone.now())
    assert noted is not None
    assert noted.answer == "550 5.1.1 no such user"
    entry = JournalEntry.objects.get(event=Event.MAIL_REFUSED)
    assert (entry.office, entry.dossier) == (els.office, None)


def test_a_mail_in_a_mail_without_end_is_passed_over(sent: Delivery) -> None:
    raw = b"MIME-Version: 1.0\n" + b"Content-Type: message/rfc822\n\n" * 20_000
    assert note_bounce(raw, at=timezone.now()) is None
    raw += report(sent.message_id)
    assert note_bounce(raw, at=timezone.now()) is None


def test_told_twice_it_is_noted_once(sent: Delivery) -> None:
    raw = report(sent.message_id)
    assert note_bounce(raw, at=timezone.now())
    assert note_bounce(raw, at=timezone.now()) is None
    assert JournalEntry.objects.filter(event=Event.MAIL_REFUSED).count() == 1


@pytest.mark.parametrize(
    "raw",
    [
        report(f"<{uuid.uuid4()}@sleutelloket.example>"),
        report("<nobody@elsewhere.example>"),
        report("<" + "-" * 36 + "@sleutelloket.example>"),
        b"Subject: hello\n\nNo report.",
        b"",
        b"\0\xff" * 1000,
        b"x" * 1_000_001,
    ],
)
def test_what_is_no_report_about_ours_changes_nothing(
    sent: Delivery, raw: bytes
) -> None:
    assert note_bounce(raw, at=timezone.now()) is None
    sent.refresh_from_db()
    assert sent.state == DeliveryState.SENT


@pytest.mark.parametrize(
    ("action", "status"), [("delayed", "4.2.2"), ("delivered", "2.0.0")]
)
def test_later_and_delivered_are_no_failure(
    sent: Delivery, action: str, status: str
) -> None:
    raw = report(sent.message_id, action=action, status=status)
    assert note_bounce(raw, at=timezone.now()) is None


def test_the_mail_server_pipes_it_in(
    sent: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = io.BytesIO(report(sent.message_id))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(raw))
    output = io.StringIO()
    call_command("take_bounce", stdout=output)
    assert output.getvalue() == "noted\n"


def test_a_mail_server_that_closes_the_pipe_has_its_report_noted(
    sent: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failure would make it return the report to whoever sent it."""
    raw = io.BytesIO(report(sent.message_id))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(raw))
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", buffering=1) as closed:
        call_command("take_bounce", stdout=closed)
    sent.refresh_from_db()
    assert sent.state == DeliveryState.REFUSED


def test_a_mail_that_is_too_long_is_taken_from_the_mail_server_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Postfix writes the whole mail, and an earlier end of the pipe is a failure."""
    raw = io.BytesIO(b"Subject: large\n\n" + b"x" * (LONGEST + 300_000))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(raw))
    output = io.StringIO()
    call_command("take_bounce", stdout=output)
    assert output.getvalue() == "passed over\n"
    assert raw.read() == b""

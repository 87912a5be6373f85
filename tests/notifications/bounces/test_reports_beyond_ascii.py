"""Reports about addresses that are not ASCII (RFC 6533), in each encoding."""

import base64
import quopri
import uuid
from collections.abc import Callable

import pytest
from django.utils import timezone

from notifications.bounces.noting import note_bounce
from notifications.bounces.reports import read_report
from notifications.enums import DeliveryState
from notifications.models import Delivery
from tests.notifications.bounces.test_reports import torn
from tests.states import put

ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "8bit": bytes,
    "base64": base64.encodebytes,
    "quoted-printable": quopri.encodestring,
}
STATUS = """Reporting-MTA: dns; mx.example
Arrival-Date: Mon, 30 Nov 2026 09:00:00 +0100

Original-Recipient: utf-8; j\\x{FC}rgen@example.org
Final-Recipient: utf-8; jürgen.müller@elsewhere.example
Action: %s
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user jürgen.müller, was jürgen
"""
OURS = """From: noreply@sleutelloket.example
To: jürgen@example.org
Message-ID: <%s@sleutelloket.example>
Subject: Activeer je digitale sleutel

"""


def report(
    about: object,
    *,
    encoding: str = "8bit",
    carrier: str = "message/global-headers",
    action: str = "failed",
) -> bytes:
    encode = ENCODINGS[encoding]

    def part(kind: str, text: str) -> bytes:
        head = f"\n--b\nContent-Type: {kind}\nContent-Transfer-Encoding: {encoding}\n\n"
        return head.encode() + encode(text.encode())

    return b"".join(
        [
            b"From: MAILER-DAEMON@mx.example\nMIME-Version: 1.0\n",
            b"Content-Type: multipart/report; report-type=global-delivery-status;",
            b' boundary="b"\n',
            b"\n--b\nContent-Type: text/plain\n\nIt could not be delivered.\n",
            part("message/global-delivery-status", STATUS % action),
            part(carrier, OURS % about),
            b"\n--b--\n",
        ]
    )


@pytest.mark.django_db
@pytest.mark.parametrize("carrier", ["message/global-headers", "message/global"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_it_is_read_and_names_nobody(
    sent: Delivery, encoding: str, carrier: str
) -> None:
    raw = report(sent.pk, encoding=encoding, carrier=carrier)
    noted = note_bounce(raw, at=timezone.now())
    assert noted is not None
    assert noted.pk == sent.pk
    assert noted.state == DeliveryState.REFUSED
    assert noted.answer == "550 5.1.1 no such user , was"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_server_that_goes_on_trying_has_not_given_up(encoding: str) -> None:
    about = uuid.uuid4()
    assert read_report(report(about, encoding=encoding, action="delayed")) is None
    assert read_report(report(about, encoding=encoding)) is not None


def test_lines_that_end_as_on_the_wire_are_read_as_well() -> None:
    about = uuid.uuid4()
    read = read_report(report(about).replace(b"\n", b"\r\n"))
    assert read is not None
    assert read.delivery_id == about
    assert read.words.startswith("550 5.1.1 no such user")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_cut_off_or_garbled_it_is_about_our_mail_or_about_none(
    encoding: str, caplog: pytest.LogCaptureFixture
) -> None:
    about = uuid.uuid4()
    reports = [
        read_report(raw) for raw in torn(report(about, encoding=encoding), step=25)
    ]
    found = [one.delivery_id for one in reports if one is not None]
    assert set(found) == {about}
    assert len(found) < len(reports)
    assert "rgen" not in caplog.text


@pytest.mark.django_db
def test_a_mail_that_was_given_up_can_come_back_too(sent: Delivery) -> None:
    """It left once; somebody had it sent again, and that sending was given up."""
    put(
        Delivery.objects.filter(pk=sent.pk),
        state=DeliveryState.DEAD,
        sent_at=None,
        dead_at=timezone.now(),
    )
    noted = note_bounce(report(sent.pk), at=timezone.now())
    assert noted is not None
    noted.refresh_from_db()
    assert noted.state == DeliveryState.REFUSED
    assert not Delivery.objects.undecided().exists()

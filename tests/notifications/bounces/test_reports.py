"""Reports about a mail that came back, as several kinds of mail servers write them.

Those of Postfix, Exim, OpenSMTPD and the DragonFly Mail Agent were written by these
programs, when they had to deliver a mail of ours to a server that refuses it. Those of
Microsoft 365, Gmail and qmail only have the form that these services use.
"""

import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from notifications.bounces.noting import note_bounce
from notifications.bounces.reports import CAME_BACK, read_report
from notifications.enums import DeliveryState
from notifications.models import Delivery

REPORTS = Path(__file__).parent / "reports"
#: The id of the mail that all reports are about.
OURS = "6f0e4b52-0d3c-4c55-9a5e-1f6f3a1c2d10"

SAYS = {
    "postfix": "550 5.1.1 Recipient address rejected: User unknown in virtual mailbox",
    "exim": "550 5.1.1 Recipient address rejected: User unknown in virtual mailbox",
    "opensmtpd": "550 5.1.1 Recipient address rejected: User unknown in virtual",
    "microsoft_365": "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found",
    "gmail": "550-5.1.1 The account does not exist. 550 5.1.1 Please check",
    "qmail": "550 5.1.1 no such user",
}


def written_by(server: str, *, about: object = OURS) -> bytes:
    text = (REPORTS / f"{server}.eml").read_text(encoding="ascii")
    return text.replace(OURS, str(about)).encode()


@pytest.mark.django_db
@pytest.mark.parametrize("server", SAYS)
def test_the_clerk_reads_why_it_came_back_and_no_address(
    server: str, sent: Delivery
) -> None:
    noted = note_bounce(written_by(server, about=sent.pk), at=timezone.now())
    assert noted is not None
    assert noted.state == DeliveryState.REFUSED
    assert noted.answer.startswith(SAYS[server])
    assert "@" not in noted.answer
    assert "peter" not in noted.answer


@pytest.mark.parametrize("server", SAYS)
def test_a_report_of_another_s_mail_is_not_ours(server: str) -> None:
    raw = written_by(server).replace(OURS.encode(), b"20261130.4711")
    assert read_report(raw) is None


@pytest.mark.parametrize("server", ["postfix", "exim", "gmail", "microsoft_365"])
def test_a_server_that_goes_on_trying_has_not_given_up(server: str) -> None:
    raw = written_by(server).replace(b"Action: failed", b"Action: delayed")
    assert read_report(raw) is None


def test_a_server_that_gave_up_after_days_has_failed() -> None:
    """The last reason was only temporary, but the server does not try again."""
    raw = written_by("postfix").replace(b"Status: 5.1.1", b"Status: 4.4.1")
    raw = raw.replace(b"smtp; 550 5.1.1", b"smtp; 451 4.4.1")
    report = read_report(raw)
    assert report is not None
    assert report.words.startswith("451 4.4.1")


def test_a_report_without_words_is_told_as_one() -> None:
    raw = written_by("qmail").replace(b"550 5.1.1", b"no,")
    report = read_report(raw)
    assert report is not None
    assert report.delivery_id == uuid.UUID(OURS)
    assert report.words == CAME_BACK


def test_plain_words_that_nothing_recognises_are_left_to_people() -> None:
    assert read_report(written_by("dma")) is None


def torn(raw: bytes, *, step: int) -> Iterator[bytes]:
    """The report cut off at many places, and with signs put in that garble it there."""
    for end in range(0, len(raw), step):
        yield raw[:end]
        yield raw[:end] + b"\xff\x00\r\n--\r\n" + raw[end:]


@pytest.mark.parametrize("server", SAYS)
def test_a_report_cut_off_or_garbled_is_about_our_mail_or_about_none(
    server: str, caplog: pytest.LogCaptureFixture
) -> None:
    all_read = [read_report(raw) for raw in torn(written_by(server), step=40)]
    found = [report.delivery_id for report in all_read if report is not None]
    assert set(found) == {uuid.UUID(OURS)}
    assert len(found) < len(all_read)
    assert "peter" not in caplog.text


def seconds(text: str) -> float:
    """Seconds of CPU for reading a report about our mail that has this text."""
    raw = written_by("dma").decode().replace("\n\n", f"\n\n{text}\n\n", 1)
    before = time.process_time()
    read_report(raw.encode())
    return time.process_time() - before


@pytest.mark.parametrize("sign", [",", "\n"])
def test_a_long_mail_takes_no_longer_than_a_short_one(sign: str) -> None:
    """Whoever got a mail of ours can send a long one back: the worker must not spend
    half an hour on it, again and again.
    """
    assert seconds(sign * 200_000) < 10 * seconds(sign * 20_000)

"""A mail server that answers late after the text: no pass waits, few copies leave."""

import datetime
import time

import pytest
from django.core.management import call_command
from django.utils import timezone

from activation.codes import links
from activation.models import ActivationCode
from counter.journal.events import Event
from counter.models import Clerk, JournalEntry
from notifications.bounces import noting
from notifications.channels import smtp
from notifications.enums import DeliveryState
from notifications.models import Delivery
from notifications.outbox import outbox, waiting_room
from notifications.outbox.delivering import deliver_due
from notifications.outbox.settling import SendingOutcome
from notifications.querysets import MOST_UNCONFIRMED
from tests.mail_server import Drop, Hang, MailServer
from tests.notifications.acts import (
    let_time_pass,
    make_visits,
    meanwhile,
    state_of,
    text_of,
)
from tests.notifications.bounces.test_noting import report

committed = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a pass wait less for an answer than on servers."""
    assert smtp.PATIENCE_SECONDS <= 2
    assert waiting_room.AFTER_TEXT_SECONDS == 600
    monkeypatch.setattr(smtp, "PATIENCE_SECONDS", 0.2)


def unconfirmed(delivery: Delivery) -> int:
    delivery.refresh_from_db()
    return delivery.unconfirmed


def until_it_is_renewed(delivery: Delivery) -> None:
    """Wait until its sender has made its lease a whole one again."""
    almost = outbox.LEASE - datetime.timedelta(seconds=5)
    row = Delivery.objects.filter(pk=delivery.pk)
    until = time.monotonic() + 10
    while not row.filter(leased_until__gt=timezone.now() + almost).exists():
        assert time.monotonic() < until
        time.sleep(0.05)


@committed
def test_a_slow_answer_is_waited_for_and_nothing_is_sent_twice(
    waiting: Delivery, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For the other senders, as much time passes as eight leases."""
    monkeypatch.setattr(waiting_room, "RENEW_SECONDS", 0.1)
    hang = mail_server.at_data = Hang()
    started = time.monotonic()
    assert deliver_due().outcomes == {SendingOutcome.UNANSWERED: 1}
    assert time.monotonic() - started < 5, "the pass has gone on"
    for _ in range(10):
        let_time_pass(50)
        assert not deliver_due().outcomes, "nobody else takes it meanwhile"
        until_it_is_renewed(waiting)
    assert state_of(waiting) == DeliveryState.WAITING

    hang.release.set()
    assert waiting_room.wait(10)

    assert state_of(waiting) == DeliveryState.SENT
    assert waiting.unconfirmed == 0
    assert len(mail_server.messages) == 1
    assert JournalEntry.objects.filter(event=Event.MAIL_SENT).count() == 1


@committed
def test_the_others_go_on_meanwhile(els: Clerk, mail_server: MailServer) -> None:
    first, *others = make_visits(6, els)
    hang = mail_server.at_data = Hang()
    done = []
    with meanwhile(lambda: done.append(deliver_due().outcomes)):
        assert hang.reached.wait(10)
        mail_server.at_data = None

    assert done == [{SendingOutcome.UNANSWERED: 1, SendingOutcome.SENT: 5}]
    assert {state_of(other) for other in others} == {DeliveryState.SENT}
    hang.release.set()
    assert waiting_room.wait(10)
    assert state_of(first) == DeliveryState.SENT


@committed
def test_so_many_wait_at_once_and_then_no_more_is_sent_until_one_is_answered(
    els: Clerk, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting_room, "MOST_WAITING", 2)
    make_visits(4, els)
    hang = mail_server.at_data = Hang()

    assert deliver_due().outcomes == {SendingOutcome.UNANSWERED: 2}
    assert not deliver_due().outcomes
    mail_server.at_data = None
    hang.release.set()
    assert waiting_room.wait(10)

    assert deliver_due().outcomes == {SendingOutcome.SENT: 2}
    assert len(mail_server.messages) == 4


@committed
def test_a_mail_that_is_waited_for_keeps_no_help_away(
    els: Clerk, mail_server: MailServer
) -> None:
    make_visits(outbox.LONG_ROW + outbox.MOST_SENDERS, els)
    for _ in range(outbox.MOST_SENDERS):
        held = outbox.claim(at=timezone.now())
        assert held
        outbox.count_text(held, at=timezone.now() - outbox.IN_HAND)
        outbox.renew([held])

    assert outbox.needs_senders(at=timezone.now())


@committed
@pytest.mark.parametrize("way", ["silent", "drops"])
def test_three_sendings_without_an_answer_and_then_a_person_decides(
    waiting: Delivery,
    code: ActivationCode,
    mail_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
) -> None:
    monkeypatch.setattr(waiting_room, "AFTER_TEXT_SECONDS", 0.5)
    mail_server.at_data = Drop() if way == "drops" else Hang()
    for sending in (1, 2, 3):
        deliver_due()
        assert waiting_room.wait(10)
        assert unconfirmed(waiting) == sending
        let_time_pass(20 * 60)
    for _ in range(5):
        assert not deliver_due().outcomes

    assert state_of(waiting) == DeliveryState.UNKNOWN
    assert waiting.answer == (smtp.BROKEN_OFF if way == "drops" else smtp.SILENT)
    assert JournalEntry.objects.filter(event=Event.MAIL_UNKNOWN).count() == 1
    assert len(mail_server.messages) == 3
    assert len({mail["Message-ID"] for mail in mail_server.messages}) == 1
    link = links.url(code, language="fr")
    assert all(link in text_of(mail) for mail in mail_server.messages)


@committed
def test_an_answer_after_the_time_limit_changes_nothing(
    waiting: Delivery, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting_room, "AFTER_TEXT_SECONDS", 0.5)
    hang = mail_server.at_data = Hang()
    deliver_due()
    assert waiting_room.wait(10)
    assert unconfirmed(waiting) == 1

    hang.release.set()
    mail_server.at_data = None
    let_time_pass(60)

    assert deliver_due().outcomes == {SendingOutcome.SENT: 1}
    assert unconfirmed(waiting) == 1, "one copy more may have arrived"


@committed
@pytest.mark.parametrize(
    ("reply", "state"),
    [
        ("451 4.3.0 Not now", DeliveryState.WAITING),
        ("421 4.3.2 Closing", DeliveryState.WAITING),
        ("554 5.7.1 Not this text", DeliveryState.REFUSED),
    ],
)
def test_a_late_no_is_an_answer(
    waiting: Delivery,
    mail_server: MailServer,
    reply: str,
    state: DeliveryState,
) -> None:
    hang = mail_server.at_data = Hang(keep=False, says=reply)
    assert deliver_due().outcomes == {SendingOutcome.UNANSWERED: 1}
    hang.release.set()
    assert waiting_room.wait(10)

    assert state_of(waiting) == state
    assert waiting.answer == reply
    assert waiting.unconfirmed == 0


def test_a_no_is_no_sending_of_unknown_outcome(
    waiting: Delivery, mail_server: MailServer
) -> None:
    mail_server.at_data = "451 4.3.0 Not now"
    for _ in range(2 * MOST_UNCONFIRMED):
        assert deliver_due().outcomes == {SendingOutcome.PUT_OFF: 1}
        let_time_pass(20 * 60)
    assert unconfirmed(waiting) == 0

    mail_server.at_data = None
    assert deliver_due().outcomes == {SendingOutcome.SENT: 1}


@committed
def test_a_row_that_another_sender_has_by_now_is_not_sent(
    waiting: Delivery, mail_server: MailServer
) -> None:
    """The server knows the recipient but has no text yet, so the text is not sent."""
    hang = mail_server.at_rcpt = Hang()
    outcomes = []
    with meanwhile(lambda: outcomes.append(deliver_due().outcomes)):
        assert hang.reached.wait(10)
        mail_server.at_rcpt = None
        let_time_pass(61)
        assert deliver_due().outcomes == {SendingOutcome.SENT: 1}
        hang.release.set()

    assert outcomes == [{SendingOutcome.LOST: 1}]
    assert len(mail_server.messages) == 1


@committed
def test_what_is_over_meanwhile_is_dropped_and_not_asked_about(
    waiting: Delivery, code: ActivationCode, mail_server: MailServer
) -> None:
    mail_server.at_data = Drop()
    for _ in range(2):
        deliver_due()
        let_time_pass(60)
    ActivationCode.objects.update(state="used", used_at=timezone.now())

    assert deliver_due().outcomes == {SendingOutcome.DROPPED: 1}


@committed
def test_a_report_that_it_came_back_answers_too(
    waiting: Delivery, mail_server: MailServer
) -> None:
    mail_server.at_data = Drop()
    deliver_due()
    assert noting.note_bounce(report(waiting.message_id), at=timezone.now())
    assert state_of(waiting) == DeliveryState.REFUSED

    let_time_pass(60)
    assert not deliver_due().outcomes


@committed
def test_the_command_that_ends_waits_for_the_answers(
    waiting: Delivery, mail_server: MailServer
) -> None:
    hang = mail_server.at_data = Hang(seconds=2)
    call_command("deliver", "--once")

    assert hang.reached.is_set()
    assert state_of(waiting) == DeliveryState.SENT

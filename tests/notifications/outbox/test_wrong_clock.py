"""When a machine's clock is wrong or jumps, no mail leaves twice and none is lost."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from activation.models import ActivationCode
from counter.models import Clerk
from notifications.enums import DeliveryState
from notifications.models import Delivery
from notifications.outbox import marking, outbox
from notifications.outbox.delivering import deliver_due
from notifications.outbox.settling import SendingOutcome
from tests.mail_server import MailServer
from tests.notifications.acts import (
    announce,
    let_time_pass,
    make_visits,
    state_of,
    wait_of,
)

HOURS = pytest.mark.parametrize("hours", [-24, -1, 1, 24])


def wrong_by(hours: int) -> time_machine.travel:
    now = timezone.now()
    return time_machine.travel(now + datetime.timedelta(hours=hours), tick=True)


@HOURS
def test_a_wrong_clock_takes_nothing_out_of_another_sender_s_hands(
    waiting: Delivery, mail_server: MailServer, hours: int
) -> None:
    held = outbox.claim(at=timezone.now())
    assert held
    with wrong_by(hours):
        assert not deliver_due().outcomes
    assert mail_server.messages == []
    assert marking.mark_sent(held, at=timezone.now())


@HOURS
def test_what_a_wrong_clock_holds_is_held_for_a_minute_by_all(
    waiting: Delivery, mail_server: MailServer, hours: int
) -> None:
    let_time_pass(25 * 60 * 60)
    with wrong_by(hours):
        held = outbox.claim(at=timezone.now())
        assert held
        outbox.count_text(held, at=timezone.now())
    assert not deliver_due().outcomes
    let_time_pass(59)
    assert not deliver_due().outcomes
    let_time_pass(2)
    assert deliver_due().outcomes == {SendingOutcome.SENT: 1}


@HOURS
def test_a_jump_between_two_mails_holds_nothing_up(
    els: Clerk, mail_server: MailServer, hours: int
) -> None:
    make_visits(4, els)
    let_time_pass(25 * 60 * 60)
    assert deliver_due(stop=lambda: len(mail_server.messages) == 2).outcomes == {
        SendingOutcome.SENT: 2
    }
    with wrong_by(hours):
        assert deliver_due().outcomes == {SendingOutcome.SENT: 2}
    assert len(mail_server.recipients) == len(set(mail_server.recipients)) == 4


@HOURS
def test_a_mail_put_off_by_a_wrong_clock_waits_for_its_error_and_no_longer(
    waiting: Delivery, mail_server: MailServer, hours: int
) -> None:
    let_time_pass(25 * 60 * 60)
    mail_server.at_data = "451 4.3.0 Not now"
    with wrong_by(hours):
        assert deliver_due().outcomes == {SendingOutcome.PUT_OFF: 1}
    assert wait_of(waiting) < hours * 60 * 60 + 20
    assert state_of(waiting) == DeliveryState.WAITING


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_mail_put_in_by_a_wrong_clock_waits_for_none(
    code: ActivationCode, mail_server: MailServer, hours: int
) -> None:
    with wrong_by(hours):
        announce(code)
    assert deliver_due().outcomes == {SendingOutcome.SENT: 1}

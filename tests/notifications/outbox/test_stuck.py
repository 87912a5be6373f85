"""A dead channel is reported, also when no message waits for it any more."""

import datetime

import pytest
from django.db.models import F
from django.utils import timezone
from pytest_django import Settings

from activation.enums import KeyKind, OneTimeCodeState
from activation.models import DigitalKey, OneTimeCode
from counter.models import Clerk, Dossier
from localrun.processes import free_port
from notifications.enums import Channel, Lane, Trouble
from notifications.health import alarms, state, troubles
from notifications.models import Circuit, Delivery
from notifications.outbox import backlog
from notifications.outbox.circuits import MOST_FAILURES
from notifications.outbox.delivering import deliver_due
from notifications.outbox.settling import SendingOutcome
from tests.mail_server import MailServer
from tests.notifications.acts import (
    let_time_pass,
    make_key,
    make_visits,
    request_digits,
)
from tests.notifications.channels.http_gateway import PHONE
from tests.sms_gateway import SmsGateway

MINUTE = datetime.timedelta(minutes=1)


def ask_until_it_rests(dossier: Dossier, els: Clerk, settings: Settings) -> None:
    """Ask for digits while the gateway is away, until it rests and the digits end."""
    settings.SMS_BACKEND = "notifications.channels.sms_http.HttpGateway"
    settings.SMS_HTTP = {"url": f"http://127.0.0.1:{free_port()}/"}
    request_digits(make_key(dossier, els, KeyKind.SMS, destination=PHONE))
    for _ in range(MOST_FAILURES):
        assert deliver_due().outcomes == {SendingOutcome.PUT_OFF: 1}
        let_time_pass(90)
    OneTimeCode.objects.update(valid_until=timezone.now() - MINUTE)
    assert deliver_due().outcomes == {SendingOutcome.DROPPED: 1}


def rest_for(minutes: float) -> None:
    Circuit.objects.update(opened_at=F("opened_at") - minutes * MINUTE)


@pytest.fixture
def resting(dossier: Dossier, els: Clerk, settings: Settings) -> None:
    ask_until_it_rests(dossier, els, settings)


def test_a_channel_rests_since_its_first_lane_and_is_tried_with_its_last(
    db: None,
) -> None:
    now = timezone.now()
    for lane, ago, wait in ((Lane.DESK, 40, 3), (Lane.BULK, 20, 1)):
        Circuit.objects.update_or_create(
            lane=lane,
            channel=Channel.MAIL,
            defaults={
                "failures": MOST_FAILURES,
                "opened_at": now - ago * MINUTE,
                "paused_until": now + wait * MINUTE,
            },
        )
    (mail,) = backlog.resting(at=now)
    assert mail == backlog.Resting(Channel.MAIL, now - 40 * MINUTE, now + 3 * MINUTE)


@pytest.mark.usefixtures("resting")
def test_a_gateway_that_is_dead_is_told_though_its_digits_are_dropped() -> None:
    assert not Delivery.objects.unsent().exists()
    assert backlog.resting(at=timezone.now()) == []
    rest_for(11)

    now = timezone.now()
    (finding,) = troubles.in_database(now)

    assert (finding.trouble, finding.about) == (Trouble.RESTING, Channel.SMS)
    assert finding.since is not None
    assert now - 12 * MINUTE < finding.since < now - 10 * MINUTE
    assert state.of(now).status == "dead"


@pytest.mark.usefixtures("resting")
def test_a_gateway_that_nobody_has_tried_for_an_hour_is_not_called_dead() -> None:
    """On Saturday nobody asks for digits: the gateway may work again since long."""
    rest_for(11)
    monday = timezone.now() + datetime.timedelta(days=2)

    now = state.of(monday)

    assert now.status == "degraded"
    assert [one.trouble for one in now.findings] == [Trouble.RESTING]


@pytest.mark.usefixtures("resting")
def test_the_operator_is_told_once_until_somebody_asks_for_digits_again(
    settings: Settings, mail_server: MailServer
) -> None:
    settings.OPERATOR_EMAIL = "beheer@leuven.example"
    settings.DISK_FREE_PERCENT = 0
    rest_for(11)
    now = timezone.now()
    for minutes in (0, 59, 61, 2880):
        alarms.check(at=now + minutes * MINUTE)
    (mail,) = mail_server.messages
    assert "sms" in mail["Subject"]
    let_time_pass(90)
    with SmsGateway() as gateway:
        settings.SMS_HTTP = {"url": gateway.url}
        OneTimeCode.objects.update(state=OneTimeCodeState.REPLACED)
        request_digits(DigitalKey.objects.get())
        assert deliver_due().outcomes == {SendingOutcome.SENT: 1}
    assert backlog.resting(at=timezone.now()) == []
    alarms.check(at=timezone.now())
    assert "Voorbij" in mail_server.messages[1]["Subject"]


@pytest.mark.usefixtures("resting")
def test_what_waits_for_a_gateway_that_rests_is_stuck_as_well(
    settings: Settings,
) -> None:
    rest_for(11)
    OneTimeCode.objects.update(state=OneTimeCodeState.REPLACED)
    request_digits(DigitalKey.objects.get())
    OneTimeCode.objects.update(valid_until=timezone.now() + 300 * MINUTE)

    now = state.of(timezone.now() + 120 * MINUTE)

    assert now.status == "dead"
    assert Trouble.STUCK in {one.trouble for one in now.findings}


@pytest.mark.usefixtures("resting")
def test_mails_that_leave_say_nothing_of_the_gateway(
    els: Clerk, mail_server: MailServer
) -> None:
    rest_for(11)
    make_visits(1, els)
    assert deliver_due().outcomes == {SendingOutcome.SENT: 1}

    assert backlog.resting(at=timezone.now()) != []


def test_another_lane_that_sends_shows_that_the_server_is_there(
    waiting: Delivery, mail_server: MailServer
) -> None:
    now = timezone.now()
    Circuit.objects.create(
        lane=Lane.BULK,
        channel=Channel.MAIL,
        failures=MOST_FAILURES,
        opened_at=now - 11 * MINUTE,
        paused_until=now,
    )
    (one,) = backlog.resting(at=now)
    assert (one.channel, one.since) == (Channel.MAIL, now - 11 * MINUTE)
    assert deliver_due().outcomes == {SendingOutcome.SENT: 1}

    assert backlog.resting(at=timezone.now()) == []

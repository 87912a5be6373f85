"""Sending a mail to the operator holds a process up for half a minute at most."""

import time

import pytest
import time_machine
from pytest_django import Settings

from config.settings.base import mailer
from counter.enums import RunOutcome
from counter.models import Alarm
from localrun.processes import free_port
from notifications.channels import smtp
from notifications.health import alarm_mails
from tests.hostile_relay import Act, HostileRelay, Talk, cut, drip, say, silent
from tests.mail_server import MailServer
from tests.notifications.health.alarm_acts import MINUTE, SEAL, look, ran, told

pytestmark = pytest.mark.usefixtures("operator")

HALF_A_MINUTE = 30.0
#: In seconds, with the shorter opening below.
SHORT = 17.0


def slowly(act: Act) -> Act:
    def wait_and_act(talk: Talk) -> None:
        time.sleep(3)
        act(talk)

    return wait_and_act


def sent_to(relay: HostileRelay, settings: Settings) -> tuple[bool, float]:
    """Whether the relay took the mail, and the seconds that sending took."""
    settings.MAILERS = {"default": mailer(host="127.0.0.1", port=relay.port)}
    began = time.monotonic()
    taken = alarm_mails.send("Alarm", "A disk is almost full.")
    return taken, time.monotonic() - began


def test_it_goes_to_the_operator_s_own_domain_from_one_address(
    settings: Settings,
) -> None:
    """Also when the sender's name needs quotes, or the domain is not ASCII."""
    settings.OPERATOR_EMAIL = "ops@straße.example"
    settings.DEFAULT_FROM_EMAIL = f'"{"Stad Leuven, " * 8}Één" <from@leuven.example>'
    with MailServer() as server:
        settings.MAILERS = {"default": mailer(host="127.0.0.1", port=server.port)}
        assert alarm_mails.send("Alarm", "A disk is almost full.")
        (mail,) = server.messages
    assert mail["To"] == "ops@xn--strae-oqa.example"
    assert mail["From"] == "from@leuven.example"


@pytest.mark.parametrize(
    ("stage", "act"),
    [
        ("banner", silent),
        ("banner", drip("220 " + "a" * 4000, every=0.5)),
        ("mail", drip("250 " + "a" * 4000, every=0.5)),
        ("rcpt", silent),
        ("rcpt", say("550 no such user")),
        ("data", cut),
        ("text", cut),
        ("text", say("554 refused")),
    ],
)
def test_a_server_that_does_not_take_it_is_left_in_time(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, stage: str, act: Act
) -> None:
    monkeypatch.setattr(smtp, "OPENING_SECONDS", 7.0)  # instead of 20
    with HostileRelay() as relay:
        relay.at[stage] = act
        taken, seconds = sent_to(relay, settings)
    assert not taken
    assert seconds < SHORT


def test_one_that_thinks_for_some_seconds_is_heard_out(settings: Settings) -> None:
    with HostileRelay() as relay:
        relay.at["text"] = slowly(say("554 no"))
        assert sent_to(relay, settings)[0] is False
        relay.at["text"] = slowly(say("250 yes"))
        assert sent_to(relay, settings)[0] is True


def test_one_that_has_it_and_says_nothing_is_not_given_it_every_minute(
    settings: Settings,
) -> None:
    with HostileRelay() as relay:
        relay.at["text"] = silent
        taken, seconds = sent_to(relay, settings)
        assert len(relay.texts) == 1
    assert taken
    assert seconds < HALF_A_MINUTE


def test_nobody_there_is_no_error(settings: Settings) -> None:
    settings.MAILERS = {"default": mailer(host="127.0.0.1", port=free_port())}
    assert not alarm_mails.send("Alarm", "A disk is almost full.")


@pytest.mark.django_db
def test_a_look_sends_one_mail(
    mail_server: MailServer, clock: time_machine.Traveller
) -> None:
    ran(SEAL, RunOutcome.FAILED)
    ran("counter.tasks.count_months", RunOutcome.FAILED)
    look(clock, 6 * MINUTE)
    assert Alarm.objects.count() == 2
    assert len(told(mail_server)) == 1
    look(clock, MINUTE)
    assert len(told(mail_server)) == 2
    look(clock, MINUTE)
    assert len(told(mail_server)) == 2

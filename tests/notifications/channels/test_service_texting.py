"""Six digits to a phone, through the gateway that the settings name."""

import json
from pathlib import Path

import pytest
from pytest_django import Settings

from activation.enums import KeyKind
from activation.one_time.digits import one_time_text
from counter.models import Clerk, Dossier
from notifications.enums import DeliveryState
from notifications.exceptions import RefusedError
from notifications.models import Delivery
from notifications.outbox.delivering import deliver_due
from notifications.outbox.settling import SendingOutcome
from tests.mail_server import MailServer
from tests.notifications.acts import make_key, make_visits, request_digits

# Made up for this test.
PHONE = "+32470000000"


class UnknownNumber:
    def send(self, **_: str) -> None:
        raise RefusedError("no such number")


class Away:
    def send(self, **_: str) -> None:
        raise ConnectionRefusedError


@pytest.fixture
def digits(dossier: Dossier, els: Clerk) -> str:
    """Six digits that Peter asked for, by text message."""
    key = make_key(dossier, els, KeyKind.SMS, destination=PHONE)
    return one_time_text(request_digits(key))


def test_the_digits_reach_the_phone(
    digits: str, settings: Settings, tmp_path: Path
) -> None:
    settings.DEMO_INBOX = tmp_path

    assert deliver_due().outcomes == {SendingOutcome.SENT: 1}

    (path,) = (tmp_path / "sms").iterdir()
    message = json.loads(path.read_text())
    assert message["to"] == PHONE
    assert digits in message["text"]
    assert message["reference"] == str(Delivery.objects.get().pk)


def test_without_a_gateway_the_message_is_refused_and_the_log_says_why(
    digits: str, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SMS_BACKEND = ""

    assert deliver_due().outcomes == {SendingOutcome.REFUSED: 1}

    assert "sms_refused_without_gateway" in caplog.text
    assert digits not in caplog.text
    assert PHONE not in caplog.text
    assert "gateway" in Delivery.objects.get().answer


def test_a_number_the_gateway_does_not_know_is_refused(
    digits: str, settings: Settings
) -> None:
    settings.SMS_BACKEND = f"{__name__}.UnknownNumber"

    assert deliver_due().outcomes == {SendingOutcome.REFUSED: 1}
    assert Delivery.objects.get().answer == "no such number"


@pytest.mark.parametrize("backend", ["Away", "NoSuchClass"])
def test_a_gateway_that_is_away_is_tried_again_and_holds_no_mail_up(
    digits: str,
    els: Clerk,
    settings: Settings,
    mail_server: MailServer,
    backend: str,
) -> None:
    settings.SMS_BACKEND = f"{__name__}.{backend}"
    make_visits(3, els)

    assert deliver_due().outcomes == {SendingOutcome.PUT_OFF: 1, SendingOutcome.SENT: 3}
    assert Delivery.objects.unsent().get().state == DeliveryState.WAITING


def test_a_mail_server_that_is_away_holds_no_text_message_up(
    digits: str, els: Clerk, settings: Settings, mail_server: MailServer, tmp_path: Path
) -> None:
    settings.DEMO_INBOX = tmp_path
    make_visits(3, els)
    mail_server.stop()

    outcomes = deliver_due().outcomes

    assert outcomes == {SendingOutcome.SENT: 1, SendingOutcome.PUT_OFF: 1}
    assert len(list((tmp_path / "sms").iterdir())) == 1

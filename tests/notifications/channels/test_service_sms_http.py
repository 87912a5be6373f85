"""Six digits through an HTTP gateway that fails, delays, drops and repeats."""

import json
import time
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from activation.enums import KeyKind
from activation.one_time.digits import one_time_text
from counter.models import Clerk, Dossier
from notifications.channels import channels, sms_http
from notifications.enums import DeliveryState
from notifications.models import Delivery
from notifications.outbox.delivering import deliver_due
from notifications.outbox.settling import SendingOutcome
from tests.notifications.acts import let_time_pass, make_key, request_digits
from tests.notifications.channels.http_gateway import (
    NUMBER,
    PHONE,
    TOKEN,
    gateway,
    nothing_told,
)
from tests.sms_gateway import Answer, SmsGateway

__all__ = ["gateway", "nothing_told"]


OTHER_WORDS = '{"status": "try later"}'


@pytest.fixture
def digits(dossier: Dossier, els: Clerk) -> str:
    """Six digits that Peter asked for, by text message."""
    key = make_key(dossier, els, KeyKind.SMS, destination=PHONE)
    return one_time_text(request_digits(key))


def outcome() -> SendingOutcome:
    (only,) = deliver_due().outcomes
    return only


def test_the_request_is_the_configured_one(gateway: SmsGateway, digits: str) -> None:
    assert outcome() == SendingOutcome.SENT
    (taken,) = gateway.taken
    assert (taken.method, taken.path) == ("POST", "/messages")
    assert taken.headers["authorization"] == TOKEN
    message = json.loads(taken.body)
    assert message["to"] == PHONE
    assert digits in message["text"]
    assert message["id"] == str(Delivery.objects.get().pk)


@pytest.mark.parametrize("status", [500, 502, 504])
def test_what_fails_for_now_is_tried_again(
    gateway: SmsGateway, digits: str, status: int
) -> None:
    gateway.answers.append(Answer(status, "sent to " + PHONE))
    assert outcome() == SendingOutcome.PUT_OFF
    waiting = Delivery.objects.get()
    assert waiting.answer.startswith(str(status))
    assert PHONE not in waiting.answer
    assert timezone.now() < waiting.not_before < timezone.now() + timedelta(seconds=20)
    with time_machine.travel(waiting.not_before, tick=True):
        assert outcome() == SendingOutcome.SENT
    first, second = (json.loads(taken.body) for taken in gateway.taken)
    assert first == second


@pytest.mark.parametrize("status", [400, 404, 422])
def test_what_is_refused_is_shown(
    gateway: SmsGateway, digits: str, status: int
) -> None:
    gateway.answers.append(Answer(status, f"bad number {NUMBER}"))
    assert outcome() == SendingOutcome.REFUSED
    refused = Delivery.objects.get()
    assert refused.state == DeliveryState.REFUSED
    assert refused.answer.startswith(str(status))
    assert NUMBER not in refused.answer


def test_a_refusal_may_hide_behind_a_success(gateway: SmsGateway, digits: str) -> None:
    gateway.answers.append(Answer(200, '{"error": "unknown number"}'))
    assert outcome() == SendingOutcome.REFUSED
    assert Delivery.objects.get().answer == sms_http.REFUSED


def test_a_success_with_other_words_is_none(gateway: SmsGateway, digits: str) -> None:
    gateway.answers.append(Answer(200, OTHER_WORDS))
    assert outcome() == SendingOutcome.PUT_OFF
    assert Delivery.objects.get().answer == sms_http.UNCLEAR
    let_time_pass(60)
    assert outcome() == SendingOutcome.SENT


@pytest.mark.parametrize("status", [401, 403, 429, 503])
def test_a_gateway_that_lets_nobody_in_is_away(
    gateway: SmsGateway, digits: str, status: int
) -> None:
    gateway.answers.append(Answer(status, ""))
    assert outcome() == SendingOutcome.PUT_OFF
    assert Delivery.objects.get().state == DeliveryState.WAITING


@pytest.mark.parametrize(
    "answer", [Answer(after=60.0), Answer(drip=0.05)], ids=["silent", "dripping"]
)
def test_a_delay_past_the_limit_is_no_answer(
    gateway: SmsGateway,
    digits: str,
    answer: Answer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert sms_http.SECONDS == 10.0
    monkeypatch.setattr(sms_http, "SECONDS", 0.5)
    gateway.answers.append(answer)
    begun = time.monotonic()
    assert outcome() == SendingOutcome.PUT_OFF
    assert time.monotonic() - begun < 5
    waiting = Delivery.objects.get()
    assert waiting.answer == sms_http.SILENT
    with time_machine.travel(waiting.not_before, tick=True):
        assert outcome() == SendingOutcome.SENT
    ids = {json.loads(taken.body)["id"] for taken in gateway.taken}
    assert len(gateway.taken) == 2
    assert ids == {str(waiting.pk)}, "a gateway can tell that it has it already"


@pytest.mark.parametrize("status", [408, 409, 425])
def test_what_the_gateway_did_not_take_is_tried_as_long_as_it_is_good(
    gateway: SmsGateway, digits: str, status: int
) -> None:
    gateway.answers.extend([Answer(status, "")] * 4)
    for _ in range(4):
        assert outcome() == SendingOutcome.PUT_OFF
        let_time_pass(150)
    assert Delivery.objects.get().unconfirmed == 0
    assert outcome() == SendingOutcome.SENT


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(after=60.0), sms_http.SILENT),
        (Answer(drop=True), sms_http.BROKEN_OFF),
        (Answer(drip=0.05), sms_http.SILENT),
        (Answer(200, OTHER_WORDS), sms_http.UNCLEAR),
        (Answer(500), "500"),
        (Answer(502), "502"),
        (Answer(504), "504"),
    ],
    ids=["silent", "cut", "cut in the answer", "other words", "500", "502", "504"],
)
def test_three_messages_without_an_answer_are_enough(
    gateway: SmsGateway,
    digits: str,
    answer: Answer,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sms_http, "SECONDS", 0.5)
    gateway.answers.extend([answer] * 5)
    for expected in (
        SendingOutcome.PUT_OFF,
        SendingOutcome.PUT_OFF,
        SendingOutcome.UNKNOWN,
    ):
        assert outcome() == expected
        let_time_pass(60)
    assert not deliver_due().outcomes
    assert len(gateway.taken) == 3
    unknown = Delivery.objects.get()
    assert unknown.state == DeliveryState.UNKNOWN
    assert unknown.answer.startswith(words)


def test_a_gateway_that_is_not_there_has_no_message_of_ours(
    gateway: SmsGateway, digits: str
) -> None:
    gateway.stop()
    for _ in range(5):
        assert outcome() == SendingOutcome.PUT_OFF
        let_time_pass(80)
    waiting = Delivery.objects.get()
    assert waiting.answer == channels.GATEWAY_AWAY
    assert waiting.unconfirmed == 0


def test_a_repetition_that_the_gateway_knows_is_sent(
    gateway: SmsGateway, digits: str, settings: Settings
) -> None:
    settings.SMS_HTTP |= {"success_status": "200-299,409", "success_body": ""}
    gateway.answers.extend([Answer(drop=True), Answer(409, "have it already")])
    assert outcome() == SendingOutcome.PUT_OFF
    with time_machine.travel(Delivery.objects.get().not_before, tick=True):
        assert outcome() == SendingOutcome.SENT


def test_a_redirect_is_not_followed(gateway: SmsGateway, digits: str) -> None:
    with SmsGateway() as stranger:
        # The answer's header has the number, which no library may log.
        elsewhere = f"{stranger.url}?to={NUMBER}"
        gateway.answers.append(Answer(302, "", location=elsewhere))
        assert outcome() == SendingOutcome.PUT_OFF
        assert stranger.taken == []


def test_digits_that_are_over_are_not_sent(gateway: SmsGateway, digits: str) -> None:
    gateway.answers.append(Answer(500))
    assert outcome() == SendingOutcome.PUT_OFF
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=True):
        assert outcome() == SendingOutcome.DROPPED
    assert len(gateway.taken) == 1

"""A mail service calls to say that a mail came back; other callers are refused."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from notifications.enums import DeliveryState
from notifications.models import Delivery
from tests.notifications.acts import state_of

pytestmark = pytest.mark.django_db

KEY = "a-signing-key-of-the-tests"
ADDRESS = "/bounces/mail-service/"
REASON = "550 5.1.1 <peter@example.org>: no such user peter"


@pytest.fixture
def mailgun(settings: Settings) -> None:
    settings.BOUNCE_WEBHOOK = "mailgun"
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": KEY}


def failed(
    message_id: str, *, event: str = "failed", severity: str = "permanent"
) -> dict[str, Any]:
    """Mailgun's event about a mail that could not be delivered."""
    return {
        "id": "G9Bn5sl1TC6nu79C8C0bwg",
        "timestamp": 1796017115.1,
        "event": event,
        "severity": severity,
        "reason": "bounce",
        "recipient": "peter@example.org",
        "message": {"headers": {"message-id": message_id.strip("<>")}},
        "delivery-status": {"code": 550, "message": REASON, "description": ""},
    }


def call(event: object, *, key: str = KEY) -> int:
    timestamp, token = "1796017115", "c" * 50
    signed = hmac.new(key.encode(), f"{timestamp}{token}".encode(), hashlib.sha256)
    body = {
        "signature": {
            "timestamp": timestamp,
            "token": token,
            "signature": signed.hexdigest(),
        },
        "event-data": event,
    }
    return post(body)


def post(body: object, authorization: str = "") -> int:
    # A service calls without a cookie of ours.
    client = Client(enforce_csrf_checks=True, headers={"Authorization": authorization})
    return client.post(ADDRESS, json.dumps(body), "application/json").status_code


JUNK: list[object] = [None, [], "x", {"headers": None}, {"headers": {"message-id": 7}}]
UNREADABLE: list[object] = [
    *(None, [], "", 7, {}, {"event": None, "message": []}),
    *({**failed("<x@y>"), "message": junk} for junk in JUNK),
]
#: These can be read, but name no mail of ours.
WITHOUT_A_MAIL: list[object] = [
    {"event": "failed"},
    *({**failed("<x@y>"), "delivery-status": junk} for junk in JUNK),
]


@pytest.mark.usefixtures("mailgun")
def test_the_clerk_sees_that_it_came_back(sent: Delivery, els_client: Client) -> None:
    assert call(failed(sent.message_id)) == 200
    sent.refresh_from_db()
    assert sent.state == DeliveryState.REFUSED
    assert sent.answer == "550 5.1.1 no such user"
    page = els_client.get(reverse("counter_dossiers:dossier", args=[sent.dossier_id]))
    assert "It came back after it was sent." in page.content.decode()


@pytest.mark.usefixtures("mailgun")
def test_called_twice_it_is_noted_once(sent: Delivery) -> None:
    assert call(failed(sent.message_id)) == 200
    sent.refresh_from_db()
    before = sent.refused_at
    assert call(failed(sent.message_id)) == 200
    sent.refresh_from_db()
    assert sent.refused_at == before


@pytest.mark.usefixtures("mailgun")
@pytest.mark.parametrize(
    ("event", "severity"),
    [("failed", "temporary"), ("delivered", "permanent"), ("opened", "permanent")],
)
def test_later_and_delivered_are_no_failure(
    sent: Delivery, event: str, severity: str
) -> None:
    assert call(failed(sent.message_id, event=event, severity=severity)) == 200
    sent.refresh_from_db()
    assert sent.state == DeliveryState.SENT


@pytest.mark.usefixtures("mailgun")
def test_who_does_not_have_the_key_changes_nothing(sent: Delivery) -> None:
    assert call(failed(sent.message_id), key="another key") == 400
    assert post(failed(sent.message_id)) == 400
    assert post({"event-data": failed(sent.message_id)}) == 400
    sent.refresh_from_db()
    assert sent.state == DeliveryState.SENT


@pytest.mark.usefixtures("mailgun")
@pytest.mark.parametrize("event", [*UNREADABLE, *WITHOUT_A_MAIL])
def test_a_signed_call_that_cannot_be_read_breaks_nothing(
    sent: Delivery, event: object
) -> None:
    assert call(event) == (200 if event in WITHOUT_A_MAIL else 400)
    assert call(failed(sent.message_id)) == 200
    assert state_of(sent) == DeliveryState.REFUSED


@pytest.mark.parametrize("body", ["", "null", "[]", "{", '"x"', "\xff", "7"])
@pytest.mark.usefixtures("mailgun")
def test_what_is_no_call_is_refused(body: str) -> None:
    response = Client().post(ADDRESS, body.encode("latin-1"), "application/json")
    assert response.status_code == 400
    assert Client().post(ADDRESS, {"event": "failed"}).status_code == 400


def test_where_no_service_is_set_there_is_no_such_page(sent: Delivery) -> None:
    assert call(failed(sent.message_id)) == 404


def test_a_service_with_a_password_in_the_address(
    sent: Delivery, settings: Settings
) -> None:
    settings.BOUNCE_WEBHOOK = "brevo"
    settings.ANYMAIL = {"WEBHOOK_SECRET": "brevo:a-password-of-the-tests"}
    event = {
        "event": "hard_bounce",
        "email": "peter@example.org",
        "message-id": sent.message_id,
        "ts_epoch": 1796017115000,
        "reason": REASON,
    }
    assert post(event) == 400
    password = base64.b64encode(b"brevo:a-password-of-the-tests").decode()
    assert post(event, f"Basic {password}") == 200
    sent.refresh_from_db()
    assert sent.state == DeliveryState.REFUSED
    assert sent.answer == "550 5.1.1 no such user"

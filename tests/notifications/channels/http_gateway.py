"""Fixtures for text messages that go out through an HTTP gateway of the tests."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.sms_gateway import SmsGateway

# Made up for this test.
PHONE = "+32470000000"
NUMBER = PHONE.lstrip("+")
TOKEN = "Bearer a-secret-of-the-gateway"


@pytest.fixture
def gateway(settings: Settings) -> Iterator[SmsGateway]:
    with SmsGateway() as server:
        settings.SMS_BACKEND = "notifications.channels.sms_http.HttpGateway"
        settings.SMS_HTTP = {
            "url": server.url,
            "headers": {"Authorization": TOKEN, "Content-Type": "application/json"},
            "body": '{"to": "{to}", "text": "{text}", "id": "{reference}"}',
            "success_body": '"status": *"accepted"',
            "refused_body": "unknown number",
        }
        yield server


@pytest.fixture(autouse=True)
def nothing_told(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """After the test, check that no log line has number, text or credentials."""
    caplog.set_level("DEBUG")
    yield
    texts = [record.getMessage() for record in caplog.records]
    logged = "\n".join([caplog.text, *texts])
    for secret in (NUMBER, "470000000", TOKEN):
        assert secret not in logged

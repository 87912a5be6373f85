"""Els has her app, and a passkey where a test asks for one."""

import pytest
from django.utils import timezone
from pytest_django import Settings

from counter.enums import Role
from counter.models import Clerk, Office, Passkey
from tests import cast
from tests.counter.app import set_up
from tests.counter.passkeys.authenticator import Device
from tests.counter.passkeys.steps import SITE, URL, proved, question, send_new


@pytest.fixture(autouse=True)
def asked_for(settings: Settings, digits_asked: None) -> None:
    settings.SITE_URL = URL


@pytest.fixture
def lies(office: Office) -> Clerk:
    """The second supervisor."""
    return cast.make_clerk("lies", office, desk="", role=Role.SUPERVISOR)


@pytest.fixture
def els_with_app(els: Clerk) -> Clerk:
    set_up(els)
    return els


@pytest.fixture
def device(els_with_app: Clerk) -> Device:
    """Els' phone, with the passkey that she added."""
    device = Device(SITE, URL, sign_count=7)
    client = proved(els_with_app)
    send_new(client, device.make(question(client, "question_to_add")))
    passkey = Passkey.objects.get(clerk=els_with_app)
    assert passkey.added_at <= timezone.now()
    return device

"""A real mail server for each test that asks for one, and something to send."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from activation.models import ActivationCode
from config.settings.base import mailer
from counter.models import Clerk, Dossier
from notifications.models import Delivery
from notifications.outbox import waiting_room
from tests import cast
from tests.mail_server import MailServer
from tests.notifications.acts import announce


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[MailServer]:
    """The mail server this process sends through."""
    with MailServer() as server:
        settings.MAILERS = {"default": mailer(host="127.0.0.1", port=server.port)}
        yield server
    assert waiting_room.wait(10), "nobody touches the database after the test"


@pytest.fixture
def code(dossier: Dossier, els: Clerk) -> ActivationCode:
    """Peter's live code."""
    return cast.make_code(dossier, els)[0]


@pytest.fixture
def waiting(code: ActivationCode) -> Delivery:
    """The mail with Peter's link, put in when the code was issued."""
    announce(code)
    return Delivery.objects.get()

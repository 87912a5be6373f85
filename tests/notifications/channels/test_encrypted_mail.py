"""STARTTLS: when somebody may be in between, nothing is sent, above all no address."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from config.settings.base import mailer
from notifications.enums import DeliveryState
from notifications.models import Delivery
from notifications.outbox.delivering import deliver_due
from notifications.outbox.settling import SendingOutcome
from tests.certificates import certificate
from tests.hostile_relay import HostileRelay, say
from tests.notifications.acts import let_time_pass, state_of

#: The only commands for a mail server that has not proved its identity.
HARMLESS = {b"ehlo", b"helo", b"starttls", b"quit"}


@pytest.fixture
def relay(tmp_path: Path, settings: Settings) -> Iterator[HostileRelay]:
    """A mail server with a certificate that this process does not trust."""
    certificate(tmp_path / "tls")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "tls" / "tls.crt", tmp_path / "tls" / "tls.key")
    with HostileRelay(tls=tls) as server:
        settings.MAILERS = {
            "default": mailer(
                host="127.0.0.1",
                port=server.port,
                username="office",
                password="made up for this test",
                use_tls=True,
            )
        }
        settings.MAILERS["default"]["OPTIONS"]["timeout"] = 2
        yield server


@pytest.fixture
def vouched(
    tmp_path: Path, relay: HostileRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let this process trust the mail server's certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "tls" / "tls.crt"))


def nothing_was_said(relay: HostileRelay, waiting: Delivery) -> None:
    for _ in range(4):
        assert deliver_due().outcomes == {SendingOutcome.PUT_OFF: 1}
        let_time_pass(20 * 60)
    words = {line.split()[0].lower() for line in relay.in_clear}
    assert b"ehlo" in words
    # A TLS handshake that is read as lines begins with a byte that is no letter.
    assert {word for word in words if word[:1].isalpha()} <= HARMLESS
    assert relay.encrypted == []
    assert relay.texts == []
    assert state_of(waiting) == DeliveryState.WAITING
    assert waiting.unconfirmed == 0


@pytest.mark.usefixtures("vouched")
def test_with_the_right_certificate_it_goes_encrypted(
    waiting: Delivery, relay: HostileRelay
) -> None:
    relay.at["auth"] = say("235 welcome")
    assert deliver_due().outcomes == {SendingOutcome.SENT: 1}
    assert {line.split()[0].lower() for line in relay.in_clear} == {
        b"ehlo",
        b"starttls",
    }
    assert len(relay.texts) == 1


def test_a_certificate_that_nobody_vouches_for_gets_nothing(
    waiting: Delivery, relay: HostileRelay
) -> None:
    nothing_was_said(relay, waiting)


@pytest.mark.usefixtures("vouched")
@pytest.mark.parametrize(
    "answer",
    [
        "454 4.7.0 not now",
        "501 never",
        "250 in clear then",
        "no number",
    ],
)
def test_a_server_that_does_not_encrypt_gets_nothing(
    waiting: Delivery, relay: HostileRelay, answer: str
) -> None:
    relay.at["starttls"] = say(answer)
    nothing_was_said(relay, waiting)


@pytest.mark.usefixtures("vouched")
def test_a_server_that_offers_none_gets_nothing(
    waiting: Delivery, relay: HostileRelay
) -> None:
    """Somebody in between may have removed the offer of STARTTLS."""
    relay.at["ehlo"] = say("250-relay", "250 AUTH PLAIN LOGIN")
    nothing_was_said(relay, waiting)


@pytest.mark.usefixtures("vouched")
@pytest.mark.parametrize(
    "more", [["250-relay", "250 AUTH PLAIN LOGIN"], ["250 fine"] * 6, ["x"]]
)
def test_what_is_said_in_clear_after_the_yes_is_nobody_s_answer(
    waiting: Delivery, relay: HostileRelay, more: list[str]
) -> None:
    """Lines put in before encryption must not count as answers after it."""
    relay.at["starttls"] = say("220 go ahead", *more)
    nothing_was_said(relay, waiting)

"""A mail server that refuses, delays, cuts, drips and hangs at each command.

It is used over STARTTLS and with a password, like a real relay. `make soak` runs every
case of STAGES x WAYS, `make test` a tenth, others with each SEED. Each case checks the
row's state in the end, how many whole texts the server got, the longest pass, and that
the next mails leave when the server works again.
"""

import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from config.settings.base import mailer
from counter.models import Clerk
from notifications.channels import channels, smtp
from notifications.enums import DeliveryState
from notifications.models import Delivery
from notifications.outbox import waiting_room
from notifications.outbox.delivering import deliver_due
from notifications.outbox.settling import SendingOutcome
from notifications.querysets import MOST_UNCONFIRMED
from tests.certificates import certificate
from tests.hostile_relay import Act, HostileRelay, Talk, cut, drip, say, silent
from tests.notifications.acts import let_time_pass, make_visits, state_of
from tests.size import SOAK, chance

pytestmark = pytest.mark.django_db(transaction=True)

#: `body` is a part of the text, `full stop` its end, and `tls` the handshake.
STAGES = (
    *("banner", "ehlo", "starttls", "tls", "auth", "mail", "rcpt", "data", "body"),
    *("full stop", "quit"),
)
WAYS = ("refuses for now", "refuses", "cuts", "drips", "hangs")
CASES = [(stage, way) for stage in STAGES for way in WAYS]
TRIED = CASES if SOAK else chance("smtp").sample(CASES, len(CASES) // 10)
#: Seconds: opening, the commands before the text, the wait after it, and `quit`.
LONGEST_PASS = 6.0
#: Refused here, the recipient or the text is refused for good; elsewhere the sender.
OF_THE_MAIL = {"rcpt", "data", "body", "full stop"}


def say_in_the_text(answer: str) -> Act:
    """Read a line of the text, answer, ignore the rest, and close the connection."""

    def act(talk: Talk) -> None:
        talk.send(b"354 go on\r\n")
        talk.lines.readline()
        talk.send(f"{answer}\r\n".encode())
        while talk.lines.readline() not in (b".\r\n", b""):
            pass
        raise ConnectionError

    return act


def in_the_text(then: Act) -> Act:
    """Read a line of the text, do `then`, and close the connection."""

    def act(talk: Talk) -> None:
        talk.send(b"354 go on\r\n")
        talk.lines.readline()
        then(talk)
        raise ConnectionError

    return act


def read_by_drips(talk: Talk) -> None:
    """Read some bytes of the text slowly; the relay then reads the rest at once."""
    talk.send(b"354 go on\r\n")
    for _ in range(10):
        talk.lines.read(1)
        time.sleep(0.02)


def instead_of_a_handshake(then: Act) -> Act:
    def act(talk: Talk) -> None:
        talk.send(b"220 go ahead\r\n")
        then(talk)
        raise ConnectionError

    return act


def act_of(stage: str, way: str) -> Act:
    if stage == "body":
        return {
            "refuses for now": say_in_the_text("452 4.3.1 no room now"),
            "refuses": say_in_the_text("552 5.3.4 too large"),
            "cuts": in_the_text(cut),
            "drips": read_by_drips,
            "hangs": in_the_text(silent),
        }[way]
    plain = {
        "refuses for now": say("451 4.3.0 not now"),
        "refuses": say("550 5.7.1 never"),
        "cuts": cut,
        "drips": drip("250-" + "x" * 1000),
        "hangs": silent,
    }[way]
    return instead_of_a_handshake(plain) if stage == "tls" else plain


def wanted(stage: str, way: str) -> tuple[set[DeliveryState], int]:
    """The states that the row may have after four passes, and how many texts arrive."""
    if stage == "full stop":
        copies = {"refuses for now": MOST_UNCONFIRMED + 1, "refuses": 1}
    else:
        copies = {}
    if stage == "quit" or (stage, way) == ("body", "drips"):
        return {DeliveryState.SENT}, 1
    if way == "refuses" and stage in OF_THE_MAIL:
        return {DeliveryState.REFUSED}, copies.get(way, 0)
    if way.startswith("refuses") or stage not in {"body", "full stop"}:
        return {DeliveryState.WAITING}, copies.get(way, 0)
    # A short text may have left whole before the sender sees that nobody reads it.
    may_wait = {DeliveryState.WAITING} if (stage, way) == ("body", "cuts") else set()
    copies_sent = MOST_UNCONFIRMED if stage == "full stop" else 0
    return {DeliveryState.UNKNOWN} | may_wait, copies_sent


@pytest.fixture(autouse=True)
def haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the time limits of sending, which docs/security.md has."""
    monkeypatch.setattr(smtp, "OPENING_SECONDS", 1.0)
    monkeypatch.setattr(smtp, "_AFTERWARDS_SECONDS", 1.0)
    monkeypatch.setattr(channels, "CONVERSATION_SECONDS", 1.0)
    monkeypatch.setattr(smtp, "PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr(waiting_room, "AFTER_TEXT_SECONDS", 0.8)


@pytest.fixture
def relay(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[HostileRelay]:
    certificate(tmp_path / "tls")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "tls" / "tls.crt", tmp_path / "tls" / "tls.key")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "tls" / "tls.crt"))
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
        settings.MAILERS["default"]["OPTIONS"]["timeout"] = 0.5
        is_well(server)
        yield server
        server.release.set()
        assert waiting_room.wait(20), "nobody touches the database after the test"


def is_well(relay: HostileRelay) -> None:
    relay.at = {"auth": say("235 welcome")}


@pytest.mark.parametrize(("stage", "way"), TRIED)
def test_it_is_settled_as_it_should_and_the_next_ones_leave(
    els: Clerk, relay: HostileRelay, stage: str, way: str
) -> None:
    (mail,) = make_visits(1, els)
    at = {"full stop": "text", "body": "data", "tls": "starttls"}.get(stage, stage)
    relay.at[at] = act_of(stage, way)
    longest = 0.0
    for _ in range(MOST_UNCONFIRMED + 1):
        begun = time.monotonic()
        deliver_due()
        longest = max(longest, time.monotonic() - begun)
        assert waiting_room.wait(20)
        let_time_pass(20 * 60)
    states, texts = wanted(stage, way)
    print(f"{state_of(mail)}, {len(relay.texts)} texts, {longest:.1f} s a pass at most")
    assert state_of(mail) in states
    assert len(relay.texts) == texts
    assert longest < LONGEST_PASS
    if mail.state != DeliveryState.UNKNOWN:
        assert mail.unconfirmed == 0, "nothing may have arrived unseen"

    is_well(relay)
    before = len(relay.texts)
    waits = Delivery.objects.unsent().count()
    make_visits(2, els, start=1)
    let_time_pass(20 * 60)
    assert deliver_due().outcomes == {SendingOutcome.SENT: waits + 2}
    assert len(relay.texts) == before + waits + 2

"""A hostile mail server: no mail is lost, and nobody gets many copies."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes

import pytest
from pytest_django import Settings

from config.settings.base import mailer
from counter.models import Clerk
from notifications.channels import channels, smtp, smtp_replies
from notifications.enums import DeliveryState
from notifications.models import Delivery
from notifications.outbox import waiting_room
from notifications.outbox.delivering import deliver_due
from notifications.outbox.settling import SendingOutcome
from notifications.querysets import MOST_UNCONFIRMED
from tests.hostile_relay import (
    Act,
    HostileRelay,
    cut,
    cut_in_the_text,
    drip,
    for_ever,
    say,
    silent,
)
from tests.mail_server import MailServer
from tests.notifications.acts import let_time_pass, make_visits, state_of
from tests.size import SOAK

committed = pytest.mark.django_db(transaction=True)
ROUNDS, MAILS = (400, 300) if SOAK else (25, 8)

BEFORE_THE_TEXT = ("banner", "ehlo", "mail", "rcpt", "data")
MODES: dict[str, Act] = {
    "silent": silent,
    "cuts": cut,
    "drips": drip("250-" + "x" * 1000),
    "says lines for ever": for_ever("250-more\r\n"),
    "says one line for ever": for_ever("x"),
    "says 199": say("199 perhaps"),
    "says 354": say("354 go on then"),
    "says 999": say("999 of 1000"),
    "says no number": say("yes, of course"),
    "says signs": say("\x00\xff\x1b[2J", "-1 x"),
}


@pytest.fixture(autouse=True)
def haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the time limits of sending, which docs/security.md has."""
    monkeypatch.setattr(smtp, "OPENING_SECONDS", 0.6)
    monkeypatch.setattr(channels, "CONVERSATION_SECONDS", 0.8)
    monkeypatch.setattr(smtp, "PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr(waiting_room, "AFTER_TEXT_SECONDS", 0.5)


@pytest.fixture
def relay(settings: Settings) -> Iterator[HostileRelay]:
    with HostileRelay() as server:
        send_through(settings, server.port)
        yield server
        assert waiting_room.wait(20), "nobody touches the database after the test"


def send_through(settings: Settings, port: int) -> None:
    settings.MAILERS = {"default": mailer(host="127.0.0.1", port=port)}
    settings.MAILERS["default"]["OPTIONS"]["timeout"] = 0.4


def sends_at_last(settings: Settings, count: int = 1) -> None:
    """With an honest server, every mail that waits leaves once; there are `count`."""
    let_time_pass(20 * 60)
    with MailServer() as honest, pytest.MonkeyPatch.context() as patience:
        patience.setattr(smtp, "PATIENCE_SECONDS", 5)
        send_through(settings, honest.port)
        assert deliver_due().outcomes == {SendingOutcome.SENT: count}
        assert len(honest.messages) == count


@pytest.mark.parametrize(
    ("stage", "mode"),
    [
        (stage, mode)
        for stage in BEFORE_THE_TEXT
        for mode in MODES
        if (stage, mode) != ("data", "says 354")  # the right answer there
    ],
)
def test_before_the_text_nothing_is_lost_and_little_time_is_spent(
    waiting: Delivery, relay: HostileRelay, settings: Settings, stage: str, mode: str
) -> None:
    relay.at[stage] = MODES[mode]
    for _ in range(MOST_UNCONFIRMED + 1):
        begun = time.monotonic()
        assert deliver_due().outcomes == {SendingOutcome.PUT_OFF: 1}
        assert time.monotonic() - begun < 4
        let_time_pass(20 * 60)

    assert state_of(waiting) == DeliveryState.WAITING
    assert (waiting.unconfirmed, relay.texts) == (0, [])
    assert relay.bytes_sent < 50_000_000
    sends_at_last(settings)


def test_cut_in_the_middle_of_the_text_it_is_sent_again(
    waiting: Delivery, relay: HostileRelay, settings: Settings
) -> None:
    relay.at["data"] = cut_in_the_text
    for _ in range(MOST_UNCONFIRMED + 1):
        deliver_due()
        assert waiting_room.wait(10)
        let_time_pass(20 * 60)
    # A short text may have left whole before the connection was found cut.
    assert state_of(waiting) in {DeliveryState.WAITING, DeliveryState.UNKNOWN}
    assert relay.texts == []


@committed
@pytest.mark.parametrize("mode", MODES)
def test_after_the_text_three_copies_are_the_most_and_a_clerk_decides(
    waiting: Delivery, relay: HostileRelay, mode: str
) -> None:
    relay.at["text"] = MODES[mode]
    for _ in range(MOST_UNCONFIRMED + 3):
        deliver_due()
        assert waiting_room.wait(10)
        let_time_pass(20 * 60)

    assert state_of(waiting) == DeliveryState.UNKNOWN
    assert len(relay.texts) == MOST_UNCONFIRMED
    assert waiting.answer in {smtp.SILENT, smtp.BROKEN_OFF, smtp_replies.NEITHER}


@committed
@pytest.mark.parametrize("is_late", [False, True])
@pytest.mark.parametrize(
    "reply", ["250 kept", "251 sent on", "200 fine", "250-a\r\n250 b"]
)
def test_every_yes_is_a_yes(
    waiting: Delivery, relay: HostileRelay, reply: str, *, is_late: bool
) -> None:
    relay.at["text"] = drip(reply, every=0.02) if is_late else say(reply)
    deliver_due()
    assert waiting_room.wait(10)
    assert state_of(waiting) == DeliveryState.SENT
    assert len(relay.texts) == 1


@committed
@pytest.mark.parametrize(
    ("reply", "state"),
    [
        ("421 4.3.2 closing", DeliveryState.WAITING),
        ("450 4.2.1 later", DeliveryState.WAITING),
        ("452 4.3.1 disk full", DeliveryState.WAITING),
        ("550 5.7.1 never", DeliveryState.REFUSED),
    ],
)
@pytest.mark.parametrize("stage", ["rcpt", "data", "text"])
def test_no_and_later_are_answers_at_every_stage(
    waiting: Delivery, relay: HostileRelay, stage: str, reply: str, state: DeliveryState
) -> None:
    relay.at[stage] = say(reply)
    for _ in range(MOST_UNCONFIRMED + 1):
        deliver_due()
        let_time_pass(20 * 60)
    assert (state_of(waiting), waiting.unconfirmed) == (state, 0)
    assert waiting.answer == reply


def test_a_yes_that_came_before_the_text_is_none(
    waiting: Delivery, relay: HostileRelay, settings: Settings
) -> None:
    """Otherwise it would be read as the answer to a text that is sent later."""
    relay.at["data"] = say("354 go on", "250 kept")
    assert deliver_due().outcomes == {SendingOutcome.PUT_OFF: 1}
    assert relay.texts == []
    del relay.at["data"]
    sends_at_last(settings)


@committed
def test_the_time_before_the_text_shortens_none_after_it(
    waiting: Delivery, relay: HostileRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All commands are slow, and the answer to the text takes longer than they may."""
    monkeypatch.setattr(waiting_room, "AFTER_TEXT_SECONDS", 20)
    monkeypatch.setattr(smtp, "PATIENCE_SECONDS", 0.6)
    relay.at["rcpt"] = drip("250 yes", every=0.06)
    relay.at["text"] = drip("250 kept at last", every=0.15)
    assert deliver_due().outcomes == {SendingOutcome.UNANSWERED: 1}
    assert waiting_room.wait(10)
    assert state_of(waiting) == DeliveryState.SENT
    assert len(relay.texts) == 1


def test_words_at_signing_in_that_nobody_can_read_cost_no_mail(
    waiting: Delivery, relay: HostileRelay, settings: Settings
) -> None:
    options = settings.MAILERS["default"]["OPTIONS"]
    options["username"], options["password"] = "office", "made up for this test"
    relay.at["ehlo"] = say("250-relay", "250 AUTH CRAM-MD5 PLAIN")
    relay.at["auth"] = say("334 A")  # no base64 has one letter
    assert deliver_due().outcomes == {SendingOutcome.PUT_OFF: 1}
    assert state_of(waiting) == DeliveryState.WAITING
    assert waiting.answer == channels.NO_ANSWER


@committed
def test_something_else_each_time(
    els: Clerk, relay: HostileRelay, settings: Settings
) -> None:
    """No mail is lost, and no mail leaves more than three times without an answer."""
    chance = random.Random(17)  # noqa: S311 (the same each time)
    make_visits(MAILS, els)
    for _ in range(ROUNDS):
        relay.at = {
            stage: MODES[chance.choice(list(MODES))]
            for stage in (*BEFORE_THE_TEXT, "text", "rset", "noop", "quit")
            if chance.random() < 0.15
        }
        relay.at.setdefault("text", MODES[chance.choice(list(MODES))])
        deliver_due()
        assert waiting_room.wait(20)
        let_time_pass(20 * 60)

    copies = Counter(message_from_bytes(text)["Message-ID"] for text in relay.texts)
    print(f"{len(relay.texts)} copies of {MAILS} mails in {ROUNDS} rounds")
    assert max(copies.values(), default=0) <= MOST_UNCONFIRMED
    unknown = Delivery.objects.filter(state=DeliveryState.UNKNOWN)
    assert all(copies[delivery.message_id] == MOST_UNCONFIRMED for delivery in unknown)
    left = Delivery.objects.unsent().count()
    assert left + unknown.count() == MAILS
    if left:
        sends_at_last(settings, left)
    assert not Delivery.objects.unsent().exists()

"""The process waits for the answers of several mail servers at once.

What one server does changes nothing for the mails that wait for another.
"""

import time
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from config.settings.base import mailer
from counter.models import Clerk
from notifications.channels import smtp
from notifications.enums import DeliveryState
from notifications.models import Delivery
from notifications.outbox import waiting_room
from notifications.outbox.delivering import deliver_due
from notifications.outbox.settling import SendingOutcome
from tests.hostile_relay import Act, HostileRelay, Talk, drip, silent
from tests.notifications.acts import let_time_pass, make_visits, meanwhile, state_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "PATIENCE_SECONDS", 0.1)


@pytest.fixture
def relay(settings: Settings) -> Iterator[HostileRelay]:
    with HostileRelay() as server:
        settings.MAILERS = {"default": mailer(host="127.0.0.1", port=server.port)}
        yield server
    assert waiting_room.wait(10), "nobody touches the database after the test"


def one_after_another(*acts: Act) -> Act:
    """Return an act that answers the first text by the first of these, and so on."""
    left = list(acts)

    def act(talk: Talk) -> None:
        left.pop(0)(talk)

    return act


def kept_when_released(talk: Talk) -> None:
    silent(talk)
    talk.send(b"250 kept\r\n")


def test_an_error_with_one_server_ends_the_listening_to_that_one_alone(
    els: Clerk,
    relay: HostileRelay,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    first, *others = make_visits(3, els)
    relay.at["text"] = kept_when_released
    fails: list[smtp.Unanswered] = []
    listen = smtp.Unanswered.has_answered

    def has_answered(heard: smtp.Unanswered) -> bool:
        if not fails:
            fails.append(heard)
        if heard in fails:
            raise RuntimeError("nobody@example.org thought of this")
        return listen(heard)

    monkeypatch.setattr(smtp.Unanswered, "has_answered", has_answered)
    assert deliver_due().outcomes == {SendingOutcome.UNANSWERED: 3}
    relay.release.set()
    assert waiting_room.wait(10)

    assert [state_of(delivery) for delivery in (first, *others)] == [
        DeliveryState.WAITING,
        DeliveryState.SENT,
        DeliveryState.SENT,
    ]
    assert first.unconfirmed == 1, "it counts as sent without an answer"
    assert "answer_not_heard" in caplog.text
    assert "RuntimeError" in caplog.text
    assert "example.org" not in caplog.text


def test_an_answer_that_cannot_be_written_down_is_no_reason_to_send_for_ever(
    waiting: Delivery, relay: HostileRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(_heard: smtp.Unanswered) -> None:
        raise ValueError("not a word of it")

    monkeypatch.setattr(smtp.Unanswered, "answer", answer)
    relay.at["text"] = drip("250 kept", every=0.03)
    for _ in range(6):
        deliver_due()
        assert waiting_room.wait(10)
        let_time_pass(60)
    assert state_of(waiting) == DeliveryState.UNKNOWN
    assert len(relay.texts) == 3


def test_while_one_server_drips_its_answer_no_other_sender_gets_any_of_the_mails(
    els: Clerk, relay: HostileRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten times, 50 of the 60 seconds of a lease pass before it is renewed."""
    monkeypatch.setattr(waiting_room, "RENEW_SECONDS", 0.1)
    rows = make_visits(6, els)
    dripping = drip("250 " + "x" * 60, every=0.1)
    relay.at["text"] = one_after_another(*[dripping, kept_when_released] * 3)
    assert deliver_due().outcomes == {SendingOutcome.UNANSWERED: 6}

    taken: list[int] = []

    def another_sender() -> None:
        for _ in range(40):
            taken.append(deliver_due().outcomes.total())
            time.sleep(0.1)

    with meanwhile(another_sender), meanwhile(another_sender):
        for _ in range(10):
            let_time_pass(50)
            time.sleep(0.4)
    assert sum(taken) == 0
    relay.release.set()
    assert waiting_room.wait(20)

    assert {state_of(row) for row in rows} == {DeliveryState.SENT}
    assert len(relay.texts) == 6


def test_what_another_sender_has_by_now_is_let_go(
    waiting: Delivery, relay: HostileRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As happens when the whole machine stands still for longer than the lease."""
    monkeypatch.setattr(waiting_room, "RENEW_SECONDS", 0.5)
    relay.at["text"] = one_after_another(
        kept_when_released, lambda talk: talk.send(b"250 kept\r\n")
    )
    assert deliver_due().outcomes == {SendingOutcome.UNANSWERED: 1}
    let_time_pass(61)
    assert deliver_due().outcomes == {SendingOutcome.SENT: 1}
    assert waiting_room.wait(10), "the first sender hangs up by itself"
    assert state_of(waiting) == DeliveryState.SENT

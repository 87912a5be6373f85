"""When a server fails, no sender tries it until a single message got through."""

import threading
import time
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from config.settings.base import mailer
from counter.models import Clerk
from localrun.processes import free_port
from notifications.enums import Channel, Kind, Lane
from notifications.models import Delivery
from notifications.outbox import circuits, outbox
from notifications.outbox.circuits import MOST_FAILURES, LaneState
from notifications.outbox.delivering import deliver_due
from notifications.outbox.settling import SendingOutcome
from notifications.querysets import MOST_UNCONFIRMED
from tests.hostile_relay import HostileRelay, Talk, say
from tests.mail_server import MailServer
from tests.notifications.acts import let_time_pass, make_visits
from tests.races import at_once


def of_desk() -> LaneState:
    return next(
        row
        for row in circuits.lane_states()
        if (row.lane, row.channel) == (Lane.DESK, Channel.MAIL)
    )


@pytest.fixture
def rows(els: Clerk, settings: Settings) -> list[Delivery]:
    """Six links, and a mail server that is away."""
    settings.MAILERS = {"default": mailer(host="127.0.0.1", port=free_port())}
    return make_visits(6, els)


def take_it_away(talk: Talk) -> None:
    """Lease the first row to another sender, before its text can leave; answer yes."""
    if not talk.relay.texts and len(talk.relay.in_clear) < 5:
        done = threading.Thread(target=_lease_to_another)
        done.start()
        done.join()
    say("250 OK")(talk)


def _lease_to_another() -> None:
    Delivery.objects.filter(lease__isnull=False).update(lease=uuid.uuid4())
    connection.close()


def fail() -> None:
    for _ in range(MOST_FAILURES):
        assert deliver_due().outcomes == {SendingOutcome.PUT_OFF: 1}


def test_after_three_failures_nobody_asks_it_any_more(rows: list[Delivery]) -> None:
    fail()

    assert deliver_due().outcomes == {}
    assert of_desk().is_resting
    assert of_desk().failures == MOST_FAILURES
    assert Delivery.objects.filter(attempts=0).count() == len(rows) - MOST_FAILURES


def test_then_a_single_message_is_tried_by_a_single_sender(
    rows: list[Delivery],
) -> None:
    fail()
    let_time_pass(60)

    now = timezone.now()
    first, second = outbox.claim(at=now), outbox.claim(at=now)

    assert first is not None
    assert first.is_try
    assert second is None


def test_a_message_that_its_lane_does_not_admit_is_not_claimed(
    rows: list[Delivery], settings: Settings
) -> None:
    """The second sender looked at the lanes before the first one used this minute."""
    settings.MOST_A_MINUTE = {"desk_mail": 1}
    now, known = timezone.now(), circuits.look()
    first = outbox.claim(at=now, known=known)
    second = outbox.claim(at=now, known=known)
    assert first is not None
    assert second is None
    untouched = Delivery.objects.filter(attempts=0, lease=None)
    assert untouched.count() == len(rows) - 1


def test_a_try_that_fails_makes_the_rest_longer(rows: list[Delivery]) -> None:
    fail()
    let_time_pass(60)

    assert deliver_due().outcomes == {SendingOutcome.PUT_OFF: 1}

    assert of_desk().failures == MOST_FAILURES + 1
    assert deliver_due().outcomes == {}


def test_a_try_that_is_answered_opens_the_lane_for_all(
    rows: list[Delivery], settings: Settings
) -> None:
    fail()
    let_time_pass(80)
    with MailServer() as back:
        settings.MAILERS = {"default": mailer(host="127.0.0.1", port=back.port)}
        assert deliver_due().outcomes == {SendingOutcome.SENT: len(rows)}

    assert of_desk() == LaneState(Lane.DESK, Channel.MAIL)


def test_a_try_whose_message_is_over_is_another_ones(
    rows: list[Delivery], settings: Settings
) -> None:
    fail()
    let_time_pass(80)
    first = Delivery.objects.due(timezone.now()).order_by("not_before")[0]
    Delivery.objects.filter(pk=first.pk).update(kind=Kind.HOLDER_CHANGED)
    with MailServer() as back:
        settings.MAILERS = {"default": mailer(host="127.0.0.1", port=back.port)}
        done = deliver_due()

    assert done.outcomes == {SendingOutcome.DROPPED: 1, SendingOutcome.SENT: 5}


def test_nor_is_one_whose_sender_was_killed_before_it_could_ask_the_clerk(
    rows: list[Delivery], settings: Settings
) -> None:
    fail()
    let_time_pass(80)
    first = Delivery.objects.due(timezone.now()).order_by("not_before")[0]
    Delivery.objects.filter(pk=first.pk).update(unconfirmed=MOST_UNCONFIRMED)
    with MailServer() as back:
        settings.MAILERS = {"default": mailer(host="127.0.0.1", port=back.port)}
        done = deliver_due()

    assert done.outcomes == {SendingOutcome.UNKNOWN: 1, SendingOutcome.SENT: 5}


@pytest.mark.django_db(transaction=True)
def test_nor_is_one_that_another_sender_has_by_now(
    rows: list[Delivery], settings: Settings
) -> None:
    fail()
    let_time_pass(80)
    with HostileRelay() as back:
        back.at["rcpt"] = take_it_away
        settings.MAILERS = {"default": mailer(host="127.0.0.1", port=back.port)}
        done = deliver_due()

    assert done.outcomes == {SendingOutcome.LOST: 1, SendingOutcome.SENT: 5}


def test_full_mailboxes_are_no_failure_of_the_server(
    els: Clerk, mail_server: MailServer
) -> None:
    rows = make_visits(6, els)
    mail_server.answers = {f"person{n}": "452 4.2.2 Full" for n in range(len(rows))}

    assert deliver_due().outcomes == {SendingOutcome.PUT_OFF: len(rows)}

    assert of_desk() == LaneState(Lane.DESK, Channel.MAIL)


def test_one_lane_rests_and_the_others_go_on(
    els: Clerk, mail_server: MailServer
) -> None:
    make_visits(2, els)
    row = Delivery(kind=Kind.REMINDER_WEEK, lane=Lane.BULK, channel=Channel.MAIL)
    for _ in range(MOST_FAILURES):
        circuits.note_failure(row)

    assert deliver_due().outcomes == {SendingOutcome.SENT: 2}


@pytest.mark.django_db(transaction=True)
def test_no_more_leave_in_a_minute_than_the_setting_allows(
    els: Clerk,
    mail_server: MailServer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They leave evenly, and all processes share one count."""
    settings.MOST_A_MINUTE = {"desk_mail": 60}
    monkeypatch.setattr("notifications.outbox.delivering.PASS_SECONDS", 2.5)
    make_visits(12, els)

    began = time.monotonic()
    first, second = deliver_due(), deliver_due()
    seconds = time.monotonic() - began

    sent = first.outcomes[SendingOutcome.SENT] + second.outcomes[SendingOutcome.SENT]
    assert first.more
    assert 2 <= sent <= seconds + 2


@pytest.mark.django_db(transaction=True)
def test_of_all_passes_that_are_held_back_a_single_one_waits(
    els: Clerk,
    mail_server: MailServer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The others end, because their processes have other things to do."""
    settings.MOST_A_MINUTE = {"desk_mail": 60}
    monkeypatch.setattr("notifications.outbox.delivering.PASS_SECONDS", 4.0)
    make_visits(12, els)

    def seconds() -> float:
        began = time.monotonic()
        deliver_due()
        return time.monotonic() - began

    *others, waited = sorted(at_once([seconds] * 4))

    assert waited >= 4
    assert max(others) < 2
    # The passes that have ended keep no row.
    assert deliver_due().more


def test_a_pass_asks_once_how_the_lanes_stand(
    els: Clerk, mail_server: MailServer
) -> None:
    make_visits(6, els)
    with CaptureQueriesContext(connection) as queries:
        assert deliver_due().outcomes == {SendingOutcome.SENT: 6}

    asked = [query["sql"] for query in queries if "_circuit" in query["sql"]]
    assert len(asked) == 1

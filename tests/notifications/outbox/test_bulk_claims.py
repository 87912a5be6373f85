"""A sender claims several bulk mails at once; each is as safe as if claimed alone."""

import datetime
import threading
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from pytest_django import Settings

from activation.models import ActivationCode
from config.settings.base import mailer
from counter.models import Clerk
from localrun.processes import free_port
from notifications.enums import DeliveryState, Kind, Lane
from notifications.models import Circuit, Delivery
from notifications.outbox import hand, outbox, statements
from notifications.outbox.delivering import deliver_due
from notifications.outbox.settling import SendingOutcome
from tests.mail_server import MailServer
from tests.notifications.acts import let_time_pass, make_visits
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

WEEK = datetime.timedelta(days=7)
SENT = SendingOutcome.SENT


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a claim take as many rows on a busy machine as on any other."""
    monkeypatch.setattr(hand, "LONGEST_SECONDS", 60.0)


def make_reminders(count: int, clerk: Clerk) -> list[Delivery]:
    """Make `count` people whose reminder of the first week is due; return its rows."""
    made = make_visits(count, clerk)
    ActivationCode.objects.update(
        issued_at=F("issued_at") - WEEK, valid_until=F("valid_until") - WEEK
    )
    rows = Delivery.objects.filter(pk__in=[row.pk for row in made])
    rows.update(kind=Kind.REMINDER_WEEK, lane=Lane.BULK)
    return list(rows)


@pytest.fixture
def claims(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each claim took."""
    took: list[int] = []
    claim = statements.claim

    def watched(*args: Any, **options: Any) -> list[Delivery]:
        rows = claim(*args, **options)
        took.extend([len(rows)] if rows else [])
        return rows

    monkeypatch.setattr(statements, "claim", watched)
    return took


def untouched() -> int:
    """How many rows wait as if no sender had ever claimed them."""
    rows = Delivery.objects.unsent().filter(lease=None, leased_until=None, attempts=0)
    return rows.filter(unconfirmed=0).count()


def test_many_leave_under_few_claims_and_each_once(
    els: Clerk, mail_server: MailServer, claims: list[int]
) -> None:
    make_reminders(30, els)

    assert deliver_due().outcomes == {SENT: 30}

    # The first row is claimed alone, to see how fast rows leave.
    assert claims == [1, 1, 19, 1, 8]
    assert len({str(mail["To"]) for mail in mail_server.messages}) == 30
    assert not Delivery.objects.exclude(lease=None).exists()


def test_what_somebody_waits_for_is_claimed_one_by_one(
    els: Clerk, mail_server: MailServer, claims: list[int]
) -> None:
    make_visits(4, els)
    assert deliver_due().outcomes == {SENT: 4}
    assert claims == [1] * 4


def test_the_rest_is_given_back_as_it_was_when_a_worker_is_stopped(
    els: Clerk, mail_server: MailServer
) -> None:
    make_reminders(10, els)

    done = deliver_due(stop=lambda: len(mail_server.messages) == 3)

    assert done.outcomes == {SENT: 3}
    assert untouched() == 7
    assert deliver_due().outcomes == {SENT: 7}


def test_the_rest_is_not_touched_when_the_server_goes_away(
    els: Clerk, mail_server: MailServer, settings: Settings
) -> None:
    make_reminders(10, els)
    mail_server.at_mail = "530 5.7.0 Authentication required"
    assert deliver_due().outcomes == {SendingOutcome.PUT_OFF: 1}
    assert untouched() == 9

    settings.MAILERS = {"default": mailer(host="127.0.0.1", port=free_port())}
    assert deliver_due().outcomes == {SendingOutcome.PUT_OFF: 1}
    assert untouched() == 8


def test_a_lane_that_begins_to_rest_keeps_the_rest_of_a_claim(
    els: Clerk, mail_server: MailServer
) -> None:
    """The lane's third failure in a row comes in the middle of a claim."""
    rows = make_reminders(8, els)
    Circuit.objects.create(lane=Lane.BULK, channel="mail", failures=2)
    stopped = threading.Event()

    def stop() -> bool:
        if len(mail_server.messages) == 2 and not stopped.is_set():
            stopped.set()
            Circuit.objects.update(failures=2)
            mail_server.stop()
        return False

    done = deliver_due(stop=stop)

    assert done.outcomes[SENT] == 2
    assert done.outcomes.total() == 3
    assert Circuit.objects.get().opened_at is not None
    assert untouched() == len(rows) - 3


def test_a_killed_sender_leaves_one_mail_unknown_at_most(
    els: Clerk, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after kill -9 during the fourth text: no row of the claim is given back."""
    make_reminders(10, els)

    class Killed(BaseException):
        pass

    count_text = outbox.count_text

    def kill(delivery: Delivery, *, at: datetime.datetime) -> None:
        count_text(delivery, at=at)
        if len(mail_server.messages) == 3:
            raise Killed

    monkeypatch.setattr(outbox, "count_text", kill)
    monkeypatch.setattr(hand.Hand, "empty", lambda _hand: None)
    with pytest.raises(Killed):
        deliver_due()
    monkeypatch.undo()

    rows = Delivery.objects.unsent()
    assert (rows.count(), rows.filter(unconfirmed__gt=0).count()) == (7, 1)
    assert deliver_due().outcomes.total() == 0  # the killed sender still has them
    let_time_pass(outbox.LEASE.total_seconds() + 1)
    assert deliver_due().outcomes == {SENT: 7}
    to = Counter(str(mail["To"]) for mail in mail_server.messages)
    assert set(to.values()) == {1}


def test_a_link_of_the_desk_waits_for_a_second_of_them_at_most(
    els: Clerk, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sender that has reminders gives them back, and takes the link first."""
    rows = make_reminders(6, els)
    link = rows[-1]
    at = datetime.datetime.now(datetime.UTC)
    Delivery.objects.filter(pk=link.pk).update(
        state=DeliveryState.DROPPED, dropped_at=at
    )
    with hand.Hand() as held:
        for _ in range(2):
            assert held.next(at=at, without=(), lanes=tuple(Lane)) is not None
            held.note(SENT)
        Delivery.objects.filter(pk=link.pk).update(
            state=DeliveryState.WAITING, lane=Lane.DESK
        )
        monkeypatch.setattr(hand, "LONGEST_SECONDS", 0.0)

        following = held.next(at=at, without=(), lanes=tuple(Lane))

    assert following is not None
    assert following.pk == link.pk
    assert untouched() == 3


def test_of_several_senders_each_mail_leaves_once(
    els: Clerk, mail_server: MailServer
) -> None:
    make_reminders(40, els)

    def send() -> int:
        try:
            return deliver_due().outcomes[SENT]
        finally:
            connection.close()

    assert sum(at_once([send] * 4)) == 40
    to = Counter(str(mail["To"]) for mail in mail_server.messages)
    assert set(to.values()) == {1}
    states = set(Delivery.objects.values_list("state", flat=True))
    assert states == {DeliveryState.SENT}


def test_rows_of_one_claim_count_as_one_sender(els: Clerk) -> None:
    """Otherwise no senders would be called to help while one of them has eight rows."""
    make_reminders(outbox.MOST_SENDERS + outbox.LONG_ROW + 2, els)
    now = datetime.datetime.now(datetime.UTC)
    first = outbox.claim(at=now)
    assert first is not None
    more = outbox.claim_more(first, at=now, most=outbox.MOST_SENDERS)
    assert len(more) == 8
    assert outbox.needs_senders(at=now)


def test_rows_of_one_claim_come_in_the_order_of_their_time(els: Clerk) -> None:
    make_reminders(6, els)
    now = datetime.datetime.now(datetime.UTC)
    for place, pk in enumerate(Delivery.objects.values_list("pk", flat=True)):
        before = now - datetime.timedelta(minutes=(place * 5) % 7 + 1)
        Delivery.objects.filter(pk=pk).update(not_before=before)
    in_order = list(Delivery.objects.order_by("not_before"))
    first = outbox.claim(at=now)
    assert first == in_order[0]
    assert outbox.claim_more(first, at=now, most=5) == in_order[1:]


@pytest.mark.parametrize("limit", [60, 0])
def test_where_a_minute_has_its_limit_each_row_is_asked_about(
    els: Clerk, settings: Settings, limit: int
) -> None:
    settings.MOST_A_MINUTE = {"bulk_mail": limit}
    make_reminders(5, els)
    now = datetime.datetime.now(datetime.UTC)
    first = outbox.claim(at=now)
    assert first is not None
    assert len(outbox.claim_more(first, at=now, most=10)) == (0 if limit else 4)

"""Several senders, slow servers, and codes that end while their mail is sent."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from activation.models import ActivationCode
from counter.journal.events import Event
from counter.models import Clerk, JournalEntry
from notifications.channels import smtp
from notifications.enums import DeliveryState, Kind, Skipped
from notifications.models import Delivery
from notifications.outbox import marking, waiting_room
from notifications.outbox.delivering import deliver_due
from notifications.outbox.settling import SendingOutcome
from tests.mail_server import Hang, MailServer
from tests.notifications.acts import (
    let_time_pass,
    make_visits,
    meanwhile,
    state_of,
)


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_server_thinks(
    waiting: Delivery, mail_server: MailServer
) -> None:
    hang = mail_server.at_data = Hang()
    with meanwhile(deliver_due):
        assert hang.reached.wait(10)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname ="
                " current_database() AND state LIKE 'idle in transaction%'"
            )
            assert cursor.fetchone() == (0,)
        hang.release.set()

    assert waiting_room.wait(10)
    assert state_of(waiting) == DeliveryState.SENT


@pytest.mark.django_db(transaction=True)
def test_a_sender_slower_than_its_lease_marks_nothing(
    waiting: Delivery, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "PATIENCE_SECONDS", 30)
    hang = mail_server.at_data = Hang()
    outcomes = []
    with meanwhile(lambda: outcomes.append(deliver_due().outcomes)):
        assert hang.reached.wait(10)
        mail_server.at_data = None
        let_time_pass(61)
        assert deliver_due().outcomes == {SendingOutcome.SENT: 1}
        hang.release.set()

    assert outcomes == [{SendingOutcome.LOST: 1}]
    assert JournalEntry.objects.filter(event=Event.MAIL_SENT).count() == 1
    first, second = mail_server.messages
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.django_db(transaction=True)
def test_four_senders_at_once_send_each_mail_once(
    els: Clerk, mail_server: MailServer
) -> None:
    make_visits(40, els)
    together = threading.Barrier(4)

    def send() -> None:
        together.wait(10)
        deliver_due()

    with meanwhile(send), meanwhile(send), meanwhile(send), meanwhile(send):
        pass

    assert sorted(mail_server.recipients) == sorted(
        f"person{place}@example.org" for place in range(40)
    )
    assert Delivery.objects.filter(state=DeliveryState.SENT).count() == 40
    assert JournalEntry.objects.filter(event=Event.MAIL_SENT).count() == 40


@pytest.mark.django_db(transaction=True)
def test_a_code_that_ends_while_its_mail_is_on_the_way_leaves_the_row_to_the_sender(
    waiting: Delivery, code: ActivationCode, mail_server: MailServer
) -> None:
    hang = mail_server.at_data = Hang()
    with meanwhile(deliver_due):
        assert hang.reached.wait(10)
        marking.drop_waiting(
            [code.pk],
            kinds=[Kind.ACTIVATION_LINK],
            because=Skipped.CODE_USED,
            at=timezone.now(),
        )
        hang.release.set()

    assert waiting_room.wait(10)
    assert state_of(waiting) == DeliveryState.SENT

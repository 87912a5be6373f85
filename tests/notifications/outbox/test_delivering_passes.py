"""A pass over the outbox uses few connections, ends, and waits for no dead server."""

import time

import pytest
from pytest_django import Settings

from config.settings.base import mailer
from counter.models import Clerk
from localrun.processes import free_port
from notifications.channels import channels
from notifications.models import Delivery
from notifications.outbox import outbox
from notifications.outbox.delivering import deliver_due
from notifications.outbox.settling import SendingOutcome
from tests.mail_server import BlackHole, MailServer
from tests.notifications.acts import let_time_pass, make_visits, wait_of


def test_a_server_that_takes_no_mail_from_us_refuses_nobody(
    els: Clerk, mail_server: MailServer
) -> None:
    """Answers such as 530 and 535 are the fault of our settings: every mail is kept."""
    make_visits(3, els)
    mail_server.at_mail = "530 5.7.0 Authentication required"

    done = deliver_due()

    assert done.outcomes == {SendingOutcome.PUT_OFF: 1}
    assert Delivery.objects.unsent().count() == 3


def test_a_server_that_is_away_is_asked_once_a_pass_and_holds_nobody_up_later(
    els: Clerk, settings: Settings
) -> None:
    deliveries = make_visits(5, els)
    settings.MAILERS = {"default": mailer(host="127.0.0.1", port=free_port())}
    for _ in range(20):
        done = deliver_due()
        assert done.outcomes.total() <= 1

    assert all(wait_of(delivery) < 75 for delivery in deliveries)
    # After three failures in a row, no mail is tried any more.
    asked = [delivery for delivery in deliveries if delivery.answer]
    assert [delivery.answer for delivery in asked] == 3 * [channels.NO_ANSWER]
    with MailServer() as back:
        settings.MAILERS = {"default": mailer(host="127.0.0.1", port=back.port)}
        let_time_pass(75)
        done = deliver_due()
        assert done.outcomes == {SendingOutcome.SENT: 5}
        assert len(back.messages) == 5


def test_a_server_that_never_greets_costs_its_time_limit_once_a_pass(
    els: Clerk, settings: Settings
) -> None:
    make_visits(3, els)
    with BlackHole() as hole:
        settings.MAILERS = {"default": mailer(host="127.0.0.1", port=hole.port)}
        settings.MAILERS["default"]["OPTIONS"]["timeout"] = 0.5
        started = time.monotonic()
        done = deliver_due()

    assert done.outcomes == {SendingOutcome.PUT_OFF: 1}
    assert time.monotonic() - started < 2


def test_many_mails_go_over_one_connection(els: Clerk, mail_server: MailServer) -> None:
    make_visits(20, els)

    deliver_due()

    assert len(mail_server.messages) == 20
    assert mail_server.connections == 1


def test_a_server_that_takes_few_mails_a_connection_gets_another_one(
    els: Clerk, mail_server: MailServer
) -> None:
    mail_server.most_a_connection = 3
    make_visits(8, els)

    assert deliver_due().outcomes == {SendingOutcome.SENT: 8}
    assert mail_server.connections == 3


def test_a_connection_the_server_has_closed_in_between_is_opened_anew(
    els: Clerk, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_visits(2, els)
    claim = outbox.claim

    def claim_later(**options: object) -> Delivery | None:
        if mail_server.messages:
            mail_server.stop()
            mail_server.start()
        return claim(**options)  # type: ignore[arg-type]

    monkeypatch.setattr(outbox, "claim", claim_later)

    assert deliver_due().outcomes == {SendingOutcome.SENT: 2}


def test_a_pass_is_bounded_and_says_that_there_is_more(
    els: Clerk, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.outbox.delivering.PASS_ROWS", 3)
    make_visits(5, els)

    first, second = deliver_due(), deliver_due()

    assert (first.outcomes[SendingOutcome.SENT], first.more) == (3, True)
    assert (second.outcomes[SendingOutcome.SENT], second.more) == (2, False)


def test_a_pass_that_is_asked_to_stop_finishes_the_mail_in_hand(
    els: Clerk, mail_server: MailServer
) -> None:
    make_visits(5, els)

    done = deliver_due(stop=lambda: len(mail_server.messages) == 2)

    assert done.outcomes == {SendingOutcome.SENT: 2}


def test_nobody_is_called_to_help_while_the_server_is_away(
    els: Clerk, mail_server: MailServer
) -> None:
    """Each sender that is called would put one mail off and call the next sender."""
    make_visits(3 * outbox.LONG_ROW, els)
    called: list[str] = []
    mail_server.at_mail = "451 4.3.0 Not now"
    done = deliver_due(call_help=lambda: called.append("help"))
    assert done.outcomes == {SendingOutcome.PUT_OFF: 1}
    assert called == []

    mail_server.at_mail = None
    deliver_due(call_help=lambda: called.append("help"))
    assert called == ["help"]


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("550 5.1.1 unknown", SendingOutcome.REFUSED),
        ("451 4.2.0 later", SendingOutcome.PUT_OFF),
    ],
)
def test_help_is_called_also_when_none_of_the_mails_can_be_sent(
    els: Clerk, mail_server: MailServer, reply: str, outcome: SendingOutcome
) -> None:
    """Mails to full mailboxes and wrong addresses take a server's time too."""
    rows = make_visits(3 * outbox.LONG_ROW, els)
    mail_server.answers = {f"person{place}": reply for place in range(len(rows))}
    called: list[str] = []

    done = deliver_due(call_help=lambda: called.append("help"))

    assert done.outcomes == {outcome: len(rows)}
    assert called == ["help"], "once a pass"

"""From the outbox to the mail server, and what the clerk sees of it."""

import datetime
import time
from collections.abc import Callable

import pytest
from django.db import OperationalError
from django.utils import timezone
from pytest_django import Settings

from activation.codes import links
from activation.models import ActivationCode
from config.settings.base import mailer
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from localrun.processes import free_port
from notifications.channels import channels
from notifications.channels.outgoing import Outgoing
from notifications.enums import DeliveryState
from notifications.letters import rendering
from notifications.models import Delivery
from notifications.outbox import delivering, outbox
from notifications.outbox.delivering import deliver_due
from notifications.outbox.settling import SendingOutcome
from tests.mail_server import BlackHole, Drop, MailServer
from tests.notifications.acts import (
    let_time_pass,
    make_visits,
    state_of,
    text_of,
    wait_of,
)


def test_the_mail_brings_the_link_in_both_languages_and_both_forms(
    waiting: Delivery, code: ActivationCode, mail_server: MailServer
) -> None:
    done = deliver_due()

    (mail,) = mail_server.messages
    link = links.url(code, language="fr")
    assert done.outcomes == {SendingOutcome.SENT: 1}
    assert mail["To"] == mail_server.recipients[0] == "peter@example.org"
    assert mail["From"] == "Stadskantoor Leuven <noreply@sleutelloket.example>"
    assert "Activeer" in mail["Subject"]
    assert "Activez" in mail["Subject"]
    assert link in text_of(mail)
    assert link in text_of(mail, "html")


def test_a_domain_is_written_to_by_its_own_name_and_not_a_look_alike(
    waiting: Delivery, mail_server: MailServer
) -> None:
    """Python's own codec writes ß as ss, and the mail would go to another domain."""
    Dossier.objects.update(email="peter@stra\u00dfe.de")
    deliver_due()
    assert mail_server.recipients == ["peter@xn--strae-oqa.de"]
    assert mail_server.messages[0]["To"] == "peter@xn--strae-oqa.de"


def test_the_mail_says_that_a_robot_wrote_it_and_in_which_languages(
    waiting: Delivery, mail_server: MailServer
) -> None:
    deliver_due()

    (mail,) = mail_server.messages
    assert mail["Message-ID"] == f"<{waiting.pk}@sleutelloket.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "nl, fr"


def test_the_row_and_the_journal_say_that_it_was_sent(
    waiting: Delivery, mail_server: MailServer
) -> None:
    deliver_due()

    assert state_of(waiting) == DeliveryState.SENT
    assert waiting.sent_at is not None
    assert waiting.lease is None
    entry = JournalEntry.objects.get(event=Event.MAIL_SENT)
    assert entry.details == {"kind": "activation_link"}
    assert entry.dossier == waiting.dossier


def test_what_was_sent_is_not_sent_again(
    waiting: Delivery, mail_server: MailServer
) -> None:
    deliver_due()
    let_time_pass(3600)

    assert not deliver_due().outcomes
    assert len(mail_server.messages) == 1


def test_a_refused_address_is_shown_to_the_clerk_without_the_address(
    waiting: Delivery, mail_server: MailServer
) -> None:
    mail_server.answers["peter"] = (
        "550 5.1.1 <peter@example.org>: Recipient rejected: no mailbox peter here"
    )

    done = deliver_due()

    assert done.outcomes == {SendingOutcome.REFUSED: 1}
    assert state_of(waiting) == DeliveryState.REFUSED
    assert waiting.answer == "550 5.1.1 Recipient rejected: no mailbox here"
    assert JournalEntry.objects.get(event=Event.MAIL_REFUSED).details == {
        "kind": "activation_link"
    }
    let_time_pass(3600)
    assert not deliver_due().outcomes


def test_a_text_the_server_will_never_take_is_refused(
    waiting: Delivery, mail_server: MailServer
) -> None:
    mail_server.at_data = "554 5.7.1 Looks like spam"

    deliver_due()

    assert state_of(waiting) == DeliveryState.REFUSED
    assert waiting.answer == "554 5.7.1 Looks like spam"


def test_a_mailbox_that_says_later_is_tried_again_after_longer_and_longer_waits(
    waiting: Delivery, mail_server: MailServer
) -> None:
    mail_server.answers["peter"] = "451 4.3.2 Greylisted, try later"

    waits = []
    for _ in range(9):
        deliver_due()
        waits.append(wait_of(waiting))
        let_time_pass(1200)

    assert waiting.answer == "451 4.3.2 Greylisted, try later"
    for wait, expected in zip(
        waits, [15, 30, 60, 120, 240, 480, 900, 900, 900], strict=True
    ):
        assert 0.75 * expected < wait < 1.25 * expected
    mail_server.answers.clear()
    deliver_due()
    assert state_of(waiting) == DeliveryState.SENT
    assert waiting.answer == ""


def test_a_mailbox_that_has_said_later_for_a_year_stops_nobody(
    waiting: Delivery, mail_server: MailServer
) -> None:
    Delivery.objects.update(attempts=outbox.MOST_ATTEMPTS)
    assert deliver_due().outcomes == {SendingOutcome.SENT: 1}


@pytest.mark.parametrize("reply", ["451 4.3.0 Not now", "452 4.3.1 Disk full"])
def test_a_temporary_answer_to_the_text_puts_it_off(
    waiting: Delivery, mail_server: MailServer, reply: str
) -> None:
    mail_server.at_data = reply

    deliver_due()

    assert state_of(waiting) == DeliveryState.WAITING
    assert waiting.answer == reply


def test_a_server_that_takes_no_mail_from_us_refuses_nobody(
    els: Clerk, mail_server: MailServer
) -> None:
    """535, 530 and the like are our settings' fault: every mail is kept."""
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
    assert {delivery.answer for delivery in deliveries} == {channels.NO_ANSWER}
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


def test_a_mail_kept_and_not_confirmed_comes_twice_and_is_the_same(
    waiting: Delivery, code: ActivationCode, mail_server: MailServer
) -> None:
    mail_server.at_data = Drop()
    deliver_due()
    assert state_of(waiting) == DeliveryState.WAITING
    mail_server.at_data = None
    let_time_pass(30)

    deliver_due()

    first, second = mail_server.messages
    assert first["Message-ID"] == second["Message-ID"]
    assert links.url(code, language="fr") in text_of(first)
    assert links.url(code, language="fr") in text_of(second)
    assert state_of(waiting) == DeliveryState.SENT


def test_bad_addresses_delay_nobody(els: Clerk, mail_server: MailServer) -> None:
    make_visits(20, els)
    mail_server.answers = {
        "person0": "550 5.1.1 unknown",
        "person5": "451 4.2.0 later",
        "person9": "421 4.3.2 closing",
    }

    done = deliver_due()

    assert done.outcomes[SendingOutcome.SENT] == 17
    assert done.outcomes[SendingOutcome.REFUSED] == 1
    assert done.outcomes[SendingOutcome.PUT_OFF] == 2


def test_a_row_that_cannot_be_rendered_delays_nobody_and_says_nothing_of_whom(
    els: Clerk, mail_server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    first, *_ = make_visits(3, els)
    ActivationCode.objects.filter(pk=first.subject).update(key_id="gone")

    done = deliver_due()

    assert done.outcomes == {SendingOutcome.PUT_OFF: 1, SendingOutcome.SENT: 2}
    assert "cannot_be_sent" in caplog.text
    assert "KeyError" in caplog.text
    assert str(first.pk) in caplog.text
    assert "Nummer 0" not in caplog.text


class NobodyThoughtOfError(Exception):
    """An error that the code has no case for."""


def breaks_at(first: Delivery, error: Exception) -> Callable[..., Outgoing | None]:
    def render(delivery: Delivery, *, at: datetime.datetime) -> Outgoing | None:
        if delivery.pk == first.pk:
            raise error
        return rendering.render(delivery, at=at)

    return render


def test_an_error_that_nobody_thought_of_delays_its_own_row_alone(
    els: Clerk, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *_ = make_visits(3, els)
    error = NobodyThoughtOfError("Nummer 0")
    monkeypatch.setattr(delivering, "render", breaks_at(first, error))
    done = deliver_due()
    assert done.outcomes == {SendingOutcome.PUT_OFF: 1, SendingOutcome.SENT: 2}


def test_without_the_database_the_pass_ends_and_the_row_stays_claimed(
    els: Clerk, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *_ = make_visits(1, els)
    gone = OperationalError("the connection is closed")
    monkeypatch.setattr(delivering, "render", breaks_at(first, gone))
    with pytest.raises(OperationalError):
        deliver_due()
    first.refresh_from_db()
    assert first.state == DeliveryState.WAITING
    assert first.leased_until is not None
    assert first.leased_until > timezone.now()


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
    """Each of those called would put one mail off and call the next."""
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
    """Full mailboxes and wrong addresses take a server's time as others do."""
    rows = make_visits(3 * outbox.LONG_ROW, els)
    mail_server.answers = {f"person{place}": reply for place in range(len(rows))}
    called: list[str] = []

    done = deliver_due(call_help=lambda: called.append("help"))

    assert done.outcomes == {outcome: len(rows)}
    assert called == ["help"], "once a pass"

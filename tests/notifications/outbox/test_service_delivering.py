"""How a mail goes from the outbox to its server, and what the clerk sees of it."""

import datetime
from collections.abc import Callable

import pytest
from django.db import OperationalError
from django.utils import timezone

from activation.codes import links
from activation.models import ActivationCode
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry, Office
from notifications.channels.outgoing import Outgoing
from notifications.enums import DeliveryState
from notifications.letters import rendering
from notifications.models import Delivery
from notifications.outbox import delivering, outbox
from notifications.outbox.delivering import deliver_due
from notifications.outbox.settling import SendingOutcome
from tests.mail_server import Drop, MailServer
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
    assert done.outcomes == {SendingOutcome.SENT: 1}
    assert mail["To"] == mail_server.recipients[0] == "peter@example.org"
    assert mail["From"] == "Stadskantoor Leuven <noreply@sleutelloket.example>"
    assert "Activeer" in mail["Subject"]
    assert "Activez" in mail["Subject"]
    for language in ("nl", "fr"):
        link = links.url(code, language=language)
        assert link in text_of(mail)
        assert link in text_of(mail, "html")


def test_the_mail_comes_from_the_office_and_answers_go_to_it(
    waiting: Delivery, office: Office, mail_server: MailServer
) -> None:
    """The address is the one that the city signs for; the name is the office's own."""
    Office.objects.update(name="Bureau «Été», Ixelles", email="hulp@ixelles.example")
    deliver_due()

    (mail,) = mail_server.messages
    (sender,) = mail["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (
        "Bureau «Été», Ixelles",
        "noreply@sleutelloket.example",
    )
    assert mail["Reply-To"] == "hulp@ixelles.example"
    assert "  " not in mail["Subject"]


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


def test_a_mailbox_that_says_later_is_tried_again_after_longer_and_longer_waits(
    waiting: Delivery, mail_server: MailServer
) -> None:
    mail_server.answers["peter"] = "451 4.3.2 Greylisted, try later"

    waits = []
    for _ in range(9):
        deliver_due()
        waits.append(wait_of(waiting))
        let_time_pass(4500)

    assert waiting.answer == "451 4.3.2 Greylisted, try later"
    for wait, expected in zip(
        waits, [15, 30, 60, 120, 240, 480, 960, 1920, 3600], strict=True
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
    lost_connection = OperationalError("the connection is closed")
    monkeypatch.setattr(delivering, "render", breaks_at(first, lost_connection))
    with pytest.raises(OperationalError):
        deliver_due()
    first.refresh_from_db()
    assert first.state == DeliveryState.WAITING
    assert first.leased_until is not None
    assert first.leased_until > timezone.now()

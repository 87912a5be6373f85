"""A message is tried for a day, then the office decides; a skipped one says why."""

import datetime

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from activation.enums import CodeState
from activation.models import ActivationCode
from activation.signals import code_held, code_released
from config.settings.base import mailer
from counter.desk.dashboard import problems
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from localrun.processes import free_port
from notifications.bounces.noting import note_bounce
from notifications.enums import DeliveryState, Skipped
from notifications.models import Delivery
from notifications.outbox.delivering import deliver_due
from notifications.outbox.settling import SendingOutcome
from tests.hostile_relay import HostileRelay, cut
from tests.mail_server import MailServer
from tests.notifications.acts import end, let_time_pass, state_of
from tests.notifications.bounces.test_noting import report

pytestmark = pytest.mark.usefixtures("english")

LATER = "451 4.3.2 Greylisted, try later"


def grow_old(hours: float, *, put_off: bool = False) -> None:
    """Every row waits for so long; with `put_off`, its server put it off then."""
    since = timezone.now() - datetime.timedelta(hours=hours)
    Delivery.objects.update(created_at=since, put_off_since=since if put_off else None)


@pytest.fixture
def dead(waiting: Delivery, mail_server: MailServer) -> Delivery:
    mail_server.answers["peter"] = LATER
    grow_old(24, put_off=True)
    assert deliver_due().outcomes == {SendingOutcome.GIVEN_UP: 1}
    mail_server.answers.clear()
    assert state_of(waiting) == DeliveryState.DEAD
    return waiting


def url(dossier: Dossier) -> str:
    return reverse("notifications_desk:decide_mail", args=[dossier.pk])


def test_a_link_is_tried_for_a_day(waiting: Delivery, mail_server: MailServer) -> None:
    mail_server.answers["peter"] = LATER
    grow_old(23.9, put_off=True)

    assert deliver_due().outcomes == {SendingOutcome.PUT_OFF: 1}

    assert state_of(waiting) == DeliveryState.WAITING
    assert waiting.not_before <= waiting.created_at + datetime.timedelta(days=1)


def test_a_server_that_is_away_costs_no_message_its_day(
    waiting: Delivery, settings: Settings
) -> None:
    settings.MAILERS = {"default": mailer(host="127.0.0.1", port=free_port())}
    grow_old(72)

    assert deliver_due().outcomes == {SendingOutcome.PUT_OFF: 1}
    assert state_of(waiting) == DeliveryState.WAITING


def test_its_day_begins_when_it_is_put_off_and_not_while_its_server_is_away(
    waiting: Delivery, mail_server: MailServer
) -> None:
    """The relay is away for a weekend, and then the mail is greylisted at once."""
    mail_server.answers["peter"] = LATER
    grow_old(72)

    assert deliver_due().outcomes == {SendingOutcome.PUT_OFF: 1}

    assert state_of(waiting) == DeliveryState.WAITING
    begun = waiting.put_off_since
    assert begun is not None
    assert begun >= timezone.now() - datetime.timedelta(minutes=1)
    let_time_pass(60)
    assert deliver_due().outcomes == {SendingOutcome.PUT_OFF: 1}
    waiting.refresh_from_db()
    assert waiting.put_off_since == begun


def test_the_same_for_one_whose_own_data_cannot_be_used(
    waiting: Delivery, code: ActivationCode, mail_server: MailServer
) -> None:
    ActivationCode.objects.filter(pk=code.pk).update(key_id="gone")
    grow_old(72)

    assert deliver_due().outcomes == {SendingOutcome.PUT_OFF: 1}
    grow_old(24, put_off=True)
    let_time_pass(60)
    assert deliver_due().outcomes == {SendingOutcome.GIVEN_UP: 1}


def test_a_server_that_breaks_off_gives_up_nothing(
    waiting: Delivery, settings: Settings
) -> None:
    grow_old(24, put_off=True)
    with HostileRelay() as relay:
        relay.at["rcpt"] = cut
        settings.MAILERS = {"default": mailer(host="127.0.0.1", port=relay.port)}
        assert deliver_due().outcomes == {SendingOutcome.PUT_OFF: 1}


def test_one_that_may_have_arrived_is_asked_about_and_may_still_come_back(
    waiting: Delivery, els_client: Client, dossier: Dossier, mail_server: MailServer
) -> None:
    """One sending had no answer; after that the server put the mail off for a day."""
    mail_server.answers["peter"] = LATER
    grow_old(24, put_off=True)
    Delivery.objects.update(unconfirmed=1)

    assert deliver_due().outcomes == {SendingOutcome.UNKNOWN: 1}

    assert state_of(waiting) == DeliveryState.UNKNOWN
    asked = els_client.get(url(dossier)).content.decode()
    assert "Does the person have the mail?" in asked
    assert note_bounce(report(waiting.message_id), at=timezone.now())
    assert state_of(waiting) == DeliveryState.REFUSED


def test_the_office_is_told_with_the_servers_words(
    dead: Delivery, els: Clerk, els_client: Client, dossier: Dossier
) -> None:
    (problem,) = problems(els, at=timezone.now())
    page = els_client.get(reverse("counter_dossiers:dossier", args=[dossier.pk]))
    asked = els_client.get(url(dossier)).content.decode()

    assert str(problem.label) == "mail given up"
    assert "The mail could not be sent" in page.content.decode()
    assert url(dossier) in page.content.decode()
    assert LATER in asked
    assert "Does the person have the mail?" not in asked
    assert JournalEntry.objects.filter(event=Event.MAIL_GIVEN_UP).count() == 1


def test_sent_again_it_has_another_day(
    dead: Delivery, els_client: Client, dossier: Dossier, mail_server: MailServer
) -> None:
    posted = {"delivery_id": dead.pk, "decision": "again"}

    els_client.post(url(dossier), posted)

    assert state_of(dead) == DeliveryState.WAITING
    mail_server.answers["peter"] = LATER
    assert deliver_due().outcomes == {SendingOutcome.PUT_OFF: 1}
    mail_server.answers.clear()
    let_time_pass(60)
    assert deliver_due().outcomes == {SendingOutcome.SENT: 1}


def test_nobody_says_that_it_arrived(
    dead: Delivery, els_client: Client, dossier: Dossier
) -> None:
    posted = {"delivery_id": dead.pk, "decision": "arrived"}

    els_client.post(url(dossier), posted)

    assert state_of(dead) == DeliveryState.DEAD


def test_it_is_no_business_any_more_when_its_code_ends(
    dead: Delivery, code: ActivationCode
) -> None:
    code.state = CodeState.REPLACED
    end(code)

    assert state_of(dead) == DeliveryState.DROPPED
    assert dead.dropped_because == Skipped.CODE_REPLACED


def test_put_back_it_is_not_given_up_any_more(
    dead: Delivery, code: ActivationCode
) -> None:
    """Its code was on hold, and is released."""
    now = timezone.now()
    with transaction.atomic():
        code_held.send(sender=ActivationCode, code=code, at=now)
    assert state_of(dead) == DeliveryState.DROPPED
    with transaction.atomic():
        code_released.send(sender=ActivationCode, code=code, since=now, at=now)

    assert state_of(dead) == DeliveryState.WAITING
    assert dead.dead_at is None
    assert deliver_due().outcomes == {SendingOutcome.SENT: 1}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"state": "used", "used_at": timezone.now()}, Skipped.CODE_USED),
        ({"state": "replaced", "replaced_at": timezone.now()}, Skipped.CODE_REPLACED),
        ({"state": "locked", "locked_at": timezone.now()}, Skipped.CODE_LOCKED),
        ({"state": "lapsed", "lapsed_at": timezone.now()}, Skipped.CODE_LAPSED),
    ],
)
def test_a_message_that_is_skipped_says_why(
    waiting: Delivery,
    code: ActivationCode,
    mail_server: MailServer,
    changed: dict[str, object],
    reason: Skipped,
) -> None:
    ActivationCode.objects.filter(pk=code.pk).update(**changed)

    assert deliver_due().outcomes == {SendingOutcome.DROPPED: 1}

    assert state_of(waiting) == DeliveryState.DROPPED
    assert waiting.dropped_because == reason
    assert mail_server.messages == []

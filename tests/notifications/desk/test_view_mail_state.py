"""The part that a dossier's page loads and adds while a mail waits."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from activation.enums import KeyKind
from activation.models import ActivationCode
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Dossier
from notifications.models import Delivery
from notifications.outbox.delivering import deliver_due
from notifications.outbox.settling import SendingOutcome
from tests.mail_server import MailServer
from tests.notifications.acts import make_key, request_digits
from tests.notifications.channels.test_service_texting import Away

pytestmark = pytest.mark.usefixtures("english")


def test_a_day_that_the_timeline_names_is_not_named_again(
    els_client: Client, els: Clerk, dossier: Dossier
) -> None:
    page = reverse("counter_dossiers:dossier", args=[dossier.pk])
    mail_state = reverse("notifications_desk:mail_state", args=[dossier.pk])
    seen = {"seen": els_client.get(page).context["seen"]}
    journal.write(Event.LINK_RESENT, dossier=dossier, clerk=els)
    part = els_client.get(mail_state, seen).content.decode()
    assert "had the mail sent again" in part
    assert "<small>" not in part
    whole = els_client.get(mail_state).content.decode()
    assert whole.count("<small>") == 1


SERVER = "The mail server takes no mail at the moment."
AGAIN = "It is tried again by itself"


def shown_of(client: Client, dossier: Dossier) -> str:
    """What the dossier's page says about its messages."""
    page = reverse("notifications_desk:mail_state", args=[dossier.pk])
    return client.get(page).content.decode()


@pytest.mark.parametrize("is_away", [True, False])
def test_only_a_server_that_is_away_is_said_to_take_no_mail(
    els_client: Client, waiting: Delivery, mail_server: MailServer, *, is_away: bool
) -> None:
    """A full mailbox is one person's: the server's words say so."""
    assert waiting.dossier
    if is_away:
        mail_server.stop()
    mail_server.answers["peter"] = "452 4.2.2 mailbox full"
    assert deliver_due().outcomes == {SendingOutcome.PUT_OFF: 1}
    shown = shown_of(els_client, waiting.dossier)
    assert (SERVER in shown) == is_away
    assert (AGAIN in shown) == (not is_away)
    assert ("mailbox full" in shown) == (not is_away)


def test_a_server_that_may_have_the_mail_is_not_said_to_take_none(
    els_client: Client, waiting: Delivery
) -> None:
    """It got the whole text, and broke off before it answered."""
    assert waiting.dossier
    put_off = {"attempts": 1, "unconfirmed": 1, "leased_until": None}
    Delivery.objects.filter(pk=waiting.pk).update(**put_off)
    shown = shown_of(els_client, waiting.dossier)
    assert SERVER not in shown
    assert AGAIN in shown


def test_a_mail_whose_own_data_cannot_be_used_does_not_blame_the_server(
    els_client: Client, waiting: Delivery, mail_server: MailServer
) -> None:
    assert waiting.dossier
    ActivationCode.objects.update(key_id="gone")
    deliver_due()
    shown = shown_of(els_client, waiting.dossier)
    assert SERVER not in shown
    assert AGAIN in shown


def test_a_text_message_does_not_blame_the_mail_server(
    els: Clerk, els_client: Client, dossier: Dossier, settings: Settings
) -> None:
    settings.SMS_BACKEND = f"{Away.__module__}.{Away.__qualname__}"
    request_digits(make_key(dossier, els, KeyKind.SMS, destination="+32470000000"))
    assert deliver_due().outcomes == {SendingOutcome.PUT_OFF: 1}
    shown = shown_of(els_client, dossier)
    assert SERVER not in shown
    assert AGAIN in shown

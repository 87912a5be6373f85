"""“I did not ask for this”: with the link alone, somebody stops the code."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activation.codes import links
from activation.codes.freezing import freeze_code
from activation.enums import CodeState, KeyState
from activation.exceptions import CodeEndedError
from activation.journey.activating import activate_key
from activation.models import ActivationCode, DigitalKey
from counter.enums import ActorKind
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from notifications.models import Delivery
from notifications.outbox.delivering import deliver_due
from notifications.outbox.settling import SendingOutcome
from tests import cast
from tests.activation.helpers import (
    at_once,
    choose_account,
    choose_key,
    digits_of,
    leads_to,
    link,
    open_link,
    path,
    text_of,
    type_code,
)
from tests.activation.journey.traces import all_tables
from tests.database import superuser
from tests.mail_server import MailServer

PAGE = path("not_mine")
SURE = {"sure": "on"}


@pytest.fixture
def code(dossier: Dossier, els: Clerk) -> ActivationCode:
    return cast.make_code(dossier, els)[0]


def test_without_a_link_there_is_nothing_to_stop(
    client: Client, code: ActivationCode
) -> None:
    for response in (client.get(PAGE), client.post(PAGE, SURE)):
        assert response.status_code == 403
    assert ActivationCode.objects.get().state == CodeState.LIVE


def test_the_page_and_the_mail_lead_to_it(client: Client, code: ActivationCode) -> None:
    response = client.get(path("open_refusal", links.token(code)))
    assert response.status_code == 303
    assert leads_to(response) == PAGE
    assert "Somebody gave your e-mail address" in text_of(client.get(PAGE).content)
    assert f'href="{PAGE}?link=' in client.get(path("enter_code")).content.decode()


def test_whoever_holds_the_link_stops_the_code(
    client: Client, code: ActivationCode
) -> None:
    open_link(client, code)
    response = client.post(PAGE, SURE)
    assert response.status_code == 303
    assert "The code is stopped" in text_of(client.get(response["Location"]).content)
    code.refresh_from_db()
    assert code.state == CodeState.FROZEN
    assert code.frozen_at
    entry = JournalEntry.objects.get(event=Event.DOSSIER_FROZEN)
    assert entry.actor_kind == ActorKind.APPLICANT
    assert Client().get(link(code)).status_code == 410
    again = Client().get(path("open_refusal", links.token(code)), follow=True)
    assert "The code is stopped" in text_of(again.content)
    client.post(PAGE, SURE)
    assert JournalEntry.objects.filter(event=Event.DOSSIER_FROZEN).count() == 1


def test_the_office_sees_it_at_the_desk(
    client: Client, els_client: Client, gust_client: Client, code: ActivationCode
) -> None:
    freeze_code(code_id=code.pk, at=timezone.now())
    (problem,) = els_client.get(reverse("counter_desk:desk")).context["problems"]
    assert problem.dossier == code.dossier
    assert not gust_client.get(reverse("counter_desk:desk")).context["problems"]


def test_the_office_is_written_to(
    client: Client, code: ActivationCode, mail_server: MailServer
) -> None:
    open_link(client, code)
    client.post(PAGE, SURE)
    client.post(PAGE, SURE)
    assert deliver_due().outcomes == {SendingOutcome.SENT: 1}

    assert mail_server.recipients == [code.dossier.office.email]
    (mail,) = mail_server.messages
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "Ik heb dit niet gevraagd" in text
    assert reverse("counter_dossiers:dossier", args=[code.dossier.pk]) in text
    whole = f"{mail['Subject']} {text}"
    assert code.dossier.reference in whole
    assert cast.PETER_NUMBER not in whole
    assert code.dossier.applicant.last_name not in whole
    assert code.dossier.email not in whole


def test_a_mailbox_of_the_office_that_refuses_is_not_held_against_the_person(
    els_client: Client, code: ActivationCode, mail_server: MailServer
) -> None:
    mailbox = code.dossier.office.email.partition("@")[0]
    mail_server.answers = {mailbox: "550 5.1.1 Mailbox unknown"}
    freeze_code(code_id=code.pk, at=timezone.now())
    deliver_due()

    page = els_client.get(reverse("counter_dossiers:dossier", args=[code.dossier.pk]))
    assert "own mailbox does not take mail" in page.content.decode()
    (problem,) = els_client.get(reverse("counter_desk:desk")).context["problems"]
    assert problem.label == "code stopped"


def test_a_machine_that_sends_every_form_stops_nothing(
    client: Client, code: ActivationCode
) -> None:
    before = all_tables()
    client.get(path("open_refusal", links.token(code)))
    response = client.post(PAGE)
    assert response.status_code == 422
    assert "Tick the box first" in text_of(response.content)
    for method in (client.get, client.head):
        assert method(PAGE).status_code == 200
    assert all_tables() == before


def test_a_machine_that_ticks_every_box_stops_nothing(
    client: Client, code: ActivationCode
) -> None:
    """The second box is hidden, and shown only after a machine has ticked it."""
    client.get(path("open_refusal", links.token(code)))
    hidden = 'class="form-check visually-hidden" aria-hidden="true"'
    assert hidden in client.get(PAGE).content.decode()
    before = all_tables()
    response = client.post(PAGE, SURE | {"asked": "on"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Did you not ask for it? Untick this box." in text_of(response.content)
    assert hidden not in page
    assert page.count('tabindex="-1"') == 1  # of the page's <main>, and not of the box
    assert all_tables() == before


def test_what_was_under_way_ends(
    client: Client, dossier: Dossier, els: Clerk, db: None
) -> None:
    code, text = cast.make_code(dossier, els)
    type_code(client, code, text)
    choose_account(client)
    key = choose_key(client, "sms")
    digits = digits_of(key)
    freeze_code(code_id=code.pk, at=timezone.now())
    response = client.post(path("confirm_key"), {"key": key.pk, "digits": digits})
    assert response.status_code == 410
    assert not DigitalKey.objects.filter(state=KeyState.ACTIVE).exists()
    assert not Delivery.objects.filter(kind="activation_link", state="waiting").exists()


@pytest.mark.parametrize("state", ["used", "replaced", "lapsed"])
def test_a_code_that_is_over_stays_what_it_is(
    client: Client, code: ActivationCode, state: str
) -> None:
    open_link(client, code)
    change = {"state": state, f"{state}_at": timezone.now()}
    ActivationCode.objects.update(**change)
    assert client.post(PAGE, SURE).status_code == 410
    assert ActivationCode.objects.get().state == state
    past = timezone.now() + timedelta(days=15)
    with pytest.raises(CodeEndedError):
        freeze_code(code_id=code.pk, at=past)


@pytest.mark.django_db(transaction=True)
def test_a_cookie_or_a_visit_that_outlives_its_code(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    """No page fails after the code was deleted at the end of its retention period."""
    code, text = cast.make_code(dossier, els)
    open_link(client, code)
    visitor = Client()
    type_code(visitor, code, text)
    with superuser() as server:
        server.execute("DELETE FROM activation_activationcode WHERE id = %s", [code.pk])
    for browser in (client, visitor):
        for response in (
            browser.get(PAGE),
            browser.post(PAGE, SURE),
            browser.get(path("choose_account"), follow=True),
            browser.get(path("enter_code"), follow=True),
        ):
            assert response.status_code == 410
            assert "This link no longer works" in text_of(response.content)


@pytest.mark.django_db(transaction=True)
def test_of_stopping_and_activating_at_once_one_wins(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    code, text = cast.make_code(dossier, els)
    type_code(client, code, text)
    choose_account(client)
    key = choose_key(client, "app")
    digits, key_id = digits_of(key), uuid.UUID(str(key.pk))

    def act(number: int) -> object:
        at = timezone.now()
        if number % 2:
            return freeze_code(code_id=code.pk, at=at)
        return activate_key(code_id=code.pk, key_id=key_id, typed=digits, at=at)

    answers = at_once(4, act)
    assert sum(not isinstance(answer, Exception) for answer in answers) == 1
    code.refresh_from_db()
    # Stopping a code also deletes its key that was never confirmed.
    active = DigitalKey.objects.filter(pk=key.pk, state=KeyState.ACTIVE)
    assert (code.state == CodeState.USED) == active.exists()
    assert code.state in (CodeState.USED, CodeState.FROZEN)

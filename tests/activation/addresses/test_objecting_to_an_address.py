"""The reader of the old address did not ask for the change, and stops the new code."""

import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activation.addresses.changed_addresses import (
    AddressDisputedError,
    object_to_change,
)
from activation.codes import links
from activation.codes.reissuing import correct_email
from activation.enums import CodeState
from activation.models import ActivationCode, AddressChange
from counter.enums import DossierState
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from notifications.enums import Kind
from notifications.models import Delivery
from notifications.outbox.delivering import deliver_due
from payments.models import Payment
from tests import cast
from tests.activation.addresses.changing import (
    AGREES,
    NEW,
    changed,
    code,
    form,
    page,
    pay,
)
from tests.activation.corrections import details
from tests.activation.helpers import at_once, leads_to, path, text_of
from tests.mail_server import MailServer

__all__ = ["code"]

STOPS = path("not_my_change")


def test_opening_the_link_changes_nothing(
    client: Client, dossier: Dossier, els: Clerk, code: ActivationCode
) -> None:
    change = changed(dossier, els, code)
    answer = client.get(path("open_refusal", links.token(change)))
    assert leads_to(answer) == STOPS
    assert "did not ask for this change" in text_of(client.get(STOPS).content)
    for typed in ({}, {"sure": "on", "asked": "on"}):
        assert client.post(STOPS, typed).status_code == 422
    change.refresh_from_db()
    assert change.objected_at is None
    assert cast.code_of(dossier).state == CodeState.LIVE


def test_the_old_address_stops_the_new_code_and_the_office_is_told(
    client: Client,
    dossier: Dossier,
    els: Clerk,
    code: ActivationCode,
    mail_server: MailServer,
) -> None:
    change = changed(dossier, els, code)
    client.get(path("open_refusal", links.token(change)))
    answer = client.post(STOPS, {"sure": "on"}, follow=True)
    assert "The office knows" in text_of(answer.content)
    assert cast.code_of(dossier).state == CodeState.FROZEN
    client.post(STOPS, {"sure": "on"})
    deliver_due()
    assert mail_server.recipients.count(dossier.office.email) == 1
    assert NEW not in mail_server.recipients  # the link of a stopped code is not sent
    entries = JournalEntry.objects.filter(event=Event.ADDRESS_OBJECTED)
    assert entries.count() == 1


def test_the_link_to_the_old_address_opens_no_code(
    client: Client, dossier: Dossier, els: Clerk, code: ActivationCode
) -> None:
    change = changed(dossier, els, code)
    token = links.token(change)
    assert client.get(path("open_link", token)).status_code == 410
    client.get(path("open_refusal", token))
    assert client.get(path("enter_code")).status_code == 410
    invented = token[:-2] + ("AA" if token[-2:] != "AA" else "BB")
    assert client.get(path("open_refusal", invented)).status_code == 410


def test_broken_by_a_mail_program_it_still_leads_there(
    client: Client, dossier: Dossier, els: Clerk, code: ActivationCode
) -> None:
    token = links.token(changed(dossier, els, code))
    broken = f"/en/a/{token[:30]}%0A{token[30:]}/not-mine/>"
    assert leads_to(client.get(broken)) == STOPS


def test_after_two_weeks_it_has_ended(
    client: Client, dossier: Dossier, els: Clerk, code: ActivationCode
) -> None:
    change = changed(dossier, els, code)
    with time_machine.travel(change.at + datetime.timedelta(days=15)):
        url = path("open_refusal", links.token(change))
        answer = client.get(url)
        assert answer.status_code == 410
        assert dossier.office.phone in text_of(answer.content)
        assert "costs" not in text_of(answer.content)  # no need to apply again


def objected(dossier: Dossier, els: Clerk, code: ActivationCode) -> None:
    change = changed(dossier, els, code)
    object_to_change(change_id=change.pk, at=timezone.now())


def test_then_no_clerk_gives_a_code_alone(
    dossier: Dossier, els: Clerk, els_client: Client, code: ActivationCode
) -> None:
    objected(dossier, els, code)
    new = cast.code_of(dossier)
    typed = {"document_seen": "on", "code_id": new.pk, "reason": "sheet_lost"}
    answer = els_client.post(page(dossier, "reissue_code"), typed, follow=True)
    assert "Put the address right first" in answer.content.decode()
    els_client.post(page(dossier, "correct_details"), details(new, first_names="P"))
    assert els_client.post(page(dossier), form(new)).status_code == 422
    assert cast.code_of(dossier) == new


def test_a_supervisor_settles_it_with_the_same_address_or_another(
    dossier: Dossier, els: Clerk, els_client: Client, sofie: Clerk, code: ActivationCode
) -> None:
    objected(dossier, els, code)
    frozen = cast.code_of(dossier)
    shown = els_client.get(reverse("counter_dossiers:dossier", args=[dossier.pk]))
    assert "nobody asked for the change" in shown.content.decode()
    assert [
        problem.dossier for problem in els_client.get("/counter/").context["problems"]
    ]
    answer = els_client.post(page(dossier), form(frozen) | AGREES)
    assert answer.status_code == 303
    assert cast.code_of(dossier).state == CodeState.LIVE
    assert not AddressChange.objects.disputed().exists()
    assert AddressChange.objects.count() == 1  # the address stayed
    assert not els_client.get("/counter/").context["problems"]
    # Once the objection is settled, the link in the same mail stops nothing any more.
    object_to_change(change_id=AddressChange.objects.get().pk, at=timezone.now())
    assert cast.code_of(dossier).state == CodeState.LIVE


def test_objected_to_before_payment_nothing_is_taken(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    els_client.post(page(dossier), form())
    change = AddressChange.objects.get()
    object_to_change(change_id=change.pk, at=timezone.now())
    dossier.refresh_from_db()
    with pytest.raises(AddressDisputedError):
        pay(dossier, els)
    assert not Payment.objects.exists()
    dossier.refresh_from_db()
    assert dossier.state == DossierState.RECORDED


def test_after_the_key_was_made_the_office_is_told_and_the_page_says_the_same(
    client: Client, dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    change = changed(dossier, els, cast.make_code(dossier, els)[0])
    now = timezone.now()
    dossier.codes.filter(state=CodeState.LIVE).update(state=CodeState.USED, used_at=now)
    Dossier.objects.update(state=DossierState.ACTIVATED, activated_at=now)
    client.get(path("open_refusal", links.token(change)))
    answer = client.post(STOPS, {"sure": "on"}, follow=True)
    assert "The office knows" in text_of(answer.content)
    assert Delivery.objects.filter(kind=Kind.ADDRESS_OBJECTED).exists()
    shown = els_client.get(reverse("counter_dossiers:dossier", args=[dossier.pk]))
    assert "a key was made meanwhile" in shown.content.decode()


@pytest.mark.django_db(transaction=True)
def test_paying_and_objecting_at_once_leave_no_code_that_works(
    dossier: Dossier, els: Clerk
) -> None:
    correct_email(
        dossier=dossier,
        clerk=els,
        email=NEW,
        code_id=None,
        document_seen=True,
        at=timezone.now(),
    )
    change = AddressChange.objects.get()

    def act(number: int) -> None:
        if number:
            object_to_change(change_id=change.pk, at=timezone.now())
        else:
            pay(Dossier.objects.select_related("office", "applicant").get(), els)

    at_once(2, act)
    assert not ActivationCode.objects.usable(timezone.now()).exists()

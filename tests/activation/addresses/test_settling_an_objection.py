"""A supervisor settles an objection of the reader of the old address.

Correcting the address settles it too; this page is for when that is not possible.
"""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activation.addresses.changed_addresses import object_to_change
from activation.codes import suspending
from activation.enums import Change, CodeState, KeyKind, KeyState
from activation.models import ActivationCode, AddressChange, DigitalKey, HolderChange
from counter.enums import DossierState, Role
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry, Office
from tests import cast
from tests.activation.addresses.changing import (
    AGREES,
    NEW,
    OLD,
    changed,
    code,
    form,
    page,
)
from tests.activation.holder.helpers import make_holder, make_key
from tests.litany import assert_for_clerks_only, assert_hidden_from, signed_in
from tests.states import put

__all__ = ["code"]


def settle_form(outcome: str, **typed: str) -> dict[str, str]:
    return {"outcome": outcome} | AGREES | typed


def settled_in_journal() -> list[str]:
    rows = JournalEntry.objects.filter(event=Event.ADDRESS_SETTLED)
    return [f"{row.clerk}: {row.details['outcome']}" for row in rows]


def objected(change: AddressChange) -> None:
    object_to_change(change_id=change.pk, at=timezone.now())


@pytest.fixture
def key(dossier: Dossier, els: Clerk, code: ActivationCode) -> DigitalKey:
    """A key made with the link to the new address, before the objection."""
    change = changed(dossier, els, code)
    ActivationCode.objects.update(state=CodeState.REPLACED, replaced_at=change.at)
    key = make_key(make_holder(dossier, els), KeyKind.APP)
    objected(change)
    return key


@pytest.mark.parametrize("method", ["get", "post"])
def test_only_for_clerks_of_the_office(
    dossier: Dossier, gust: Clerk, key: DigitalKey, method: str
) -> None:
    url = page(dossier, "settle_objection")
    assert_for_clerks_only(url, method=method)
    assert_hidden_from(gust, url, method=method)


def test_the_desk_and_the_dossier_lead_to_it(
    dossier: Dossier, els_client: Client, key: DigitalKey
) -> None:
    url = page(dossier, "settle_objection")
    (problem,) = els_client.get(reverse("counter_desk:desk")).context["problems"]
    assert problem.mend == url
    shown = els_client.get(reverse("counter_dossiers:dossier", args=[dossier.pk]))
    assert url in shown.content.decode()
    assert 'name="supervisor_name"' in els_client.get(url).content.decode()


def test_the_person_asked_for_it_and_is_here_with_the_document(
    dossier: Dossier, els_client: Client, sofie: Clerk, key: DigitalKey
) -> None:
    url = page(dossier, "settle_objection")
    unseen = els_client.post(url, settle_form("asked_for"))
    assert unseen.status_code == 422
    assert unseen.context["form"].errors["document_seen"]
    answer = els_client.post(url, settle_form("asked_for", document_seen="on"))
    assert answer.status_code == 303
    assert settled_in_journal() == [f"{sofie}: asked_for"]
    key.refresh_from_db()
    assert key.state == KeyState.ACTIVE
    assert not els_client.get(reverse("counter_desk:desk")).context["problems"]
    shown = els_client.get(reverse("counter_dossiers:dossier", args=[dossier.pk]))
    assert url not in shown.content.decode()


def test_nobody_asked_for_it_and_the_key_is_revoked_first(
    dossier: Dossier, els_client: Client, sofie: Clerk, key: DigitalKey
) -> None:
    url = page(dossier, "settle_objection")
    answer = els_client.post(url, settle_form("nobody_asked"))
    assert answer.status_code == 422
    assert "Revoke it first" in answer.content.decode()
    assert not settled_in_journal()
    now = timezone.now()
    DigitalKey.objects.update(state=KeyState.REVOKED, revoked_at=now)
    assert els_client.post(url, settle_form("nobody_asked")).status_code == 303
    assert settled_in_journal() == [f"{sofie}: nobody_asked"]


@pytest.mark.parametrize("act", [Change.PASSWORD, Change.OLD_EMAIL])
def test_a_password_or_mailbox_set_since_goes_with_every_key(
    dossier: Dossier, els_client: Client, sofie: Clerk, key: DigitalKey, act: Change
) -> None:
    """An older key still works, with a password that a stranger may have chosen."""
    now = timezone.now()
    before = AddressChange.objects.get().at - datetime.timedelta(days=9)
    DigitalKey.objects.update(activated_at=before)
    HolderChange.objects.create(holder=key.holder, at=now, act=act)
    url = page(dossier, "settle_objection")
    answer = els_client.post(url, settle_form("nobody_asked"))
    assert answer.status_code == 422
    assert "Revoke every key" in answer.content.decode()
    assert AddressChange.objects.disputed().exists()
    DigitalKey.objects.update(state=KeyState.REVOKED, revoked_at=now)
    assert els_client.post(url, settle_form("nobody_asked")).status_code == 303


def test_an_older_key_stays_where_the_account_was_not_changed_since(
    dossier: Dossier, els_client: Client, sofie: Clerk, key: DigitalKey
) -> None:
    before = AddressChange.objects.get().at - datetime.timedelta(days=9)
    DigitalKey.objects.update(activated_at=before)
    HolderChange.objects.create(holder=key.holder, at=before, act=Change.PASSWORD)
    url = page(dossier, "settle_objection")
    assert els_client.post(url, settle_form("nobody_asked")).status_code == 303


def test_no_clerk_settles_it_alone(
    dossier: Dossier, els_client: Client, key: DigitalKey
) -> None:
    form = {"outcome": "asked_for", "document_seen": "on"}
    answer = els_client.post(page(dossier, "settle_objection"), form)
    assert answer.status_code == 422
    assert AddressChange.objects.disputed().exists()


@pytest.mark.parametrize("column", ["clerk", "supervisor"])
def test_who_made_the_change_or_agreed_to_it_does_not_settle_it(
    dossier: Dossier,
    els_client: Client,
    sofie: Clerk,
    office: Office,
    key: DigitalKey,
    column: str,
) -> None:
    AddressChange.objects.update(**{column: sofie})
    url = page(dossier, "settle_objection")
    asked_for = settle_form("asked_for", document_seen="on")
    for client in (signed_in(sofie), els_client):
        answer = client.post(url, asked_for)
        assert answer.status_code == 422
        assert "Ask another supervisor" in answer.content.decode()
    assert AddressChange.objects.disputed().exists()
    cast.make_clerk("lies", office, desk="", role=Role.SUPERVISOR)
    asked_for["supervisor_name"] = "lies"
    assert els_client.post(url, asked_for).status_code == 303
    assert not AddressChange.objects.disputed().exists()


def test_nor_by_the_same_address_again_but_the_one_before_is_put_back(
    dossier: Dossier, els: Clerk, sofie: Clerk, code: ActivationCode
) -> None:
    """Whoever agreed to the change may only put the old address back."""
    change = changed(dossier, els, code)
    AddressChange.objects.update(supervisor=sofie)
    objected(change)
    frozen = cast.code_of(dossier)
    client = signed_in(sofie)
    for address in (NEW, "elders@example.org"):
        answer = client.post(page(dossier), form(frozen, email=address), follow=True)
        assert "Ask another supervisor" in answer.content.decode()
    assert AddressChange.objects.disputed().exists()
    assert cast.code_of(dossier) == frozen
    client.post(page(dossier), form(frozen, email=OLD))
    assert not AddressChange.objects.disputed().exists()
    dossier.refresh_from_db()
    assert dossier.email == OLD


def _held(dossier: Dossier, els: Clerk, code: ActivationCode) -> None:
    """The money is asked back, so the code is on hold; then there is an objection."""
    change = changed(dossier, els, code)
    ActivationCode.objects.filter(state=CodeState.LIVE).update(
        state=CodeState.HELD, held_at=timezone.now()
    )
    objected(change)


def test_while_the_money_may_go_back_the_person_settles_it_too(
    dossier: Dossier, els: Clerk, els_client: Client, sofie: Clerk, code: ActivationCode
) -> None:
    _held(dossier, els, code)
    url = page(dossier, "settle_objection")
    shown = els_client.get(reverse("counter_dossiers:dossier", args=[dossier.pk]))
    assert url in shown.content.decode()
    asked_for = settle_form("asked_for", document_seen="on")
    assert els_client.post(url, asked_for).status_code == 303
    held = ActivationCode.objects.get(state=CodeState.HELD)
    assert held.frozen_at is not None
    assert not AddressChange.objects.disputed().exists()


def test_when_nobody_asked_the_money_is_decided_about_first(
    dossier: Dossier, els: Clerk, els_client: Client, sofie: Clerk, code: ActivationCode
) -> None:
    """Otherwise the payment could stay, and a stranger would get a code that works."""
    _held(dossier, els, code)
    url = page(dossier, "settle_objection")
    answer = els_client.post(url, settle_form("nobody_asked"))
    assert answer.status_code == 422
    assert "whether the money goes back" in answer.content.decode()
    assert AddressChange.objects.disputed().exists()
    suspending.release_codes(dossier, at=timezone.now())
    answer = els_client.post(url, settle_form("nobody_asked"))
    assert answer.headers["Location"] == page(dossier)
    assert AddressChange.objects.disputed().exists()


def test_a_dossier_that_is_closed_loses_its_alarm(
    dossier: Dossier, els: Clerk, els_client: Client, sofie: Clerk, code: ActivationCode
) -> None:
    objected(changed(dossier, els, code))
    now = timezone.now()
    put(ActivationCode.objects.all(), state=CodeState.LAPSED, lapsed_at=now)
    Dossier.objects.update(state=DossierState.LAPSED, lapsed_at=now)
    url = page(dossier, "settle_objection")
    assert els_client.post(url, settle_form("nobody_asked")).status_code == 303
    assert not AddressChange.objects.disputed().exists()


def test_where_there_is_a_code_the_address_is_put_right_instead(
    dossier: Dossier, els: Clerk, els_client: Client, sofie: Clerk, code: ActivationCode
) -> None:
    objected(changed(dossier, els, code))
    answer = els_client.post(
        page(dossier, "settle_objection"), settle_form("asked_for", document_seen="on")
    )
    assert answer.headers["Location"] == page(dossier)
    assert AddressChange.objects.disputed().exists()
    frozen = cast.code_of(dossier)
    assert els_client.post(page(dossier), form(frozen) | AGREES).status_code == 303
    assert settled_in_journal() == [f"{sofie}: put_right"]


def test_what_nobody_objected_to_is_not_settled(
    dossier: Dossier, els_client: Client, code: ActivationCode
) -> None:
    answer = els_client.get(page(dossier, "settle_objection"))
    assert answer.headers["Location"] == reverse(
        "counter_dossiers:dossier", args=[dossier.pk]
    )

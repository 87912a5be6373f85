"""At the counter a clerk revokes the key of a lost phone."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from activation.enums import Change, KeyKind, KeyState
from activation.models import DigitalKey, HolderChange, KeyHolder
from counter.enums import ActorKind
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from tests.activation.holder.helpers import (
    make_anna,
    make_holder,
    make_key,
    path,
    sign_in,
)
from tests.litany import assert_for_clerks_only, assert_hidden_from


@pytest.fixture
def holder(dossier: Dossier, els: Clerk) -> KeyHolder:
    return make_holder(dossier, els)


@pytest.fixture
def page(dossier: Dossier) -> str:
    return reverse("activation_desk:revoke_lost_key", args=[dossier.pk])


def test_for_clerks_of_the_office(page: str, gust: Clerk) -> None:
    for method in ("get", "post"):
        assert_for_clerks_only(page, method=method)
        assert_hidden_from(gust, page, method=method)


def test_without_a_key_the_dossier_does_not_lead_there(
    els_client: Client, dossier: Dossier, page: str
) -> None:
    own = reverse("counter_dossiers:dossier", args=[dossier.pk])
    assert page not in els_client.get(own).content.decode()


def test_revoke(
    els_client: Client, els: Clerk, dossier: Dossier, holder: KeyHolder, page: str
) -> None:
    lost, kept = make_key(holder, KeyKind.APP), make_key(holder, KeyKind.SMS)
    own = reverse("counter_dossiers:dossier", args=[dossier.pk])
    assert page in els_client.get(own).content.decode()
    shown = els_client.get(page).content.decode()
    assert "+32 4•• •• •• 56".replace(" ", "\N{NO-BREAK SPACE}") in shown
    assert "last key" not in shown
    browser = Client()
    sign_in(browser, kept)
    unseen = els_client.post(page, {"key": lost.pk})
    assert unseen.status_code == 422
    assert "Check the identity document first" in unseen.content.decode()
    response = els_client.post(page, {"key": lost.pk, "document_seen": "on"})
    assert response["Location"] == own
    lost.refresh_from_db()
    assert lost.state == KeyState.REVOKED
    assert DigitalKey.objects.get(state=KeyState.ACTIVE) == kept
    entry = JournalEntry.objects.get(event=Event.KEY_REVOKED)
    assert (entry.clerk, entry.actor_kind) == (els, ActorKind.CLERK)
    assert HolderChange.objects.filter(act=Change.KEY_REVOKED).exists()
    assert browser.get(path("overview")).status_code == 303


def test_the_last_key_is_said_to_be_the_last(
    els_client: Client, holder: KeyHolder, page: str
) -> None:
    key = make_key(holder, KeyKind.APP)
    assert "last key" in els_client.get(page).content.decode()
    els_client.post(page, {"key": key.pk, "document_seen": "on"})
    assert els_client.get(page).status_code == 303


def test_nobody_else_s_key(
    els_client: Client, els: Clerk, holder: KeyHolder, page: str
) -> None:
    make_key(holder, KeyKind.APP)
    theirs = make_key(make_anna(els, email="anna@example.org"), KeyKind.APP)
    assert str(theirs.pk) not in els_client.get(page).content.decode()
    for key in (theirs.pk, uuid.uuid4()):
        form = {"key": key, "document_seen": "on"}
        assert els_client.post(page, form).status_code == 422
    assert not DigitalKey.objects.filter(state=KeyState.REVOKED).exists()

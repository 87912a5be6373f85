"""Whoever is given a code, another address or a stopped key has shown a document."""

import datetime
import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activation.codes.issuing import pay_and_issue
from activation.codes.reissuing import correct_email, reissue_code
from activation.enums import KeyKind, KeyState, ReissueReason
from activation.holder.own_keys import revoke_key
from activation.models import ActivationCode, DigitalKey
from counter.dossiers.document_seen import DocumentNotSeenError
from counter.enums import DossierState
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from payments.enums import Method, WaiverReason
from payments.models import Payment
from tests import cast
from tests.activation.holder.helpers import make_holder, make_key

TOMORROW = datetime.timedelta(days=1)


def clerks_who_saw_it() -> list[Clerk | None]:
    rows = JournalEntry.objects.filter(event=Event.DOCUMENT_SEEN)
    return [entry.clerk for entry in rows]


def page(dossier: Dossier, name: str) -> str:
    return reverse(f"activation_desk:{name}", args=[dossier.pk])


def forms(dossier: Dossier, code: ActivationCode) -> dict[str, dict[str, object]]:
    return {
        "reissue_code": {"code_id": code.pk, "reason": "sheet_lost"},
        "correct_email": {"code_id": code.pk, "email": "juist@example.org"},
    }


@pytest.mark.parametrize("act", ["reissue_code", "correct_email"])
def test_without_the_tick_nothing_changes(
    dossier: Dossier, els: Clerk, els_client: Client, act: str
) -> None:
    code, _ = cast.make_code(dossier, els)
    form = forms(dossier, code)[act]
    answer = els_client.post(page(dossier, act), form)
    assert answer.status_code == 422
    assert answer.context["form"].errors["document_seen"]
    assert str(form.get("email", "sheet_lost")) in answer.content.decode()
    dossier.refresh_from_db()
    assert dossier.email == "peter@example.org"
    assert cast.code_of(dossier) == code
    assert not clerks_who_saw_it()


@pytest.mark.parametrize("act", ["reissue_code", "correct_email"])
def test_the_journal_says_who_looked(
    dossier: Dossier, els: Clerk, els_client: Client, act: str
) -> None:
    code, _ = cast.make_code(dossier, els)
    form = forms(dossier, code)[act] | {"document_seen": "on"}
    assert els_client.post(page(dossier, act), form).status_code == 303
    assert cast.code_of(dossier) != code
    assert clerks_who_saw_it() == [els]


def test_an_address_before_payment_too(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    form = {"email": "juist@example.org"}
    url = page(dossier, "correct_email")
    assert els_client.post(url, form).status_code == 422
    assert els_client.post(url, form | {"document_seen": "on"}).status_code == 303
    assert clerks_who_saw_it() == [els]


def test_stopping_a_key_is_in_the_journal_too(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    key = make_key(make_holder(dossier, els), KeyKind.APP)
    form = {"key": key.pk, "document_seen": "on"}
    els_client.post(page(dossier, "revoke_lost_key"), form)
    assert DigitalKey.objects.get().state == KeyState.REVOKED
    assert clerks_who_saw_it() == [els]


def _reissue(dossier: Dossier, clerk: Clerk, code: ActivationCode) -> object:
    return reissue_code(
        dossier=dossier,
        clerk=clerk,
        reason=ReissueReason.SHEET_LOST,
        code_id=code.pk,
        at=timezone.now(),
        document_seen=False,
    )


def _correct(dossier: Dossier, clerk: Clerk, code: ActivationCode) -> object:
    return correct_email(
        dossier=dossier,
        clerk=clerk,
        email="juist@example.org",
        code_id=code.pk,
        at=timezone.now(),
        document_seen=False,
    )


@pytest.mark.parametrize("act", [_reissue, _correct])
def test_no_other_way_to_the_service_leaves_it_out(
    dossier: Dossier, els: Clerk, act: Callable[..., object]
) -> None:
    code, _ = cast.make_code(dossier, els)
    with pytest.raises(DocumentNotSeenError):
        act(dossier, els, code)
    assert cast.code_of(dossier) == code


def test_a_clerk_stops_no_key_unseen(dossier: Dossier, els: Clerk) -> None:
    key = make_key(make_holder(dossier, els), KeyKind.APP)
    with pytest.raises(DocumentNotSeenError):
        revoke_key(key=key, at=timezone.now(), clerk=els)
    key.refresh_from_db()
    assert key.state == KeyState.ACTIVE


def payment() -> dict[str, object]:
    return {
        "submission": uuid.uuid4(),
        "method": "cash",
        "tendered": "10",
    }


def test_who_pays_on_the_day_of_recording_showed_it_already(
    dossier: Dossier, els_client: Client
) -> None:
    shown = els_client.get(page(dossier, "pay_and_issue"))
    assert "document_seen" not in shown.content.decode()


def test_who_pays_on_another_day_shows_it_again(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    url = page(dossier, "pay_and_issue")
    Dossier.objects.update(original_seen_at=timezone.now() - TOMORROW)
    answer = els_client.post(url, payment())
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"document_seen"}
    assert not Payment.objects.exists()
    form = payment() | {"document_seen": "on"}
    assert els_client.post(url, form).status_code == 303
    assert Payment.objects.count() == 1
    assert clerks_who_saw_it() == [els]


def test_another_day_begins_at_midnight_in_brussels(
    dossier: Dossier, els: Clerk
) -> None:
    late = timezone.localtime().replace(hour=23, minute=59)
    Dossier.objects.update(original_seen_at=late)
    dossier.refresh_from_db()
    with pytest.raises(DocumentNotSeenError):
        pay_and_issue(
            dossier=dossier,
            clerk=els,
            method=Method.CASH,
            tendered=Decimal(20),
            terminal_slip="",
            submission=uuid.uuid4(),
            at=late + datetime.timedelta(minutes=2),
        )
    dossier.refresh_from_db()
    assert dossier.state == DossierState.RECORDED
    assert not Payment.objects.exists()


def test_a_waiver_on_another_day_asks_as_well(
    dossier: Dossier, sofie: Clerk, sofie_client: Client
) -> None:
    Dossier.objects.update(original_seen_at=timezone.now() - TOMORROW)
    form = {"submission": uuid.uuid4(), "reason": WaiverReason.OUR_MISTAKE.value}
    url = page(dossier, "waive_and_issue")
    answer = sofie_client.post(url, form)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"document_seen"}
    answer = sofie_client.post(url, form | {"document_seen": "on"})
    assert answer.status_code == 303
    assert clerks_who_saw_it() == [sofie]

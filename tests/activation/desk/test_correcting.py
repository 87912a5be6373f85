"""A clerk corrects a dossier: before the code, after it, and with a key in use."""

import datetime
import uuid

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activation.enums import CodeState, KeyKind, KeyState
from activation.models import ActivationCode
from counter.enums import DossierState
from counter.journal.events import Event
from counter.models import Clerk, Dossier, DossierCorrection, JournalEntry
from notifications.models import Delivery
from payments.models import Payment
from tests import cast
from tests.activation.corrections import details, journal_details, number, url
from tests.activation.holder.helpers import make_holder, make_key
from tests.litany import assert_for_clerks_only, assert_hidden_from, signed_in

PAGES = ("correct_details", "correct_number")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_only_for_clerks_of_the_office(
    dossier: Dossier, gust: Clerk, page: str, method: str
) -> None:
    assert_for_clerks_only(url(dossier, page), method=method)
    assert_hidden_from(gust, url(dossier, page), method=method)


def test_until_the_code_everything_is_edited(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    form = details(
        last_name="Janssen",
        first_names="Pieter",
        birth_date="30/07/1985",
        document_type="FOR_PASS",
        document_country="FRA",
        document_number="12AB34567",
        document_expiry="31/12/2039",
        language="de",
        reason="leaving",
    )
    answer = els_client.post(url(dossier), form)
    assert answer.status_code == 303
    dossier.refresh_from_db()
    assert dossier.name == "Pieter Janssen"
    assert dossier.applicant.name == "Pieter Janssen"
    assert (dossier.document_type, dossier.document_country) == ("FOR_PASS", "FRA")
    assert dossier.document_number == "12AB34567"
    assert dossier.document_expiry == datetime.date(2039, 12, 31)
    assert (dossier.language, dossier.reason) == ("de", "leaving")
    assert dossier.state == DossierState.RECORDED
    assert not ActivationCode.objects.exists()
    assert set(journal_details(Event.CORRECTED)) == {
        "last_name",
        "first_names",
        "document_type",
        "document_number",
        "document_country",
        "document_expiry",
        "language",
        "reason",
    }
    assert journal_details(Event.DOCUMENT_SEEN) == [str(els)]


def test_after_the_code_a_new_sheet_and_no_fee(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    code, _ = cast.make_code(dossier, els)
    form = details(code, last_name="Jansens", language="de")
    answer = els_client.post(url(dossier), form, follow=True)
    assert "Print the new sheet" in answer.content.decode()
    dossier.refresh_from_db()
    code.refresh_from_db()
    assert (dossier.last_name, dossier.language) == ("Jansens", "de")
    assert code.state == CodeState.REPLACED
    new = cast.code_of(dossier)
    assert new.state == CodeState.LIVE
    assert Delivery.objects.filter(subject=new.pk, state="waiting").exists()
    assert not Payment.objects.exists()


def test_old_and_new_are_on_the_dossiers_page_and_no_number_is(
    dossier: Dossier, els_client: Client
) -> None:
    form = details(last_name="Jansens", document_number="EP654321")
    els_client.post(url(dossier), form)
    row = DossierCorrection.objects.get()
    assert row.changes == {
        "last_name": ["Janssens", "Jansens"],
        "document_number": [None, None],
    }
    page = els_client.get(reverse("counter_dossiers:dossier", args=[dossier.pk]))
    text = page.content.decode()
    assert "<del>Janssens</del> <ins>Jansens</ins>" in text
    assert "EN123456" not in text
    assert "EP654321" not in text
    with pytest.raises(DatabaseError), transaction.atomic():
        DossierCorrection.objects.update(changes={})


def test_without_the_document_in_hand_nothing_changes(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    code, _ = cast.make_code(dossier, els)
    form = details(code, last_name="Jansens", original_seen="")
    answer = els_client.post(url(dossier), form)
    assert answer.status_code == 422
    assert 'value="Jansens"' in answer.content.decode()
    dossier.refresh_from_db()
    assert dossier.last_name == "Janssens"
    assert cast.code_of(dossier) == code


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"document_expiry": "01/01/2020"}, "document_expiry"),
        ({"document_number": "12"}, "document_number"),
        ({"document_type": "BE_EID"}, "document_number"),
        ({"document_country": "FRA"}, "document_country"),
        ({"birth_date": "01/01/2020"}, "birth_date"),
        ({"birth_date": "yesterday"}, "birth_date"),
        ({"last_name": ""}, "last_name"),
    ],
)
def test_what_recording_refuses_a_correction_refuses(
    dossier: Dossier, els_client: Client, typed: dict[str, str], field: str
) -> None:
    answer = els_client.post(url(dossier), details(None, **typed))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not DossierCorrection.objects.exists()


def test_what_recording_doubts_a_correction_doubts(
    dossier: Dossier, els_client: Client
) -> None:
    form = details(birth_date="29/07/1985")
    answer = els_client.post(url(dossier), form)
    assert answer.status_code == 422
    [doubt] = answer.context["form"].doubts
    answer = els_client.post(url(dossier), form | {"confirmed": doubt.stamp})
    assert answer.status_code == 303
    assert journal_details(Event.MISMATCH_ACCEPTED) == ["birth_date"]


def test_nothing_typed_differently_leaves_the_sheet_good(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    code, _ = cast.make_code(dossier, els)
    assert els_client.post(url(dossier), details(code)).status_code == 422
    code.refresh_from_db()
    assert code.state == CodeState.LIVE
    assert not JournalEntry.objects.filter(event=Event.DOCUMENT_SEEN).exists()


def test_a_page_of_before_replaces_nothing(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    code, _ = cast.make_code(dossier, els)
    first = details(code, last_name="Jansens")
    els_client.post(url(dossier), first)
    answer = els_client.post(url(dossier), first | {"last_name": "Jensen"}, follow=True)
    assert "Look at it again" in answer.content.decode()
    dossier.refresh_from_db()
    assert dossier.last_name == "Jansens"
    assert dossier.codes.count() == 2


def test_an_earlier_visit_is_corrected_without_renaming_the_person(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    now = timezone.now()
    before = now - datetime.timedelta(days=30)
    Dossier.objects.update(
        state=DossierState.ACTIVATED, activated_at=before, code_issued_at=before
    )
    later = cast.make_dossier(dossier.applicant, els)
    Dossier.objects.filter(pk=later.pk).update(
        state=DossierState.ACTIVATED, activated_at=now, code_issued_at=now
    )
    form = details(last_name="Jansens")
    [doubt] = els_client.post(url(dossier), form).context["form"].doubts
    els_client.post(url(dossier), form | {"confirmed": doubt.stamp})
    dossier.refresh_from_db()
    later.refresh_from_db()
    assert dossier.last_name == "Jansens"
    assert later.last_name == "Janssens"
    assert later.applicant.last_name == "Janssens"


def test_an_activated_dossier_keeps_account_and_keys(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    holder = make_holder(dossier, els)
    key = make_key(holder, KeyKind.APP)
    codes = list(dossier.codes.values_list("pk", flat=True))
    answer = els_client.post(url(dossier), details(last_name="Jansens"))
    assert answer.status_code == 303
    dossier.refresh_from_db()
    assert dossier.last_name == "Jansens"
    assert list(dossier.codes.values_list("pk", flat=True)) == codes
    key.refresh_from_db()
    holder.refresh_from_db()
    assert key.state == KeyState.ACTIVE
    assert holder.applicant == dossier.applicant


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("state", [DossierState.CANCELLED, DossierState.LAPSED])
def test_a_closed_dossier_stays_as_it_is(
    dossier: Dossier, els_client: Client, page: str, state: DossierState
) -> None:
    now = timezone.now()
    Dossier.objects.update(state=state, cancelled_at=now, lapsed_at=now)
    form = details(last_name="Jansens") | number()
    assert els_client.post(url(dossier, page), form).status_code == 303
    dossier.refresh_from_db()
    assert dossier.last_name == "Janssens"
    assert dossier.applicant.national_number == cast.PETER_NUMBER


def test_after_a_pause_the_password_is_asked(dossier: Dossier, els: Clerk) -> None:
    client = signed_in(els)
    client.get(reverse("counter_desk:desk"))
    form = details(last_name="Jansens")
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=6)):
        assert "current-password" in client.get(url(dossier)).content.decode()
        assert client.post(url(dossier), form).status_code == 422
        form |= {"password": cast.PASSWORD}
        assert client.post(url(dossier), form).status_code == 303


def test_opening_the_page_and_an_unknown_code_change_nothing(
    dossier: Dossier, els_client: Client
) -> None:
    assert els_client.get(url(dossier)).status_code == 200
    form = details(last_name="Jansens") | {"code_id": str(uuid.uuid4())}
    els_client.post(url(dossier), form)
    dossier.refresh_from_db()
    assert dossier.last_name == "Janssens"

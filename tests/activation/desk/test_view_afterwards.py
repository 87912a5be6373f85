"""The clerk's pages to send the mail again, correct the address, or make a new code."""

import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activation.codes.suspending import hold_codes
from activation.enums import CodeState
from counter.enums import DossierState
from counter.models import Clerk, Dossier
from tests import cast
from tests.litany import assert_for_clerks_only, assert_hidden_from, signed_in

PAGES = ("resend_link", "correct_email", "reissue_code")


def url(dossier: Dossier, page: str) -> str:
    return reverse(f"activation_desk:{page}", args=[dossier.pk])


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_only_for_clerks_of_the_office(
    dossier: Dossier, gust: Clerk, page: str, method: str
) -> None:
    assert_for_clerks_only(url(dossier, page), method=method)
    assert_hidden_from(gust, url(dossier, page), method=method)


def test_the_dossiers_page_leads_to_each(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    cast.make_code(dossier, els)
    page = els_client.get(reverse("counter_dossiers:dossier", args=[dossier.pk]))
    for name in PAGES:
        assert url(dossier, name) in page.content.decode()


def test_opening_a_page_does_nothing(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    code, _ = cast.make_code(dossier, els)
    for name in PAGES:
        assert els_client.get(url(dossier, name)).status_code == 200
    code.refresh_from_db()
    assert code.state == CodeState.LIVE


def test_a_lost_sheet_is_replaced_and_printed_anew(
    dossier: Dossier, els: Clerk, els_client: Client, sofie: Clerk
) -> None:
    long_ago = timezone.now() - datetime.timedelta(hours=2)
    Dossier.objects.update(recorded_at=long_ago)
    code, _ = cast.make_code(dossier, els, issued_at=long_ago)
    form = {"document_seen": "on", "code_id": code.pk, "reason": "sheet_lost"}
    form |= {"supervisor_name": "sofie", "supervisor_password": cast.PASSWORD}
    answer = els_client.post(url(dossier, "reissue_code"), form, follow=True)
    page = answer.content.decode()
    assert "A new code is ready to print." in page
    assert "data-print-frame" in page
    again = els_client.post(url(dossier, "reissue_code"), form, follow=True)
    assert "Look at it again." in again.content.decode()
    assert dossier.codes.count() == 2


def test_a_slip_of_the_pen_is_offered_and_taken_with_one_button(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    code, _ = cast.make_code(dossier, els)
    form = {"document_seen": "on", "code_id": code.pk, "email": "peter@gmial.com"}
    answer = els_client.post(url(dossier, "correct_email"), form)
    assert answer.status_code == 422
    assert "peter@gmail.com" in answer.content.decode()
    form |= {"use_email": "peter@gmail.com"}
    assert els_client.post(url(dossier, "correct_email"), form).status_code == 303
    dossier.refresh_from_db()
    assert dossier.email == "peter@gmail.com"


def test_the_same_address_leaves_the_sheet_good(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    code, _ = cast.make_code(dossier, els)
    form = {"document_seen": "on", "code_id": code.pk, "email": dossier.email}
    answer = els_client.post(url(dossier, "correct_email"), form)
    assert answer.status_code == 422
    assert "This is the address that it has already." in answer.content.decode()
    code.refresh_from_db()
    assert code.state == CodeState.LIVE


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (CodeState.LIVE, "sheet_lost"),
        (CodeState.LOCKED, "code_locked"),
        (CodeState.FROZEN, "code_stopped"),
    ],
)
def test_the_likely_reason_is_chosen_already(
    dossier: Dossier, els: Clerk, els_client: Client, state: CodeState, reason: str
) -> None:
    now = timezone.now()
    cast.make_code(dossier, els)
    dossier.codes.update(state=state, locked_at=now, frozen_at=now)
    page = els_client.get(url(dossier, "reissue_code"))
    assert page.context["form"]["reason"].value() == reason


CORRECTIONS = ("correct_email", "correct_details", "correct_number")


@pytest.mark.parametrize("page", CORRECTIONS)
def test_while_the_code_is_on_hold_a_correction_says_so_before_it_asks(
    dossier: Dossier, els: Clerk, els_client: Client, page: str
) -> None:
    cast.make_code(dossier, els)
    hold_codes(dossier, at=timezone.now())
    for send in (els_client.get, els_client.post):
        answer = send(url(dossier, page), follow=True)
        assert answer.redirect_chain
        assert "on hold until it is decided" in answer.content.decode()


@pytest.mark.parametrize("page", CORRECTIONS)
def test_what_can_no_longer_be_corrected_is_not_asked(
    dossier: Dossier, els: Clerk, els_client: Client, page: str
) -> None:
    cast.make_code(dossier, els)
    now = timezone.now()
    dossier.codes.update(state=CodeState.LAPSED, lapsed_at=now)
    Dossier.objects.update(state=DossierState.LAPSED, lapsed_at=now)
    answer = els_client.get(url(dossier, page), follow=True)
    assert answer.redirect_chain
    assert "This can no longer be corrected." in answer.content.decode()


def test_a_mistyped_address_is_told_and_kept(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    code, _ = cast.make_code(dossier, els)
    form = {"document_seen": "on", "code_id": code.pk, "email": "peter at home"}
    answer = els_client.post(url(dossier, "correct_email"), form)
    assert answer.status_code == 422
    assert "peterathome" in answer.content.decode().replace(" ", "")


def test_after_a_pause_the_password_is_asked(dossier: Dossier, els: Clerk) -> None:
    code, _ = cast.make_code(dossier, els)
    client = signed_in(els)
    client.get(reverse("counter_desk:desk"))
    form = {"document_seen": "on", "code_id": code.pk, "reason": "sheet_lost"}
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=6)):
        page = client.get(url(dossier, "reissue_code")).content.decode()
        assert "current-password" in page
        assert client.post(url(dossier, "reissue_code"), form).status_code == 422
        form |= {"password": cast.PASSWORD}
        assert client.post(url(dossier, "reissue_code"), form).status_code == 303


def test_the_mail_again_is_said_on_the_dossier(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    cast.make_code(dossier, els)
    answer = els_client.post(url(dossier, "resend_link"), {}, follow=True)
    assert "The mail is sent again." in answer.content.decode()
    assert "had the mail sent again" in answer.content.decode()

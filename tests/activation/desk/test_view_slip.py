"""The slip with the code can be printed as long as the visit lasts."""

import datetime
import io
import uuid

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from activation.codes.activation_code import grouped
from activation.enums import CodeState
from counter.desk.rejections import turn_away
from counter.enums import RefusalReason
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from tests.cast import make_code
from tests.litany import assert_for_clerks_only, assert_hidden_from, signed_in
from tests.payments.people import dossiers


@pytest.fixture
def url(dossier: Dossier) -> str:
    return reverse("activation_desk:slip", args=[dossier.pk])


def printed(content: bytes) -> str:
    return PdfReader(io.BytesIO(content)).pages[0].extract_text()


def test_only_for_clerks_of_the_office(
    url: str, dossier: Dossier, els: Clerk, gust: Clerk, sofie: Clerk
) -> None:
    make_code(dossier, els)
    assert_for_clerks_only(url)
    assert_hidden_from(gust, url)
    assert signed_in(sofie).get(url).status_code == 200


def test_it_carries_the_code_and_no_number_or_link(
    els_client: Client, els: Clerk, dossier: Dossier, url: str
) -> None:
    _code, text = make_code(dossier, els)
    answer = els_client.get(url)
    assert answer.headers["Content-Type"] == "application/pdf"
    sheet = "".join(printed(answer.content).split())
    assert grouped(text).replace("-", "") in sheet
    assert "peter@example.org" not in sheet
    assert "85.07.30" not in sheet
    assert "http" not in sheet


def test_it_is_shown_in_a_frame_of_our_own_page_only(
    els_client: Client, els: Clerk, dossier: Dossier, url: str
) -> None:
    make_code(dossier, els)
    headers = els_client.get(url).headers
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert text_free_name(headers["Content-Disposition"], dossier)


def text_free_name(disposition: str, dossier: Dossier) -> bool:
    return disposition == f'inline; filename="slip-{dossier.reference}.pdf"'


def test_each_opening_is_in_the_journal(
    els_client: Client, els: Clerk, dossier: Dossier, url: str
) -> None:
    make_code(dossier, els)
    els_client.get(url)
    els_client.get(url)
    entries = JournalEntry.objects.filter(event=Event.SLIP_PRINTED, dossier=dossier)
    assert [entry.clerk for entry in entries] == [els, els]


def test_after_a_quarter_of_an_hour_there_is_a_sentence_and_no_code(
    els: Clerk, dossier: Dossier, url: str
) -> None:
    at = timezone.now()
    make_code(dossier, els, issued_at=at)
    with time_machine.travel(at + datetime.timedelta(minutes=15), tick=False):
        answer = signed_in(els).get(url)
    assert answer.status_code == 410
    assert str(answer.context["refusal"]) in answer.content.decode()
    assert not JournalEntry.objects.filter(event=Event.SLIP_PRINTED).exists()


def test_a_moment_before_it_still_prints(
    els: Clerk, dossier: Dossier, url: str
) -> None:
    at = timezone.now()
    make_code(dossier, els, issued_at=at)
    with time_machine.travel(
        at + datetime.timedelta(minutes=14, seconds=59), tick=False
    ):
        assert signed_in(els).get(url).status_code == 200


@pytest.mark.parametrize(
    "state", [CodeState.USED, CodeState.LOCKED, CodeState.REPLACED, CodeState.LAPSED]
)
def test_a_code_that_is_not_live_is_not_printed(
    els_client: Client, els: Clerk, dossier: Dossier, url: str, state: CodeState
) -> None:
    code, _text = make_code(dossier, els)
    now = timezone.now()
    dossier.codes.filter(pk=code.pk).update(
        state=state, used_at=now, locked_at=now, replaced_at=now, lapsed_at=now
    )
    assert els_client.get(url).status_code == 410


def test_before_the_payment_there_is_no_slip(els_client: Client, url: str) -> None:
    assert els_client.get(url).status_code == 410


def test_it_closes_when_the_clerk_goes_on_to_the_next_person(
    els_client: Client, els: Clerk, bart: Clerk, dossier: Dossier, url: str
) -> None:
    make_code(dossier, els)
    (next_one,) = dossiers(bart, 1)
    assert els_client.get(url).status_code == 200
    next_one.recorded_by = els
    next_one.save()
    assert els_client.get(url).status_code == 410
    page = els_client.get(reverse("counter_dossiers:dossier", args=[dossier.pk]))
    assert url not in page.content.decode()


def test_it_closes_when_somebody_recorded_earlier_gets_a_code(
    els_client: Client, els: Clerk, dossier: Dossier, url: str
) -> None:
    (earlier,) = dossiers(els, 1)
    make_code(dossier, els)
    assert els_client.get(url).status_code == 200
    make_code(earlier, els)
    assert els_client.get(url).status_code == 410


def test_it_closes_when_the_next_person_is_turned_away(
    els_client: Client, els: Clerk, dossier: Dossier, url: str
) -> None:
    make_code(dossier, els)
    turn_away(
        reason=next(iter(RefusalReason)),
        clerk=els,
        submission=uuid.uuid4(),
        at=timezone.now(),
    )
    assert els_client.get(url).status_code == 410

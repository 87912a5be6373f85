"""The first sign-in sets up the app; later nothing shows its secret any more."""

import datetime
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from counter.crypto.encryption import UnsealError
from counter.enums import SecretForm
from counter.journal.events import Event
from counter.models import Clerk, FailedSignIns, JournalEntry, SecondFactor
from counter.sign_in import sign_in_app, totp
from tests.counter.app import (
    APP,
    CODE,
    SIGN_IN,
    after_the_password,
    digits,
    set_up,
    wrong,
)
from tests.races import at_once

pytestmark = pytest.mark.usefixtures("digits_asked")

DESK = reverse("counter_desk:desk")
QR = reverse("counter_sign_in:app_qr_code")
NOON = datetime.datetime(2026, 11, 24, 11, 0, tzinfo=datetime.UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def first(els: Clerk, clock: time_machine.Traveller) -> Client:
    """Els' browser at her first sign-in, after the password."""
    return after_the_password(els)


def test_the_first_time_the_app_is_set_up(first: Client, els: Clerk) -> None:
    page = first.get(CODE, follow=True)
    assert page.redirect_chain[0][0].startswith(APP)
    secret = SecondFactor.objects.get().secret
    assert totp.grouped(secret) in page.content.decode()
    assert QR in page.content.decode()
    answer = first.post(APP, {"digits": digits(els)})
    assert (answer.status_code, answer.headers["Location"]) == (303, DESK)
    assert first.get(DESK).status_code == 200
    entries = JournalEntry.objects.filter(clerk=els)
    events = list(entries.values_list("event", flat=True))
    assert events == [
        Event.SECOND_FACTOR_SET_UP,
        Event.SIGNED_IN,
        Event.DESK_CHOSEN,  # the one free desk of the office
    ]


def test_from_then_on_the_digits_are_asked_and_those_are_used(
    first: Client, els: Clerk, clock: time_machine.Traveller
) -> None:
    first.post(APP, {"digits": digits(els)})
    again = after_the_password(els)
    assert again.get(APP).headers["Location"].startswith(CODE)
    assert again.get(QR).status_code == 404
    assert again.post(CODE, {"digits": digits(els)}).status_code == 422
    clock.shift(30)
    assert again.post(CODE, {"digits": digits(els)}).status_code == 303


def test_the_picture_is_of_what_every_app_reads(first: Client, els: Clerk) -> None:
    answer = first.get(QR)
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.headers["Cache-Control"] == "no-store"
    assert b"style" not in answer.content
    factor = SecondFactor.objects.get()
    uri = urlsplit(sign_in_app.uri(factor))
    assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
    assert uri.path == "/Sleutelloket:els"
    assert parse_qs(uri.query)["secret"] == [factor.secret]
    assert len(factor.secret) * 5 == 160


def test_wrong_digits_set_nothing_up(first: Client, els: Clerk) -> None:
    assert first.post(APP, {"digits": wrong(els)}).status_code == 422
    assert SecondFactor.objects.get().confirmed_at is None
    assert first.get(DESK).status_code == 302
    assert FailedSignIns.objects.get().form == SecretForm.SET_UP_APP


def test_whoever_saw_an_earlier_secret_confirms_nothing(
    first: Client, els: Clerk
) -> None:
    """Somebody who knew the password left before the digits; then Els sets it up."""
    seen = digits(els)
    second = after_the_password(els)
    assert digits(els) != seen
    assert first.get(APP).status_code == 303
    assert first.get(QR).status_code == 303
    first.post(APP, {"digits": digits(els)})
    assert first.get(DESK).status_code == 302
    assert second.post(APP, {"digits": seen}).status_code == 422
    assert second.post(APP, {"digits": digits(els)}).status_code == 303


def test_the_next_one_at_the_computer_sees_nothing_of_it(
    first: Client, els: Clerk
) -> None:
    """Els went back to the sign-in page and left."""
    first.get(APP)
    first.get(SIGN_IN)
    assert first.get(APP).headers["Location"].startswith(SIGN_IN)
    assert first.get(QR).status_code == 303
    first.post(APP, {"digits": digits(els)})
    assert first.get(DESK).status_code == 302


def test_a_secret_moved_to_another_account_does_not_open(
    els: Clerk, bart: Clerk
) -> None:
    set_up(els)
    set_up(bart)
    sealed = els.second_factor.secret_sealed
    SecondFactor.objects.filter(pk=bart.pk).update(secret_sealed=sealed)
    with pytest.raises(UnsealError):
        _ = SecondFactor.objects.get(pk=bart.pk).secret


def test_the_secret_is_in_no_session_no_journal_and_no_log(
    first: Client,
    els: Clerk,
    sofie_client: Client,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    shown = digits(els)
    first.get(APP)
    kept = [str(session.get_decoded()) for session in Session.objects.all()]
    first.post(APP, {"digits": shown})
    kept += [str(session.get_decoded()) for session in Session.objects.all()]
    kept += [str(entry) for entry in JournalEntry.objects.values()]
    page = reverse("admin:counter_clerk_change", args=[els.pk])
    traces = f"{kept} {caplog.text} {sofie_client.get(page).content.decode()}"
    secret = SecondFactor.objects.get().secret
    assert secret not in traces
    assert totp.grouped(secret) not in traces
    assert f"'{shown}'" not in traces


@pytest.mark.django_db(transaction=True)
def test_of_first_sign_ins_at_the_same_instant_one_sets_it_up(els: Clerk) -> None:
    clients = at_once([lambda: after_the_password(els)] * 4)
    typed = digits(els)
    answers = at_once(
        [lambda c=c: c.post(APP, {"digits": typed}).status_code for c in clients]  # type: ignore[misc]
    )
    opened = [c for c in clients if c.get(DESK).status_code == 200]
    print(f"{len(opened)} of 4 set the app up (bound: 1), answers {answers}")
    assert len(opened) == 1
    entries = JournalEntry.objects.filter(event=Event.SECOND_FACTOR_SET_UP)
    assert entries.count() == 1

"""The key is active: until when, and what to do now."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from activation.models import ActivationCode, DigitalKey
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import (
    GOOD_PASSWORD,
    choose_account,
    choose_key,
    digits_of,
    link,
    path,
    text_of,
    type_code,
)

PAGE = path("done")


def finish(client: Client, dossier: Dossier, els: Clerk, kind: str) -> DigitalKey:
    type_code(client, *cast.make_code(dossier, els))
    choose_account(client)
    key = choose_key(client, kind)
    client.post(path("confirm_key"), {"key": key.pk, "digits": digits_of(key)})
    key.refresh_from_db()
    return key


def test_without_an_active_key_there_is_nothing_here(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    assert client.get(PAGE)["Location"] == path("enter_code")
    type_code(client, *cast.make_code(dossier, els))
    assert client.get(PAGE)["Location"] == path("enter_code")


@pytest.mark.parametrize(
    ("language", "until"),
    [
        ("nl", "20 maart 2036"),
        ("fr", "20 mars 2036"),
        ("de", "20. März 2036"),
        ("en", "20 March 2036"),
    ],
)
def test_the_date_ten_years_on_is_written_out(
    client: Client, dossier: Dossier, els: Clerk, language: str, until: str
) -> None:
    with time_machine.travel("2026-03-20T10:00:00+01:00"):
        finish(client, dossier, els, "app")
        page = client.get(path("done", language=language))
    assert until in text_of(page.content)


def test_a_leap_day_becomes_28_february(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    with time_machine.travel("2028-02-29T10:00:00+01:00"):
        finish(client, dossier, els, "app")
        page = text_of(client.get(PAGE).content)
    assert "28 February 2038" in page


@pytest.mark.parametrize("kind", ["app", "sms", "email"])
def test_it_says_what_to_do_now_and_tells_no_secret(
    client: Client, dossier: Dossier, els: Clerk, kind: str
) -> None:
    key = finish(client, dossier, els, kind)
    response = client.get(PAGE)
    page = response.content.decode()
    assert "What you do now" in page
    assert "peter.janssens" in page
    for secret in (GOOD_PASSWORD, key.secret, key.destination, cast.PETER_NUMBER):
        assert not secret or secret not in page
    assert response["Cache-Control"] == "no-store"


def test_the_visit_is_over_but_a_reload_works_for_a_while(
    dossier: Dossier, els: Clerk
) -> None:
    client = Client()
    start = datetime.fromisoformat("2026-03-20T10:00:00+01:00")
    with time_machine.travel(start, tick=False) as clock:
        key = finish(client, dossier, els, "app")
        assert set(client.session.keys()) == {
            "activation_done_key_id",
            "activation_done_at",
        }
        assert client.session["activation_done_key_id"] == str(key.pk)
        clock.shift(timedelta(minutes=14))
        assert client.get(PAGE).status_code == 200
        assert client.get(path("enter_code"))["Location"] == PAGE
        for name in ("choose_account", "choose_key", "confirm_key", "qr_code"):
            assert client.get(path(name))["Location"] == path("enter_code")
        clock.shift(timedelta(minutes=1))
        response = client.get(PAGE, follow=True)
    assert response.status_code == 403
    assert "Did you activate your key already?" in text_of(response.content)
    assert not client.session.keys()


def test_the_link_no_longer_works_afterwards(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    finish(client, dossier, els, "app")
    response = client.get(link(ActivationCode.objects.get()))
    assert response.status_code == 410
    assert "Did you activate your key already?" in text_of(response.content)


def test_the_clerk_who_tried_it_stays_signed_in(
    els_client: Client, dossier: Dossier, els: Clerk
) -> None:
    finish(els_client, dossier, els, "app")
    assert "_auth_user_id" in els_client.session

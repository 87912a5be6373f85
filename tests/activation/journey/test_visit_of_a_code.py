"""The right code begins a visit, which belongs to one link and ends by itself."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.utils import timezone

from activation.enums import CodeState
from activation.journey.visit import Visit
from activation.models import ActivationCode
from counter.enums import DossierState
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import (
    choose_account,
    leads_to,
    link,
    path,
    request_of,
    text_of,
    type_code,
    visit_of,
)
from tests.activation.journey.typing_the_code import code_and_text

__all__ = ["code_and_text"]


ISSUED = datetime.fromisoformat("2026-03-20T10:00:00+01:00")
PAGE = path("enter_code")


def test_a_visit_goes_on_where_it_was(
    client: Client, code_and_text: tuple[ActivationCode, str]
) -> None:
    code, text = code_and_text
    type_code(client, code, text)
    choose_account(client)
    client.get(link(code))
    response = client.get(PAGE)
    assert response.status_code == 303
    assert leads_to(response) == path("choose_key")


def test_another_link_in_the_same_browser_asks_for_its_own_code(
    client: Client, code_and_text: tuple[ActivationCode, str], els: Clerk
) -> None:
    code, text = code_and_text
    type_code(client, code, text)
    choose_account(client)
    anna = cast.make_applicant(cast.ANNA_NUMBER, first_names="Anna")
    theirs = cast.make_dossier(anna, els, email="anna@example.org")
    other, other_text = cast.make_code(theirs, els)
    page = client.get(link(other))["Location"]
    assert client.get(page).status_code == 200
    assert client.post(page, {"code": text}).status_code == 422
    assert client.post(page, {"code": other_text}).status_code == 303
    mine, hers = (Visit.here(request_of(client), each.pk) for each in (code, other))
    assert mine.is_begun
    assert mine.chose_password
    assert hers.is_begun
    assert not hers.chose_password


def test_the_session_gets_a_new_key(
    els_client: Client, code_and_text: tuple[ActivationCode, str]
) -> None:
    """Otherwise whoever planted a session key before could use the visit as well."""
    code, text = code_and_text
    planted = SessionStore()
    planted.create()
    assert planted.session_key is not None
    els_client.cookies["visit"] = planted.session_key
    before = els_client.session.session_key
    type_code(els_client, code, text)
    assert visit_of(els_client).session_key != planted.session_key
    assert not planted.exists(planted.session_key)
    # The clerk who tries the pages in the same browser is still signed in.
    assert els_client.session.session_key == before
    assert "_auth_user_id" in els_client.session


@pytest.mark.parametrize(
    ("idle", "goes_on"),
    [(timedelta(minutes=60), False), (timedelta(seconds=3599), True)],
)
def test_after_an_hour_the_code_is_asked_again(
    dossier: Dossier, els: Clerk, idle: timedelta, *, goes_on: bool
) -> None:
    client = Client()
    with time_machine.travel(ISSUED, tick=False) as clock:
        code, text = cast.make_code(dossier, els)
        type_code(client, code, text)
        clock.shift(idle)
        response = client.get(path("choose_account"))
        if goes_on:
            assert response.status_code == 200
            return
        assert leads_to(response) == PAGE
        page = client.get(PAGE)
        assert page.status_code == 200
        assert "type your code again" in text_of(page.content)
        assert not visit_of(client).keys()
        assert client.post(PAGE, {"code": text}).status_code == 303


def test_a_code_that_ends_during_the_visit_ends_the_visit(
    client: Client, code_and_text: tuple[ActivationCode, str]
) -> None:
    code, text = code_and_text
    type_code(client, code, text)
    ActivationCode.objects.update(state=CodeState.REPLACED, replaced_at=timezone.now())
    for name in ("choose_account", "choose_key", "enter_number", "confirm_key"):
        # The first answer ends the visit; the other pages then say the same.
        response = client.get(path(name), follow=True)
        assert response.status_code == 410
        assert "This link no longer works" in text_of(response.content)
    assert not visit_of(client).keys()


def test_a_dossier_cancelled_during_the_visit_ends_it(
    client: Client, code_and_text: tuple[ActivationCode, str]
) -> None:
    code, text = code_and_text
    type_code(client, code, text)
    Dossier.objects.update(state=DossierState.CANCELLED, cancelled_at=timezone.now())
    assert client.get(path("choose_account")).status_code == 410

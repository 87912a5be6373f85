"""When only the user name is refused, a good password need not be typed again."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from activation.journey.accounts import choose_account as make_account
from activation.models import ActivationCode, KeyHolder
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import (
    GOOD_PASSWORD,
    leads_to,
    path,
    text_of,
    type_code,
    what_is_kept,
)
from tests.activation.holder.helpers import path as holder_path

PAGE = path("choose_account")
REMEMBERED = "We remember the password that you typed here."


@pytest.fixture
def visitor(client: Client, dossier: Dossier, els: Clerk) -> Client:
    type_code(client, *cast.make_code(dossier, els))
    return client


@pytest.fixture
def taken(els: Clerk) -> str:
    """A user name that Anna has."""
    anna = cast.make_applicant(cast.ANNA_NUMBER, first_names="Anna")
    theirs = cast.make_dossier(anna, els, email="anna@example.org")
    code, _ = cast.make_code(theirs, els)
    make_account(
        code_id=code.pk,
        user_name="Peter.Janssens",
        password="zeven kleine groene geiten",
        at=code.issued_at,
    )
    return "peter.janssens"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=True) as traveller:
        yield traveller


def kept_in(page: str) -> dict[str, str]:
    """The hidden field with the kept password that a browser sends; empty if none."""
    field = re.search(r'name="kept" value="([^"]+)"', page)
    return {"kept": field[1]} if field else {}


def refused(browser: Client, user_name: str, password: str = GOOD_PASSWORD) -> str:
    form = {"user_name": user_name, "password": password}
    response = browser.post(PAGE, form)
    assert response.status_code == 422
    return response.content.decode()


def test_a_taken_name_is_filled_in_with_a_free_one_and_the_password_stays(
    visitor: Client, taken: str
) -> None:
    page = refused(visitor, taken)
    assert 'name="user_name" value="peter.janssens2"' in page
    text = text_of(page.encode())
    assert "Somebody else has the user name peter.janssens. This one is free: " in text
    assert REMEMBERED in text
    form = {"user_name": "peter.janssens2", "password": "", **kept_in(page)}
    assert leads_to(visitor.post(PAGE, form)) == path("choose_key")
    mine = KeyHolder.objects.get(user_name="peter.janssens2")
    assert mine.check_password(GOOD_PASSWORD)


@pytest.mark.parametrize("name", ["é", "pj", ""])
def test_a_name_that_cannot_be_loses_no_password_either(
    visitor: Client, name: str
) -> None:
    page = refused(visitor, name)
    form = {"user_name": "pj1985", "password": "", "password_again": ""}
    assert visitor.post(PAGE, form | kept_in(page)).status_code == 303
    assert KeyHolder.objects.get().check_password(GOOD_PASSWORD)


def test_its_hour_begins_when_it_is_typed_and_no_page_begins_another(
    visitor: Client, clock: time_machine.Traveller
) -> None:
    page = refused(visitor, "é")
    for minutes in (25, 25):
        clock.shift(timedelta(minutes=minutes))
        again = {"user_name": "é", "password": "", **kept_in(page)}
        page = visitor.post(PAGE, again).content.decode()
        assert REMEMBERED in text_of(page.encode())
    clock.shift(timedelta(minutes=11))
    form = {"user_name": "pj1985", "password": "", **kept_in(page)}
    response = visitor.post(PAGE, form)
    assert "Choose a password." in text_of(response.content)
    assert kept_in(response.content.decode()) == {}


def test_neither_page_nor_session_nor_row_has_it_readable(
    visitor: Client, taken: str
) -> None:
    page = refused(visitor, taken)
    row = ActivationCode.objects.values().first()
    for place in (page, str(what_is_kept(visitor)), str(row)):
        assert GOOD_PASSWORD not in place
    assert "no-store" in visitor.get(PAGE)["Cache-Control"]


def test_another_one_typed_after_all_counts(visitor: Client, taken: str) -> None:
    page = refused(visitor, taken)
    other = "zeven losse blauwe vissen"
    form = {"user_name": "pj1985", "password": other, **kept_in(page)}
    assert visitor.post(PAGE, form).status_code == 303
    assert KeyHolder.objects.get(user_name="pj1985").check_password(other)


def test_the_kept_one_is_looked_at_beside_the_new_name(visitor: Client) -> None:
    """A password made of the user name is refused, also when it was kept."""
    page = refused(visitor, "é", "olifantje-1-olifantje")
    form = {"user_name": "olifantje", "password": "", **kept_in(page)}
    response = visitor.post(PAGE, form)
    assert response.status_code == 422
    assert "easy to guess" in text_of(response.content)
    assert kept_in(response.content.decode()) == {}


@pytest.mark.parametrize(
    "address",
    [
        PAGE,
        path("renew_password"),
        holder_path("new_password"),
        holder_path("change_password"),
    ],
)
def test_no_report_of_an_error_has_it_sealed_or_not(
    visitor: Client, address: str
) -> None:
    request = visitor.post(address, {"kept": "x"}).wsgi_request
    hidden = set(getattr(request, "sensitive_post_parameters", ()))
    assert {"password", "password_again", "kept"} <= hidden


@pytest.mark.parametrize("password", ["", "te kort"])
def test_a_bad_password_is_not_kept(visitor: Client, password: str) -> None:
    page = refused(visitor, "é", password)
    assert kept_in(page) == {}
    assert REMEMBERED not in text_of(page.encode())


def test_after_an_hour_or_on_another_way_it_is_typed_anew(
    visitor: Client,
    dossier: Dossier,
    els: Clerk,
    clock: time_machine.Traveller,
) -> None:
    kept = kept_in(refused(visitor, "é"))
    bart = cast.make_applicant(cast.ANNA_NUMBER, first_names="Bart")
    stranger = Client()
    type_code(stranger, *cast.make_code(cast.make_dossier(bart, els), els))
    form = {"user_name": "pj1985", "password": "", **kept}
    for sent in (form, form | {"kept": "x" + kept["kept"]}, form | {"kept": "é"}):
        response = stranger.post(PAGE, sent)
        assert "Choose a password." in text_of(response.content)
    clock.shift(timedelta(minutes=59))
    visitor.get(PAGE)
    clock.shift(timedelta(minutes=1))
    response = visitor.post(PAGE, form)
    assert "Choose a password." in text_of(response.content)
    assert not KeyHolder.objects.exists()

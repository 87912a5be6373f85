"""Choosing user name and password."""

import pytest
from django.test import Client

from activation.models import ActivationCode, DigitalKey, KeyHolder
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import (
    GOOD_PASSWORD,
    choose_account,
    leads_to,
    path,
    stands,
    text_of,
    type_code,
    visit_of,
)
from tests.activation.journey.test_service_choose_account import activate

PAGE = path("choose_account")


@pytest.fixture
def code_and_text(dossier: Dossier, els: Clerk) -> tuple[ActivationCode, str]:
    return cast.make_code(dossier, els)


@pytest.fixture
def visitor(client: Client, code_and_text: tuple[ActivationCode, str]) -> Client:
    """A browser in which the code was typed."""
    type_code(client, *code_and_text)
    return client


def test_before_the_code_there_is_nothing_here(client: Client, office: None) -> None:
    for response in (client.get(PAGE), client.post(PAGE, {"user_name": "peter"})):
        assert response.status_code == 303
        assert leads_to(response) == path("enter_code")


def test_a_name_is_suggested_and_the_password_can_be_pasted_and_kept(
    visitor: Client,
) -> None:
    page = visitor.get(PAGE).content.decode()
    assert 'value="peter.janssens"' in page
    assert 'autocomplete="username"' in page
    assert 'autocomplete="new-password"' in page
    assert "onpaste" not in page
    assert cast.PETER_NUMBER not in page


def test_without_javascript_the_password_is_typed_twice(visitor: Client) -> None:
    page = visitor.get(PAGE).content.decode()
    inside = page.split("<noscript>")[1].split("</noscript>")[0]
    assert 'name="password_again"' in inside
    form = {"user_name": "peter", "password": GOOD_PASSWORD}
    response = visitor.post(PAGE, form | {"password_again": "iets heel anders"})
    assert response.status_code == 422
    assert "The two passwords are not the same" in text_of(response.content)
    response = visitor.post(PAGE, form | {"password_again": GOOD_PASSWORD})
    assert response.status_code == 303


def test_the_account_is_made(visitor: Client) -> None:
    response = visitor.post(PAGE, {"user_name": " peter ", "password": GOOD_PASSWORD})
    assert response.status_code == 303
    assert leads_to(response) == path("choose_key")
    holder = KeyHolder.objects.get()
    assert holder.user_name == "peter"
    assert holder.check_password(GOOD_PASSWORD)
    assert GOOD_PASSWORD not in str(dict(visit_of(visitor).items()))
    assert "peter" not in str(dict(visit_of(visitor).items()))


def test_spaces_around_a_password_belong_to_it(visitor: Client) -> None:
    typed = f"  {GOOD_PASSWORD} "
    visitor.post(PAGE, {"user_name": "peter", "password": typed})
    holder = KeyHolder.objects.get()
    assert holder.check_password(typed)
    assert not holder.check_password(GOOD_PASSWORD)


@pytest.mark.parametrize(
    ("user_name", "password", "sentence"),
    [
        ("", GOOD_PASSWORD, "Choose a user name"),
        ("pj", GOOD_PASSWORD, "Use 3 to 50 characters"),
        ("peter janssens", GOOD_PASSWORD, "Use only letters"),
        ("a\x00b", GOOD_PASSWORD, "Null characters"),
        ("peter", "", "Choose a password"),
        ("peter", "te kort", "at least 12 characters"),
        ("peter", "k" * 5 + "z9" * 70, "at most 128 characters"),
        ("peter", "K" + "z9" * 5000, "at most 128 characters"),
        ("peter", "Sleutel2026!!", "easy to guess"),
        ("olifantje", "olifantje-1-olifantje", "easy to guess"),
        ("peter", "peter@example.org", "easy to guess"),
        ("peter", "michaeljackson", "Many people use this"),
    ],
)
def test_what_is_refused_is_told_at_the_field(
    visitor: Client, user_name: str, password: str, sentence: str
) -> None:
    response = visitor.post(PAGE, {"user_name": user_name, "password": password})
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    if user_name and "\x00" not in user_name:
        assert f'value="{user_name}"' in page
    if password:
        assert f'value="{password}"' not in page
    assert not KeyHolder.objects.exists()


@pytest.mark.parametrize("user_name", [cast.PETER_NUMBER, "85.07.30-033.28"])
def test_a_national_number_is_no_user_name_and_is_not_shown_again(
    visitor: Client, user_name: str
) -> None:
    response = visitor.post(PAGE, {"user_name": user_name, "password": GOOD_PASSWORD})
    assert response.status_code == 422
    assert "national register number" in text_of(response.content)
    assert user_name not in response.text
    assert not KeyHolder.objects.exists()


def test_going_back_keeps_the_name_and_changes_the_password(visitor: Client) -> None:
    choose_account(visitor, "pj1985")
    assert b'value="pj1985"' in visitor.get(PAGE).content
    other = "zeven kleine groene geiten"
    form = {"user_name": "pj1985", "password": other}
    visitor.post(PAGE, form | stands(visitor))
    assert KeyHolder.objects.get().check_password(other)


def test_who_has_a_key_already_keeps_the_account(
    visitor: Client, code_and_text: tuple[ActivationCode, str], els: Clerk
) -> None:
    code, _ = code_and_text
    choose_account(visitor, "peter")
    # A key of an earlier code, which was used.
    earlier = ActivationCode.objects.create(
        dossier=code.dossier,
        issued_by=els,
        issued_at=code.issued_at,
        valid_until=code.valid_until,
        state="used",
        used_at=code.issued_at,
    )
    activate(KeyHolder.objects.get(), earlier)
    assert "Your user name is peter" in text_of(visitor.get(PAGE).content)
    response = visitor.post(PAGE, {"user_name": "mallory", "password": GOOD_PASSWORD})
    assert leads_to(response) == PAGE
    assert KeyHolder.objects.get().user_name == "peter"
    assert "Step 3 of 4" in text_of(visitor.get(path("choose_key")).content)
    assert DigitalKey.objects.count() == 1


def test_the_password_is_in_no_log_line(
    visitor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    choose_account(visitor)
    assert caplog.text
    assert GOOD_PASSWORD not in caplog.text
    assert "peter.janssens" not in caplog.text

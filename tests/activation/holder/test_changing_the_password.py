"""A new password is asked for as on other pages, and each mistake is at its field."""

import re

import pytest
from django.test import Client

from activation.enums import Change
from activation.models import DigitalKey, HolderChange, KeyHolder
from tests.activation.helpers import GOOD_PASSWORD
from tests.activation.holder.helpers import path, sign_in
from tests.activation.journey.test_kept_password import kept_in

PAGE, OVERVIEW = path("change_password"), path("overview")
NEW = "vijf groene stille paarden"
TYPED = {"present": GOOD_PASSWORD, "password": NEW}


def wrong_fields(page: str) -> list[str]:
    """The names of the fields marked as wrong; the first of them has the focus."""
    inputs = re.findall(r"<input[^>]*>", page)
    wrong = [one for one in inputs if 'aria-invalid="true"' in one]
    assert [one for one in inputs if " autofocus" in one] == wrong[:1]
    return [name for one in wrong for name in re.findall(r' name="(\w+)"', one)]


def error_at(page: str, field: str) -> str:
    error = re.search(rf'id="id_{field}_error">\s*<p>([^<]*)</p>', page)
    return error[1] if error else ""


def test_a_new_password(signed_in: Client, holder: KeyHolder, app: DigitalKey) -> None:
    other = Client()
    sign_in(other, app)
    assert signed_in.post(PAGE, TYPED)["Location"] == OVERVIEW
    holder.refresh_from_db()
    assert holder.check_password(NEW)
    assert signed_in.get(OVERVIEW).status_code == 200
    assert other.get(OVERVIEW).status_code == 303
    assert HolderChange.objects.filter(act=Change.PASSWORD).count() == 1


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"present": "another one altogether"}, "present", "not your present"),
        ({"present": ""}, "present", "Type your present password."),
        ({"password": ""}, "password", "Choose a password."),
        ({"password": "kort"}, "password", "at least 12 characters"),
        ({"password": "peter.janssens1"}, "password", "easy to guess"),
        ({"password": "michaeljackson"}, "password", "Many people use this"),
        ({"password_again": "something else"}, "password", "are not the same"),
        ({"password_again": ""}, "password", "are not the same"),
    ],
)
def test_the_mistake_stands_at_its_own_field_and_at_no_other(
    signed_in: Client, typed: dict[str, str], field: str, sentence: str
) -> None:
    response = signed_in.post(PAGE, TYPED | typed)
    assert response.status_code == 422
    page = response.content.decode()
    assert wrong_fields(page) == [field]
    assert sentence in error_at(page, field)
    assert NEW not in page


def test_a_wrong_present_password_does_not_lose_the_new_one(
    signed_in: Client, holder: KeyHolder
) -> None:
    page = signed_in.post(PAGE, TYPED | {"present": "wrong"}).content.decode()
    assert "We remember the password that you typed here." in page
    form = {"present": GOOD_PASSWORD, "password": "", **kept_in(page)}
    assert signed_in.post(PAGE, form)["Location"] == OVERVIEW
    holder.refresh_from_db()
    assert holder.check_password(NEW)


def test_the_present_password_is_never_kept_for_who_finds_the_page_open(
    signed_in: Client, holder: KeyHolder
) -> None:
    page = signed_in.post(PAGE, TYPED | {"password": "kort"}).content.decode()
    assert "Type your present password again too." in page
    assert kept_in(page) == {}
    response = signed_in.post(PAGE, {"present": "", "password": NEW})
    assert wrong_fields(response.content.decode()) == ["present"]
    holder.refresh_from_db()
    assert holder.check_password(GOOD_PASSWORD)


def test_it_is_asked_as_the_first_one_was(signed_in: Client) -> None:
    """With help, a measure of its strength and a button that shows what was typed.

    Without a script the password is typed twice.
    """
    page = signed_in.get(PAGE).content.decode()
    assert "Three or four words in a row make a good password." in page
    assert 'data-strength-of="#id_password"' in page
    assert 'data-reveals="#id_present, #id_password"' in page
    assert "js/password" in page
    assert "Write the password down before you go on." in page
    bare = page.split("<noscript>")[1].split("</noscript>")[0]
    assert 'name="password_again"' in bare

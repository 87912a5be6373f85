"""What people see, in their language, when a page is missing or something fails."""

import re

import pytest
from django.db import ProgrammingError, connection
from django.test import Client, RequestFactory

from config.urls import handler500
from counter.models import Office

NOWHERE = {
    "nl": "Deze pagina bestaat niet",
    "fr": "Cette page n’existe pas",
    "de": "Diese Seite gibt es nicht",
    "en": "This page does not exist",
}
BROKEN = {
    "nl": "Er ging iets mis bij ons",
    "fr": "Une erreur est survenue chez nous",
    "de": "Bei uns ist etwas schiefgegangen",
    "en": "Something went wrong on our side",
}


def parts(page: str) -> list[str]:
    """The languages that the page names for itself and its parts, in order."""
    return re.findall(r'<(?:html|div) lang="(\w\w)"', page)


@pytest.mark.parametrize("language", NOWHERE)
def test_a_page_that_is_not_there_says_so_in_your_language_with_a_number(
    client: Client, office: Office, language: str
) -> None:
    answer = client.get(f"/{language}/nowhere/at/all/")
    page = answer.text
    assert answer.status_code == 404
    assert set(parts(page)) == {language}
    assert f"<h1>{NOWHERE[language]}</h1>" in page
    assert NOWHERE[language] in re.sub(r"\s+", " ", page.partition("</title>")[0])
    assert page.count("<h1>") == 1
    assert [other for other in NOWHERE.values() if other in page] == [NOWHERE[language]]
    assert f'<a href="tel:{office.help_phone.replace(" ", "")}">' in page
    assert f'href="/{language}/"' in page


def test_of_several_offices_the_one_in_the_address_helps(
    client: Client, office: Office, other_office: Office
) -> None:
    page = client.get(f"/fr/{other_office.slug}/nowhere/").text
    assert other_office.name in page
    assert office.name not in page
    assert "office-help" not in client.get("/fr/nowhere/").text


def test_an_address_of_no_language_is_answered_in_dutch_and_english(
    db: None, client: Client
) -> None:
    page = client.get("/nowhere/at/all/").text
    assert parts(page) == ["nl", "en"]
    assert f"<h1>{NOWHERE['nl']}</h1>" in page
    assert f"<h2>{NOWHERE['en']}</h2>" in page


OLD_FORM = {
    "nl": "Dit formulier is verlopen",
    "fr": "Ce formulaire a expiré",
    "de": "Dieses Formular ist abgelaufen",
    "en": "This form is out of date",
}


@pytest.mark.parametrize("language", OLD_FORM)
def test_a_form_of_long_ago_says_what_to_do(office: Office, language: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(f"/{language}/contact/", {"text": "Hello"})
    assert answer.status_code == 403
    assert f"<h1>{OLD_FORM[language]}</h1>" in answer.text
    assert office.help_phone in answer.text


@pytest.mark.parametrize("language", BROKEN)
def test_what_breaks_is_told_with_a_number_to_call(
    rf: RequestFactory, office: Office, language: str
) -> None:
    request = rf.get(f"/{language}/keys/")
    request.request_id = "abc123"  # type: ignore[attr-defined]
    page = handler500(request).content.decode()
    assert f"<h1>{BROKEN[language]}</h1>" in page
    assert page.count("abc123") == 1
    assert office.help_phone in page


@pytest.mark.parametrize("language", BROKEN)
def test_what_breaks_is_told_without_the_database(
    rf: RequestFactory, language: str
) -> None:
    page = handler500(rf.get(f"/{language}/keys/")).content.decode()
    assert f"<h1>{BROKEN[language]}</h1>" in page
    assert "office-help" not in page


def test_a_database_that_broke_is_not_asked_again(
    rf: RequestFactory, office: Office
) -> None:
    try:
        connection.cursor().execute("SELECT nothing FROM nowhere")
    except ProgrammingError:
        page = handler500(rf.get("/nl/keys/")).content.decode()
    assert BROKEN["nl"] in page
    assert "office-help" not in page

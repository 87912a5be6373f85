"""What people see when something is not there or goes wrong, in their language."""

import re

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from config.urls import handler500

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
    """The languages that the page says of itself that it is in."""
    return re.findall(r'<(?:html|div) lang="(\w\w)"', page)


@pytest.mark.parametrize("language", NOWHERE)
def test_a_page_that_is_not_there_says_so_in_dutch_and_in_yours(
    db: None, client: Client, language: str
) -> None:
    answer = client.get(f"/{language}/nowhere/at/all/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert parts(page) == ["nl", "en" if language == "nl" else language]
    assert NOWHERE["nl"] in page
    assert NOWHERE[language] in page


@pytest.mark.parametrize("language", NOWHERE)
def test_a_form_of_long_ago_says_what_to_do(language: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(f"/{language}/contact/", {"text": "Hello"})
    assert answer.status_code == 403
    assert parts(answer.content.decode())[1] in {language, "en"}
    assert "Dit formulier is verlopen" in answer.content.decode()


@pytest.mark.parametrize("language", BROKEN)
def test_what_breaks_is_told_without_the_database(
    rf: RequestFactory, language: str
) -> None:
    request = rf.get("/")
    with translation.override(language):
        page = handler500(request).content.decode()
    assert BROKEN["nl"] in page
    assert BROKEN[language] in page

"""Parts of the public's pages are made once and kept for later requests.

They show the present values of the office, and nothing about a person.
"""

import html
import re

import pytest
from django.test import Client

from activation.models import ActivationCode
from counter.models import Clerk, Office
from tests import cast
from tests.activation.helpers import open_link, path, text_of, wrong
from tests.activation.journey.typing_the_code import code_and_text

__all__ = ["code_and_text"]

NOW = {
    "name": "Huis van de <Stad>",
    "address": "Botermarkt 1",
    "postal_code": "9000",
    "city": "Gent",
    "phone": "09 210 10 10",
    "email": "info@gent.example",
    "help_phone": "09 210 10 99",
    "help_name": "Sleutellijn",
}


@pytest.fixture
def opened(client: Client, code_and_text: tuple[ActivationCode, str]) -> Client:
    open_link(client, code_and_text[0])
    return client


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_a_change_of_an_office_is_on_the_next_page(
    opened: Client, office: Office, language: str
) -> None:
    page = path("enter_code", language=language)
    before = _read(opened, page)
    for name in NOW.keys() - {"help_name"}:
        assert getattr(office, name) in before, name
    Office.objects.update(**NOW)
    after = _read(opened, page)
    for name, value in NOW.items():
        assert value in after, name
    for name in ("address", "phone", "email", "help_phone"):
        assert getattr(office, name) not in after, name


def test_links_follow_the_offices_word_and_its_being_the_only_one(
    opened: Client, office: Office
) -> None:
    def privacy() -> list[str]:
        page = opened.get(path("enter_code")).content.decode()
        return re.findall(r'href="([^"]*/privacy/)"', page)

    assert privacy() == ["/en/privacy/"]
    cast.make_office("Elders")
    assert privacy() == [f"/en/{office.slug}/privacy/"]
    Office.objects.filter(pk=office.pk).update(slug="nieuw-woord")
    assert privacy() == ["/en/nieuw-woord/privacy/"]


def test_nothing_of_one_visitor_is_on_the_page_of_another(
    opened: Client,
    code_and_text: tuple[ActivationCode, str],
    els: Clerk,
) -> None:
    another = Client()
    visit = cast.make_dossier(cast.make_applicant(cast.MARIE_NUMBER), els)
    open_link(another, cast.make_code(visit, els)[0])
    typed = wrong(code_and_text[1])
    first = opened.post(path("enter_code"), {"code": typed}).content.decode()
    marks = _marks(first)
    assert {"nonce", "csrfmiddlewaretoken", "link"} <= marks.keys()
    second = another.get(path("enter_code")).content.decode()
    assert _marks(second).keys() == marks.keys()
    for name, value in marks.items():
        assert value, name
        assert value not in second, name
    assert typed[:4] in first
    assert typed[:4] not in second
    assert "blank" not in first + second


def _read(browser: Client, page: str) -> str:
    """The text of the page, with every space a plain one."""
    text = html.unescape(text_of(browser.get(page).content))
    return text.replace("\N{NO-BREAK SPACE}", " ")


def _marks(page: str) -> dict[str, str]:
    """The values that only this page may have, by name: nonce, token and link."""
    fields = re.findall(r'name="(csrfmiddlewaretoken|link)" value="([^"]+)"', page)
    nonces = set(re.findall(r'nonce="([^"]+)"', page))
    assert len(nonces) == 1
    return dict(fields) | {"nonce": nonces.pop()}

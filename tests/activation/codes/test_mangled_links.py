"""Links that mail programs, chats or people have changed still lead to their page."""

import re
import uuid
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import quote, urlsplit

import pytest
from django.conf import settings
from django.test import Client

from activation.codes import links
from activation.models import ActivationCode
from counter.models import Clerk, Dossier, Office
from notifications.channels.outgoing import Mail
from notifications.enums import Channel, Kind
from notifications.letters.rendering import render
from notifications.models import Delivery
from tests import cast
from tests.activation.helpers import path, text_of
from tests.activation.journey.traces import all_tables, rows_touched

LANGUAGES = ("nl", "fr", "de", "en")
BEHIND = (
    *("", "/", "//", ".", ")", ">", ",", "=", ";", ":", "!", "?", "'", '"', "*", "]"),
    *("%20", "%3E", "%253E", "%E2%80%8B", "%C2%A0", "%EF%BB%BF", "%0A", "%00", "%FF"),
    *("/.", "/)", "/%3E", "/%E2%80%9D", "%E2%80%9D", "/&amp;", "&amp;", "&gt;", "%22"),
    *("/%20De%20link%20werkt%20tot", ".%20Bel%20016", "&utm_source=x", "/%0D%0A.."),
    *("?utm_source=mail&utm_medium=a", "/?fbclid=Iw-_A", "/#", "%3D%0A"),
)
BEFORE = (
    "",
    "%20",
    "%3C",
    "%22",
    "%E2%80%8B",
    "%25E2%2580%258B",
    "(",
    "/",
    "&%238203;",
)
WITHIN = (
    *("%0A", "%0D%0A", "%20", "=", "=%0D%0A", "%E2%80%8B", "%C2%AD", "%E2%81%A0"),
    *("%0A%3E%20", "&shy;", "%250A"),
)


@pytest.fixture
def awkward(dossier: Dossier, els: Clerk) -> ActivationCode:
    """A code whose token begins and ends with - or _, which some programs cut off."""
    made, _ = cast.make_code(dossier, els)
    pk = uuid.UUID(int=0xFE << 120 | made.pk.int >> 8)
    ActivationCode.objects.update(id=pk)
    code = ActivationCode.objects.get()
    number = 0
    while links.token(code)[-1] not in "-_":
        number += 1
        code.nonce = number.to_bytes(32)
        code.save()
    assert links.token(code)[0] in "-_"
    return code


def final_address(address: str) -> str:
    """The address at which a browser ends up when it follows redirects with GET."""
    client = Client()
    response = client.get(address, follow=True)
    assert response.status_code == 200, (address, response.status_code)
    return str(response.request["PATH_INFO"])


@pytest.mark.parametrize("behind", BEHIND)
def test_what_stands_behind_the_link_is_left_out(
    awkward: ActivationCode, behind: str
) -> None:
    bare = path("open_link", links.token(awkward)).removesuffix("/")
    assert final_address(f"{bare}{behind}") == path("enter_code")


@pytest.mark.parametrize("before", BEFORE)
def test_what_stands_before_the_token_is_left_out(
    awkward: ActivationCode, before: str
) -> None:
    for behind in ("", "/", "%3E"):
        address = f"/en/a/{before}{links.token(awkward)}{behind}"
        assert final_address(address) == path("enter_code")


@pytest.mark.parametrize("within", WITHIN)
def test_a_line_broken_in_the_middle_is_joined(
    awkward: ActivationCode, within: str
) -> None:
    token = links.token(awkward)
    for place in (1, 30, 63):
        address = f"/en/a/{token[:place]}{within}{token[place:]}"
        assert (
            final_address(f"{address}/") == final_address(address) == path("enter_code")
        )


@pytest.mark.parametrize("dash", ["\u2010", "\u2011", "\u2013", "\u2212"])
def test_a_hyphen_that_a_program_made_finer_is_one(
    awkward: ActivationCode, dash: str
) -> None:
    token = links.token(awkward).replace("-", dash)
    assert final_address(f"/en/a/{quote(token)}/") == path("enter_code")


def test_two_hyphens_that_a_phone_made_one_dash_are_two(
    dossier: Dossier, els: Clerk
) -> None:
    code, _ = cast.make_code(dossier, els)
    number = 0
    while "--" not in links.token(code):
        number += 1
        code.nonce = number.to_bytes(32)
        code.save()
    token = links.token(code).replace("--", "\u2014")
    assert final_address(f"/en/a/{quote(token)}") == path("enter_code")


@pytest.mark.parametrize("behind", ["", "/", "//", ".", "/)", "/.", "%3E", "%20", "/&"])
def test_the_second_link_of_the_mail_leads_to_its_own_page(
    awkward: ActivationCode, behind: str
) -> None:
    token = links.token(awkward)
    for between in ("/", "//", ")/", "/%20", "%0A/"):
        address = f"/en/a/{token}{between}not-mine{behind}"
        assert final_address(address) == path("not_mine")
    assert final_address(f"/en/a/{token}/not-%0Amine/") == path("not_mine")


@pytest.mark.parametrize(
    "start",
    [
        "/a/",
        "/NL/a/",
        "/nl/A/",
        "/En/A/",
        "/es/a/",
        "/en-GB/a/",
        "/pt_br/a/",
        "//nl/a/",
    ],
)
def test_a_language_that_is_missing_or_not_ours_is_no_obstacle(
    awkward: ActivationCode, start: str
) -> None:
    token = links.token(awkward)
    for behind in ("", "/", ".", "%3E"):
        assert re.fullmatch("/(nl|en)/a/", final_address(f"{start}{token}{behind}"))
    assert final_address(f"{start}{token}/not-mine/)").endswith("/a/not-mine/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_reads_its_own_link(
    awkward: ActivationCode, language: str
) -> None:
    address = urlsplit(links.url(awkward, language=language)).path
    assert address.endswith("/")
    for behind in ("", ")", "%3E", "."):
        assert final_address(f"{address}{behind}") == path(
            "enter_code", language=language
        )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("behind", ["", ".", ")", "%3E", "%20", "/", "%E2%80%8B", "/,"])
def test_the_link_to_my_keys_is_read_the_same_way(
    office: Office, language: str, behind: str
) -> None:
    for start in (
        f"/{language}/keys",
        f"/{language.upper()}/keys",
        "/keys",
        "/es/keys",
    ):
        for slash in ("", "/"):
            address = final_address(f"{start}{slash}{behind}")
            assert re.fullmatch(r"/\w\w/keys/sign-in/", address)
            assert not start.startswith(f"/{language}/") or address[1:3] == language


@pytest.mark.parametrize("behind", ["", ".", ")", "%3E", "%20", "//", "/.", "%3E/"])
def test_the_link_to_a_dossier_is_read_the_same_way(
    client: Client, dossier: Dossier, els: Clerk, behind: str
) -> None:
    client.force_login(els)
    address = f"/counter/dossiers/{dossier.pk}{behind}"
    response = client.get(address, follow=True)
    assert response.status_code == 200
    assert response.request["PATH_INFO"] == f"/counter/dossiers/{dossier.pk}/"


@pytest.mark.parametrize(
    "address",
    [
        *("/nowhere/", "/nl/nowhere/.", "/wp-login.php", "/\\evil/"),
        *("/static/nothing.css", "/es/nowhere/", "/%00", "/%FF/"),
    ],
)
def test_what_leads_nowhere_still_does(office: Office, address: str) -> None:
    response = Client().get(address, follow=True)
    assert response.status_code == 404


@pytest.mark.parametrize("behind", BEHIND)
def test_an_invented_token_gets_the_one_page_however_it_is_written(
    office: Office, awkward: ActivationCode, behind: str
) -> None:
    real = links.token(awkward)
    invented = real[:40] + ("A" if real[40] != "A" else "B") + real[41:]
    answers = {
        text_of(Client().get(f"/en/a/{token}{behind}").content)
        for token in ("A" * 64, invented, real[:-1], "é" * 64, "x")
    }
    assert len(answers) == 1
    assert "This link no longer works" in answers.pop()


def test_looking_writes_nothing_however_the_link_is_written(
    awkward: ActivationCode,
) -> None:
    before, touched = all_tables(), rows_touched()
    token = links.token(awkward)
    for behind in (*BEHIND, "/not-mine)", "/not-mine/%3E"):
        client = Client()
        client.get(f"/en/a/{token}{behind}", follow=True)
        client.head(f"/a/{token}{behind}")
    assert rows_touched() == touched
    assert all_tables() == before


@pytest.mark.parametrize("length", [65, 4000, 100_000])
def test_an_endless_address_is_answered_at_once(office: Office, length: int) -> None:
    for sign in ("A", "%26", "%25", "\u200b", "&amp;"):
        response = Client().get("/en/a/" + quote(sign, safe="%/&;") * length)
        assert response.status_code in (404, 410), sign
        assert Client().get("/" + quote(sign, safe="%/&;") * length).status_code == 404


class _Links(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.addresses.append(dict(attrs)["href"] or "")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [Kind.ACTIVATION_LINK, Kind.REMINDER_WEEK])
def test_every_link_that_a_mail_prints_ends_in_a_slash(
    awkward: ActivationCode, kind: Kind, language: str
) -> None:
    """In the text and in the HTML, so that a program that guesses the end is right."""
    dossier = awkward.dossier
    Dossier.objects.filter(pk=dossier.pk).update(language=language)
    at = awkward.issued_at
    if kind == Kind.REMINDER_WEEK:
        at += timedelta(days=7)
    delivery = Delivery(
        kind=kind, channel=Channel.MAIL, subject=awkward.pk, dossier=dossier
    )
    mail = render(delivery, at=at)
    assert isinstance(mail, Mail)
    printed = re.findall(r"https?://\S+", mail.message.text)
    printed += _Links(mail.message.html).addresses
    assert len(printed) >= 2
    for address in printed:
        assert address.startswith(settings.SITE_URL)
        assert address.endswith("/")
        # Some programs take the punctuation of the sentence into the link.
        for as_sent in (address, address[:-1], f"{address}.", f"{address})"):
            final_address(as_sent.removeprefix(settings.SITE_URL))

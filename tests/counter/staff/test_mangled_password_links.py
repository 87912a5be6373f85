"""Links for choosing a password work although mail programs changed them."""

from urllib.parse import quote

import pytest
from django.test import Client

from counter.models import Clerk, PasswordLink
from counter.staff import password_links
from tests.counter.staff.mailboxes import FORGOTTEN, NEW, TYPED, opens, with_mailbox


@pytest.fixture
def token(els: Clerk) -> str:
    """The token of a link: it has two hyphens in a row, and ends in "-" or "_"."""
    with_mailbox(els)
    Client().post(FORGOTTEN, {"user_name": "els"})
    link = PasswordLink.objects.get()
    number = 0
    while "--" not in (link_token := _token(link)) or link_token[-1] not in "-_":
        number += 1
        link.nonce = number.to_bytes(32)
    PasswordLink.objects.update(nonce=link.nonce)
    return link_token


def _token(link: PasswordLink) -> str:
    return password_links.url(link).rstrip("/").rpartition("/")[2]


def assert_opens(address: str) -> None:
    answer = Client().get(address, follow=True)
    assert answer.status_code == 200, address
    assert "els" in answer.content.decode()


@pytest.mark.parametrize(
    "behind",
    [
        *("", "/", "//", ".", ")", "%3E", "&gt;", "&amp;", "&shy;", "%2520", "=3D"),
        *("/=3D", "/%3D%0A", "/&amp;", "%0D%0A", "/%20De%20link%20werkt%20een%20uur"),
        *("%C2%AD", "%E2%80%8B", "/?utm_source=mail", "&#8203;"),
    ],
)
def test_what_stands_behind_the_link_is_left_out(token: str, behind: str) -> None:
    assert_opens(f"/counter/account/{token}{behind}")


@pytest.mark.parametrize("dash", ["\u2010", "\u2011", "\u2013", "\u2212", "&#45;"])
def test_a_hyphen_that_a_program_made_finer_is_one(token: str, dash: str) -> None:
    assert_opens(f"/counter/account/{quote(token.replace('-', dash))}/")


def test_two_hyphens_that_a_phone_made_one_dash_are_two(token: str) -> None:
    assert_opens(f"/counter/account/{quote(token.replace('--', chr(0x2014)))}/")


@pytest.mark.parametrize(
    "within", ["%0A", "%20", "&shy;", "%C2%AD", "=%0D%0A", "%250A"]
)
def test_a_line_broken_in_the_middle_is_joined(token: str, within: str) -> None:
    assert_opens(f"/counter/account/{token[:30]}{within}{token[30:]}/")


@pytest.mark.parametrize(
    "start",
    [
        *(
            "/COUNTER/ACCOUNT/",
            "/Counter/account/",
        ),
        *("/counter/Account/", "/counter//account/", "/nl/counter/account/"),
        *("/fr/COUNTER/account/", "/counter%252Faccount%252F", "/%20counter/account/"),
    ],
)
def test_what_stands_in_front_of_the_token_is_read_as_meant(
    token: str, start: str
) -> None:
    for behind in ("/", "%3E", "/=3D"):
        assert_opens(f"{start}{token}{behind}")


def test_the_password_is_chosen_where_the_link_led(token: str) -> None:
    address = f"/counter/account/{token}&gt;/=3D"
    answer = Client().post(address, TYPED)
    assert answer.status_code == 303
    assert opens("els", NEW)
    assert Client().get(address).status_code == 410


@pytest.mark.parametrize("cut", [0, 1, 63])
def test_a_link_that_lost_letters_is_none(token: str, cut: int) -> None:
    changed = token[:cut] + ("A" if token[cut] != "A" else "B") + token[cut + 1 :]
    for presented in (token[:cut] or "x", changed):
        answer = Client().get(f"/counter/account/{presented}/")
        assert answer.status_code == 410

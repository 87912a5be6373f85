"""A link on another site brings along the cookies of the public, but not of staff."""

import pytest
from django.test import Client
from django.urls import reverse

from activation.models import DigitalKey
from counter.models import Clerk, Desk
from tests import cast
from tests.activation.holder.conftest import app, holder
from tests.activation.holder.helpers import sign_in

__all__ = ["app", "holder"]

LINK = {
    "Sec-Fetch-Site": "cross-site",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
}
PAGES = [
    "/counter/",
    "/counter/dossiers/new/",
    "/payments/",
    "/payments/day/",
    "/admin/",
]


def signs_in(client: Client, els: Clerk) -> None:
    form = {"username": els.username, "password": cast.PASSWORD}
    assert client.post(reverse("counter_sign_in:sign_in"), form).status_code == 303


def test_every_cookie_of_staff_is_strict_and_of_the_public_lax(
    els: Clerk, app: DigitalKey
) -> None:
    client = Client()
    client.get(reverse("counter_sign_in:sign_in"))
    signs_in(client, els)
    client.post(reverse("counter_staff:choose_desk"), {"desk": Desk.objects.get().pk})
    client.post(reverse("counter_sign_in:switch_language"), {"language": "en"})
    staff = dict(client.cookies)
    assert {"sessionid", "csrftoken", "desk", "computer"} <= staff.keys()
    assert {morsel["samesite"] for morsel in staff.values()} == {"Strict"}
    client.get(reverse("activation_holder:sign_in"))
    sign_in(client, app)
    public = {k: v for k, v in client.cookies.items() if k not in staff}
    assert {"visit", "visit-csrf"} <= public.keys()
    assert {morsel["samesite"] for morsel in public.values()} == {"Lax"}
    assert {name: client.cookies[name].value for name in staff} == {
        name: morsel.value for name, morsel in staff.items()
    }


def test_neither_jar_opens_the_other_s_pages(els: Clerk, app: DigitalKey) -> None:
    clerk, holder = Client(), Client()
    signs_in(clerk, els)
    sign_in(holder, app)
    for theirs, ours in (("sessionid", "visit"), ("visit", "sessionid")):
        swapped = Client()
        of = clerk if theirs == "sessionid" else holder
        swapped.cookies[ours] = of.cookies[theirs].value
        assert swapped.get("/counter/").status_code == 302
        assert swapped.get(reverse("activation_holder:overview")).status_code == 303


@pytest.mark.parametrize("path", [*PAGES, "/counter/?q=a&b=%22%3E", "/no/such/page/"])
def test_a_link_from_outside_leads_to_the_same_page_from_here(
    els: Clerk, path: str
) -> None:
    """The browser sends no cookies of the clerk, and the answer sets none."""
    answer = Client().get(path, headers=LINK)
    assert answer.status_code == 200
    html = answer.content.decode()
    shown = path.replace("&", "&amp;")
    assert f'<meta http-equiv="refresh" content="0; url={shown}">' in html
    assert f'href="{shown}"' in html
    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["//elsewhere.example/", "/\\elsewhere.example", '/counter/"><script>']
)
def test_it_leads_nowhere_else(db: None, path: str) -> None:
    html = Client().get("/", headers=LINK, PATH_INFO=path).content.decode()
    target = html.partition("0; url=")[2].partition('"')[0]
    assert target.startswith(("/%2F", "/%5C", "/counter/"))
    assert "<script>" not in html


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {**LINK, "Sec-Fetch-Site": "none"},
        {**LINK, "Sec-Fetch-Site": "same-origin"},
        {**LINK, "Sec-Fetch-Mode": "cors"},
        {**LINK, "Sec-Fetch-Dest": "iframe"},
        {**LINK, "Sec-Fetch-Dest": "image"},
    ],
)
def test_any_other_step_is_answered_as_ever(db: None, headers: dict[str, str]) -> None:
    assert Client().get("/counter/", headers=headers).status_code == 302


def test_the_public_s_pages_are_answered_at_once(els: Clerk) -> None:
    """As when somebody opens the link of a mail."""
    assert b"http-equiv" not in Client().get("/nl/", headers=LINK).content
    answer = Client().post(reverse("counter_sign_in:sign_in"), headers=LINK)
    assert b"http-equiv" not in answer.content

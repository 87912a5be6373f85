"""What a visitor writes where only our pages write, and what comes of it: no error."""

from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.http import HttpResponse
from django.test import Client

from config.wsgi import application
from counter.models import Clerk
from tests import cast

ODD = [
    *(
        "abc",
        "counter_desk:desk",
        "admin:index",
        "counter",
        ".",
        "..",
        "?",
        "#",
        "%",
        "%zz",
    ),
    *("//elsewhere.example", "/\\elsewhere.example", "https://elsewhere.example/"),
    *("javascript:alert(1)", "/no/such/page/", "/counter/\x00", "/counter/\r\nX: y"),
    *(
        "/counter/dossiers/not-a-uuid/",
        "/" * 3000,
        "/\u202e",
        "http://[",
        "//[",
        "\x00",
    ),
    *("/counter/desk;a=b", "{% now %}", "/%E0%A4%A/"),
]


@pytest.mark.parametrize("wanted", ODD)
def test_signing_in_leads_nowhere_else(els: Clerk, wanted: str) -> None:
    """After the right password too."""
    client = Client()
    page = client.get("/counter/sign-in/", {"next": wanted})
    assert page.status_code == 200
    answer = client.post(
        "/counter/sign-in/",
        {"username": "els", "password": cast.PASSWORD, "next": wanted},
    )
    assert answer.status_code == 303
    assert answer["Location"] == "/counter/"


@pytest.mark.parametrize("wanted", ODD)
@pytest.mark.parametrize(
    "path", ["/counter/lock/", "/counter/language/", "/counter/unlock/"]
)
def test_neither_do_the_other_forms_that_go_back(
    els_client: Client, path: str, wanted: str
) -> None:
    answer = els_client.post(path, {"next": wanted, "password": "wrong"})
    assert answer.status_code in {303, 422}
    assert "elsewhere" not in answer.get("Location", "")


@pytest.mark.parametrize("wanted", ODD)
def test_nor_the_admin_and_the_drawer(
    sofie_client: Client, els_client: Client, wanted: str
) -> None:
    for client, path in (
        (sofie_client, "/admin/login/"),
        (Client(), "/admin/login/"),
        (els_client, "/payments/"),
        (els_client, "/payments/drawer/open/"),
    ):
        answer = client.get(path, {"next": wanted})
        assert answer.status_code < 500
        assert not answer.get("Location", "").startswith(("http", "//", "/\\"))


@pytest.mark.parametrize("wanted", ["/counter/", "/payments/?a=1", "/admin/"])
def test_a_page_of_ours_is_gone_on_to(els: Clerk, wanted: str) -> None:
    answer = Client().post(
        "/counter/sign-in/",
        {"username": "els", "password": cast.PASSWORD, "next": wanted},
    )
    assert answer["Location"] == wanted


@pytest.mark.parametrize(
    "charset",
    [
        *("utf-7", "utf-16", "idna", "punycode", "zlib_codec", "rot13", "hex"),
        *("unicode_escape", "no-such-thing", "", "iso-8859-1", "undefined"),
    ],
)
@pytest.mark.parametrize("path", ["/counter/sign-in/", "/nl/contact/", "/nl/keys/"])
def test_a_body_in_another_encoding_is_refused(
    db: None, client: Client, path: str, charset: str
) -> None:
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    answer = client.generic("POST", path, b"username=+AAA-%FF", content_type=kind)
    assert answer.status_code == 400


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"'])
def test_a_body_in_utf8_is_read(db: None, client: Client, charset: str) -> None:
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    answer = client.post("/counter/sign-in/", b"username=els", content_type=kind)
    assert answer.status_code == 422


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "kind",
    [
        "text/x; x*=no-such''%FF",
        "text/x; charset*=a%00b''x",
        "x/y; charset*=utf-8''a%00b",
        "x/y; charset*=utf-7''+2AA-",
        "x/y; charset*=unicode_escape''%5Cud800",
    ],
)
def test_a_type_that_nobody_can_read_is_refused_with_a_page(
    db: None, kind: str, method: str
) -> None:
    """Asked of the application itself: the test client makes requests of its own."""
    environ: dict[str, Any] = {"CONTENT_TYPE": kind, "REQUEST_METHOD": method}
    setup_testing_defaults(environ)
    environ |= {"HTTP_HOST": "testserver", "PATH_INFO": "/counter/sign-in/"}
    answer = application(environ, lambda *_answered: lambda _body: None)
    assert isinstance(answer, HttpResponse)
    assert answer.status_code == 400
    assert "Content-Security-Policy" in answer.headers

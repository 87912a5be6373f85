"""The link in the mail opens the page for the code, and writes nothing."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from activation.codes import links
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import leads_to, link, path, text_of
from tests.activation.journey.traces import all_tables, rows_touched

ISSUED = datetime.fromisoformat("2026-03-20T10:00:00+01:00")


def test_the_link_leads_to_a_page_without_the_token(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    code, _ = cast.make_code(dossier, els)
    response = client.get(link(code))
    assert response.status_code == 303
    assert leads_to(response) == path("enter_code")
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Cache-Control"] == "no-store"


def test_the_cookie_holds_the_code_s_id_and_the_time(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    code, text = cast.make_code(dossier, els)
    cookie = client.get(link(code)).cookies["activation"]
    value, stamp, signature = cookie.value.split(":")
    pk, opened_at = value.split(".")
    assert pk == code.pk.hex
    assert abs(int(opened_at, 16) - timezone.now().timestamp()) < 60
    assert len(stamp) == 6
    assert signature
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 3600
    assert cookie["path"] == "/"
    assert text not in cookie.value
    assert links.token(code) not in cookie.value


def test_on_a_server_the_cookie_is_bound_to_its_host(
    client: Client,
    dossier: Dossier,
    els: Clerk,
    settings: Settings,
) -> None:
    settings.SESSION_COOKIE_SECURE = True
    code, _ = cast.make_code(dossier, els)
    cookie = client.get(link(code)).cookies["__Host-activation"]
    assert cookie["secure"] is True
    assert cookie["domain"] == ""


def test_a_cookie_made_up_or_changed_is_worth_nothing(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    code, _ = cast.make_code(dossier, els)
    value = client.get(link(code)).cookies["activation"].value
    for tampered in (
        code.pk.hex,
        value[:-1] + ("A" if value[-1] != "A" else "B"),
        value.replace(code.pk.hex, "0" * 32),
    ):
        client.cookies["activation"] = tampered
        assert client.get(path("enter_code")).status_code == 403


def test_the_cookie_is_good_for_an_hour(dossier: Dossier, els: Clerk) -> None:
    client = Client()
    with time_machine.travel(ISSUED, tick=False) as clock:
        code, _ = cast.make_code(dossier, els)
        client.get(link(code))
        clock.shift(timedelta(minutes=60))
        assert client.get(path("enter_code")).status_code == 200
        clock.shift(timedelta(seconds=1))
        response = client.get(path("enter_code"))
    assert response.status_code == 403
    assert "Open the link in your e-mail" in text_of(response.content)


def test_a_scanner_changes_nothing_at_all(dossier: Dossier, els: Clerk) -> None:
    """It sends many GETs and HEADs, and every form that it meets, without the code."""
    code, _ = cast.make_code(dossier, els)
    scanner = Client(enforce_csrf_checks=True)
    before, touched = all_tables(), rows_touched()
    assert touched > 0  # the rows made above are counted
    for _turn in range(10):
        for language in ("nl", "fr", "de", "en"):
            url = path("open_link", links.token(code), language=language)
            assert scanner.get(url).status_code == 303
            assert scanner.head(url).status_code == 303
            page = scanner.get(url, follow=True)
            assert page.status_code == 200
            scanner.head(path("enter_code", language=language))
            for typed in ("", "test", "john.doe@example.org", "1" * 40):
                form = hidden_fields(page.content) | {"code": typed}
                answer = scanner.post(path("enter_code", language=language), form)
                assert answer.status_code == 422
        for name in ("choose_account", "choose_key", "confirm_key", "done"):
            assert scanner.get(path(name)).status_code == 303
        for name in ("choose_account", "choose_key", "enter_number", "send_again"):
            form = hidden_fields(page.content) | {"kind": "email"}
            assert scanner.post(path(name), form).status_code == 303
    assert rows_touched() == touched
    assert all_tables() == before


def hidden_fields(page: bytes) -> dict[str, str]:
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    return {"csrfmiddlewaretoken": token[1].decode()}


def test_after_the_scanner_the_person_can_still_activate(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    code, text = cast.make_code(dossier, els)
    for _turn in range(20):
        Client().get(link(code), follow=True)
    client.get(link(code))
    response = client.post(path("enter_code"), {"code": text})
    assert leads_to(response) == path("choose_account")


def test_only_looking_is_allowed(client: Client, dossier: Dossier, els: Clerk) -> None:
    code, _ = cast.make_code(dossier, els)
    assert client.post(link(code)).status_code == 405


def test_the_token_is_in_no_log_line(
    client: Client, dossier: Dossier, els: Clerk, caplog: pytest.LogCaptureFixture
) -> None:
    """Django's own log line about a refusal would contain the path."""
    code, _ = cast.make_code(dossier, els)
    tokens = [links.token(code), links.token(code)[:-1], "Z" * 64]
    for token in tokens:
        client.get(path("open_link", token))
    written = caplog.text
    assert "Gone: en/a/<str:token>/" in written
    for token in tokens:
        assert token not in written

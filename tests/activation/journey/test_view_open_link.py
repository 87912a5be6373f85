"""The link in the mail: it opens for its owner, and writes nothing for anyone."""

import re
from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone
from psycopg.sql import SQL, Identifier
from pytest_django import Settings

from activation.codes import links
from activation.enums import CodeState
from activation.models import ActivationCode
from counter.enums import DossierState
from counter.models import Clerk, Dossier, Office
from tests import cast
from tests.activation.helpers import leads_to, link, path, text_of
from tests.states import put

ISSUED = datetime.fromisoformat("2026-03-20T10:00:00+01:00")


def all_tables() -> dict[str, str]:
    """A digest of the contents of every table."""
    digests = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            whole = SQL(
                "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"
                " FROM {} t"
            )
            cursor.execute(whole.format(Identifier(table)))
            row = cursor.fetchone()
            assert row is not None
            digests[table] = row[0]
    return digests


def rows_touched() -> int:
    """Inserts, updates and deletes of this transaction, undone ones included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)"
            " FROM pg_stat_xact_user_tables"
        )
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def as_read(content: bytes) -> str:
    """The page without what is new at each request."""
    return re.sub(r'nonce="[^"]*"|value="[A-Za-z0-9]{64}"', "", text_of(content))


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
    assert "Open the link in your mail" in text_of(response.content)


def test_a_scanner_changes_nothing_at_all(dossier: Dossier, els: Clerk) -> None:
    """Many GETs and HEADs, and every form on the way sent without the code."""
    code, _ = cast.make_code(dossier, els)
    scanner = Client(enforce_csrf_checks=True)
    before, touched = all_tables(), rows_touched()
    assert touched > 0  # what was made above is seen
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


@pytest.fixture
def ended_links(dossier: Dossier, els: Clerk) -> dict[str, str]:
    """One address for each way in which a link does not work."""
    now = timezone.now()
    code, _ = cast.make_code(dossier, els)
    good = links.token(code)
    tokens = {
        "unknown": "A" * 64,
        "cut off": good[:-3],
        "changed": good[:-1] + ("A" if good[-1] != "A" else "B"),
        "of another code": good[:20] + "A" * 44,
        "no token": "accounts",
        "long": "A" * 2000,
        "not ascii": "é" * 64,
    }
    for state, column in (
        (CodeState.USED, "used_at"),
        (CodeState.LOCKED, "locked_at"),
        (CodeState.REPLACED, "replaced_at"),
        (CodeState.LAPSED, "lapsed_at"),
    ):
        # Each of them ends, so that the next one may be the dossier's live code.
        row = ActivationCode.objects.filter(pk=code.pk)
        put(row, state=CodeState.REPLACED, replaced_at=now)
        code, _ = cast.make_code(dossier, els)
        ActivationCode.objects.filter(pk=code.pk).update(state=state, **{column: now})
        tokens[str(state)] = links.token(code)
    row = ActivationCode.objects.filter(pk=code.pk)
    put(row, state=CodeState.REPLACED, replaced_at=now)
    old, _ = cast.make_code(dossier, els, issued_at=now - timedelta(days=15))
    tokens["past its time"] = links.token(old)
    return tokens


def test_each_link_that_does_not_work_gets_the_same_page(
    ended_links: dict[str, str],
) -> None:
    pages = {}
    for what, token in ended_links.items():
        response = Client().get(path("open_link", token))
        assert response.status_code == 410, what
        assert "activation" not in response.cookies
        pages[what] = as_read(response.content)
    assert len(set(pages.values())) == 1, pages


def test_the_page_says_what_to_do_and_what_it_costs(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    response = client.get(path("open_link", "A" * 64))
    page = text_of(response.content)
    assert "This link no longer works" in page
    assert "Come back to the city office, no appointment needed" in page
    assert "A new application costs 10 euros" in page
    assert "016 27 27 27" in page
    assert response["Referrer-Policy"] == "no-referrer"


def test_the_page_says_when_the_office_is_open(
    client: Client, office: Office, dossier: Dossier, els: Clerk
) -> None:
    office.hours.create(weekday=4, opens=time(9), closes=time(12, 30))
    with time_machine.travel(ISSUED, tick=False):  # a Friday at ten
        page = text_of(client.get(path("open_link", "A" * 64)).content)
    assert "Open now, until 12.30" in page
    assert "Friday 9.00–12.30" in page
    with time_machine.travel(ISSUED + timedelta(days=1), tick=False):
        page = text_of(client.get(path("open_link", "A" * 64)).content)
    assert "Closed, opens on Friday 27 March at 9.00" in page


def test_without_a_price_today_the_page_names_none(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    with time_machine.travel("2019-05-01"):
        page = text_of(client.get(path("open_link", "A" * 64)).content)
    assert "This link no longer works" in page
    assert "costs" not in page


def test_a_dead_link_asks_the_office_of_its_dossier(
    client: Client, dossier: Dossier, els: Clerk, gust: Clerk
) -> None:
    theirs = cast.make_dossier(cast.make_applicant(cast.ANNA_NUMBER), gust)
    code, _ = cast.make_code(
        theirs, gust, issued_at=timezone.now() - timedelta(days=20)
    )
    assert "Elders" in text_of(client.get(link(code)).content)


def test_a_link_whose_dossier_was_cancelled_does_not_work(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    code, _ = cast.make_code(dossier, els)
    Dossier.objects.filter(pk=dossier.pk).update(
        state=DossierState.CANCELLED, cancelled_at=timezone.now()
    )
    assert client.get(link(code)).status_code == 410


@pytest.mark.parametrize(
    ("issued", "last"),
    [
        # Over the night in spring: 335 hours. Over the one in autumn: 337.
        ("2026-03-20T10:00:00+01:00", "2026-04-03T10:00:00+02:00"),
        ("2026-10-20T10:00:00+02:00", "2026-11-03T10:00:00+01:00"),
        ("2026-06-01T10:00:00+02:00", "2026-06-15T10:00:00+02:00"),
    ],
)
def test_the_link_ends_at_the_very_second(
    dossier: Dossier, els: Clerk, issued: str, last: str
) -> None:
    end = datetime.fromisoformat(last)
    with time_machine.travel(datetime.fromisoformat(issued), tick=False) as clock:
        code, _ = cast.make_code(dossier, els, issued_at=timezone.now())
        clock.move_to(end - timedelta(seconds=1))
        assert Client().get(link(code)).status_code == 303
        clock.move_to(end)
        assert Client().get(link(code)).status_code == 410


def test_only_looking_is_allowed(client: Client, dossier: Dossier, els: Clerk) -> None:
    code, _ = cast.make_code(dossier, els)
    assert client.post(link(code)).status_code == 405


def test_the_token_is_in_no_log_line(
    client: Client, dossier: Dossier, els: Clerk, caplog: pytest.LogCaptureFixture
) -> None:
    """Django's own line about a refusal would name the path."""
    code, _ = cast.make_code(dossier, els)
    tokens = [links.token(code), links.token(code)[:-1], "Z" * 64]
    for token in tokens:
        client.get(path("open_link", token))
    written = caplog.text
    assert "Gone: en/a/<str:token>/" in written
    for token in tokens:
        assert token not in written

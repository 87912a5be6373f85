"""A link that does not work: one page for all reasons, with how to reach the office."""

import re
from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from activation.codes import links
from activation.enums import CodeState
from activation.models import ActivationCode
from counter.enums import DossierState
from counter.models import Clerk, Dossier, Office
from tests import cast
from tests.activation.helpers import link, path, text_of
from tests.activation.journey.traces import as_read
from tests.states import put

ISSUED = datetime.fromisoformat("2026-03-20T10:00:00+01:00")


@pytest.fixture
def ended_links(dossier: Dossier, els: Clerk) -> dict[str, str]:
    """For each reason why a link does not work, the token of such a link."""
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
        # End the code before, because a dossier can have only one live code.
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


def test_the_page_has_a_heading_for_who_has_a_key_and_one_for_who_has_not(
    client: Client, ended_links: dict[str, str]
) -> None:
    """Each page has both, because a dead link does not tell which one applies."""
    for token in ended_links.values():
        page = client.get(path("open_link", token), follow=True).content.decode()
        main = page[page.index("<main") : page.index("</main>")]
        assert re.findall(r"<h2>([^<]+)</h2>", main)[:2] == [
            "I have a key",
            "I do not have a key yet",
        ]
        has, has_not = main.split("<h2>")[1:3]
        assert "My digital keys" in has
        for words in ("newest e-mail", "a new code is free", "you pay again"):
            assert words in text_of(has_not.encode())


def test_each_link_that_does_not_work_gets_the_same_page(
    ended_links: dict[str, str],
) -> None:
    pages = {}
    for reason, token in ended_links.items():
        response = Client().get(path("open_link", token))
        assert response.status_code == 410, reason
        assert "activation" not in response.cookies
        pages[reason] = as_read(response.content)
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
    assert re.search("Friday \\(? ?today ?\\) 9.00–12.30", page)
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
        # 335 hours when the clocks change in spring meanwhile, 337 hours in autumn.
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

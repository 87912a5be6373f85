"""Links that somebody made up, and links that no longer work.

Opening them changes no row, and all show the same page: unknown, used, expired and
locked. `make soak` opens 100,000 links, and `make test` 1,000 of them.
"""

from collections import Counter
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from activation.codes import links
from activation.enums import CodeState
from activation.models import ActivationCode
from counter.enums import DossierState
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import open_link, path
from tests.activation.journey.traces import all_tables, as_read, rows_touched
from tests.activation.threats.crowd import address, codes, invented
from tests.payments.people import dossiers
from tests.size import SEED, SOAK

LINKS = 100_000 if SOAK else 1_000
OVER = ("used", "locked", "replaced", "lapsed", "frozen")


@pytest.fixture
def dead(els: Clerk) -> list[str]:
    """Tokens of links that worked once, one for each way in which a link ends."""
    now = timezone.now()
    tokens = []
    for state, (code, _text) in zip(OVER, codes(els, len(OVER)), strict=True):
        ActivationCode.objects.filter(pk=code.pk).update(
            state=CodeState(state), **{f"{state}_at": now}
        )
        tokens.append(links.token(code))
    old, cancelled = dossiers(els, 2, first=100)
    two_weeks_ago = now - timedelta(days=15)
    tokens.append(links.token(cast.make_code(old, els, issued_at=two_weeks_ago)[0]))
    tokens.append(links.token(cast.make_code(cancelled, els)[0]))
    Dossier.objects.filter(pk=cancelled.pk).update(
        state=DossierState.CANCELLED, cancelled_at=now
    )
    return tokens


def test_invented_links_move_nothing_and_all_read_alike(
    dead: list[str], els: Clerk
) -> None:
    """Both links of the mail; three of four invented tokens have a real code's id."""
    ((real, _text),) = codes(els, 1, first=200)
    pages: Counter[str] = Counter()
    statuses: Counter[int] = Counter()
    before, touched = all_tables(), rows_touched()
    for number in range(LINKS):
        kind = number % 6
        dead_one = dead[number % len(dead)]
        token = invented(kind, real, number) if kind < 4 else dead_one
        name = "open_refusal" if kind in (1, 3) else "open_link"
        browser = Client(REMOTE_ADDR=address(number % 7))
        response = browser.get(path(name, token))
        statuses[response.status_code] += 1
        pages[as_read(response.content)] += 1
        assert not response.cookies
    moved = rows_touched() - touched
    print(
        f"{LINKS} invented and dead links (seed {SEED}): "
        f"{moved} rows touched (bound 0), {len(pages)} page (bound 1), "
        f"statuses {dict(statuses)}"
    )
    assert moved == 0
    assert all_tables() == before
    assert len(pages) == 1
    assert set(statuses) == {410}


def test_no_header_tells_a_dead_link_from_an_invented_one(
    dead: list[str], els: Clerk
) -> None:
    """All tokens are equally long, because the page's language links contain them."""
    ((real, _text),) = codes(els, 1, first=200)
    tokens = [*dead, *(invented(kind, real) for kind in range(3))]  # of one length
    answers = set()
    for token in tokens:
        response = Client().get(path("open_link", token))
        headers = {
            name: value
            for name, value in response.headers.items()
            if name not in {"X-Request-ID", "Content-Security-Policy"}
        }
        answers.add((response.status_code, str(sorted(headers.items()))))
    print(f"{len(tokens)} kinds of dead links: {len(answers)} set of headers (bound 1)")
    assert len(answers) == 1


def test_a_cookie_of_a_link_that_is_over_opens_the_same_page(els: Clerk) -> None:
    """The link is opened while it works, and then used, locked, replaced and so on."""
    pairs = codes(els, len(OVER))
    pages = set()
    for state, (code, text) in zip(OVER, pairs, strict=True):
        browser = Client()
        open_link(browser, code)
        ActivationCode.objects.filter(pk=code.pk).update(
            state=CodeState(state), **{f"{state}_at": timezone.now()}
        )
        for response in (
            browser.get(path("enter_code")),
            browser.post(path("enter_code"), {"code": text}),
        ):
            assert response.status_code == 410
            pages.add(as_read(response.content))
    print(f"{len(OVER)} ends of a link, with its cookie: {len(pages)} page (bound 1)")
    assert len(pages) == 1

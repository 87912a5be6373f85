"""A drawer may be counted again until it is approved, and each count is kept."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from counter.exceptions import CounterError
from counter.journal.events import Event
from counter.models import Clerk, Office
from payments.closing.export import export_session
from payments.drawers.counting import ask_recount, recount_drawer
from payments.drawers.drawers import approve_drawer
from payments.enums import DrawerState
from payments.models import DrawerSession
from tests import cast
from tests.activation.helpers import text_of
from tests.litany import signed_in
from tests.payments.counting import (
    DRAWER,
    beside,
    closed,
    counted,
    path,
    pieces,
    sentences_of,
)
from tests.races import at_once


@pytest.fixture
def drawer(els: Clerk) -> DrawerSession:
    """The open drawer of els, with a float of 100 euros."""
    return DrawerSession.objects.get(clerk=els)


def test_a_counted_one_is_counted_again_and_both_are_shown(
    drawer: DrawerSession, els_client: Client, sofie_client: Client
) -> None:
    counted(drawer)
    page = els_client.get(DRAWER).text
    assert path("recount_drawer", drawer) in page
    answer = els_client.post(path("recount_drawer", drawer), pieces(pieces_1000="5"))
    assert answer.status_code == 303
    drawer.refresh_from_db()
    assert (drawer.state, drawer.difference) == (DrawerState.COUNTED, Decimal(0))
    assert [count.amount for count in drawer.counts.all()] == [50, 100]
    for client, address in (
        (els_client, DRAWER),
        (sofie_client, path("approve_drawer", drawer)),
    ):
        text = text_of(client.get(address).content)
        assert "Count 1 by els: € 50.00, difference € -50.00." in text
        assert "Count 2 by els: € 100.00, difference € 0.00." in text
    assert sentences_of(Event.DRAWER_RECOUNTED) == [
        "els counted the drawer again, count 2: €\N{NO-BREAK SPACE}100.00."
    ]


def test_a_closed_one_is_counted_again_while_another_is_open(
    drawer: DrawerSession, els: Clerk, els_client: Client
) -> None:
    """As on the next morning, when today's drawer is open too."""
    closed(drawer)
    cast.open_drawer(els, drawer.office)
    assert path("recount_drawer", drawer) in els_client.get(DRAWER).text
    again = path("recount_drawer", drawer)
    without = els_client.post(again, pieces(pieces_1000="4"))
    assert without.status_code == 409
    assert 'value="4"' in without.text
    answer = els_client.post(
        again, pieces(pieces_1000="4", reason="A ten stuck to another")
    )
    assert answer.status_code == 303
    drawer.refresh_from_db()
    assert drawer.state == DrawerState.CLOSED
    assert drawer.difference == Decimal("-10.00")
    assert drawer.difference_reason == "A ten stuck to another"
    # The second count keeps the reason that was given for the first one.
    assert drawer.counts.get(nth=2).was_said == "A note was torn"


def test_who_works_in_another_office_by_now_still_counts_it(
    drawer: DrawerSession, els: Clerk, other_office: Office
) -> None:
    """Every link on the page of the own drawer leads somewhere."""
    Clerk.objects.filter(pk=els.pk).update(office=other_office)
    client, again = signed_in(els), path("recount_drawer", drawer)
    counted(drawer)
    assert again in client.get(DRAWER).text
    assert client.post(again, pieces()).status_code == 303
    form = {"count": "2", "reason": "unknown"}
    client.post(reverse("payments_drawers:close_drawer"), form)
    assert again in client.get(DRAWER).text
    assert client.post(again, pieces(reason="unknown")).status_code == 303
    assert drawer.counts.count() == 3


def test_what_adds_up_after_all_needs_no_reason(
    drawer: DrawerSession, els_client: Client
) -> None:
    closed(drawer)
    els_client.post(path("recount_drawer", drawer), pieces(pieces_5000="2"))
    drawer.refresh_from_db()
    assert (drawer.difference, drawer.difference_reason) == (Decimal(0), "")


def test_a_supervisor_asks_for_it_and_signs_only_afterwards(
    drawer: DrawerSession, els_client: Client, sofie: Clerk, sofie_client: Client
) -> None:
    closed(drawer)
    approve = path("approve_drawer", drawer)
    for _ in range(2):
        answer = sofie_client.post(path("ask_recount", drawer), {"count": "1"})
        assert answer.headers["Location"] == approve
    assert sentences_of(Event.DRAWER_RECOUNT_ASKED) == [
        "sofie asked els to count the drawer again."
    ]
    assert "sofie asks you to count it again" in text_of(els_client.get(DRAWER).content)
    form = {"sealed_bag": "Z", "count": "1"}
    assert sofie_client.post(approve, form).status_code == 409
    els_client.post(path("recount_drawer", drawer), pieces(pieces_5000="2"))
    assert "asks you" not in text_of(els_client.get(DRAWER).content)
    form = {"sealed_bag": "Z", "count": "2"}
    assert sofie_client.post(approve, form).status_code == 303


def test_no_figures_leave_for_the_accounting_while_a_recount_is_asked(
    drawer: DrawerSession, els_client: Client, sofie: Clerk, sofie_client: Client
) -> None:
    """Exported figures are final: nobody could count again or approve the drawer."""
    closed(drawer)
    ask_recount(drawer=drawer, count=1, supervisor=sofie, at=timezone.now())
    answer = sofie_client.post(
        reverse("payments_closing:export_drawer", args=[drawer.pk]), follow=True
    )
    assert "Only an approved drawer is exported." in text_of(answer.content)
    els_client.post(path("recount_drawer", drawer), pieces(pieces_5000="2"))
    approve = path("approve_drawer", drawer)
    form = {"sealed_bag": "Z", "count": "2"}
    assert sofie_client.post(approve, form).status_code == 303
    batch = export_session(session_id=drawer.pk, by=sofie, at=timezone.now())
    assert b"Kasverschil" not in batch.content


def test_two_may_make_the_recount_that_was_asked(
    drawer: DrawerSession, bart: Clerk, sofie_client: Client
) -> None:
    closed(drawer)
    sofie_client.post(path("ask_recount", drawer), {"count": "1"})
    form = pieces(pieces_1000="4", reason="as she said") | beside(bart)
    answer = sofie_client.post(path("count_for_colleague", drawer), form)
    assert answer.status_code == 303
    drawer.refresh_from_db()
    assert drawer.recount_asked_at is None
    assert drawer.counts.count() == 2


def attempts(
    drawer: DrawerSession, els: Clerk, sofie: Clerk
) -> list[Callable[[], Any]]:
    now = timezone.now()
    return [
        partial(
            recount_drawer, drawer=drawer, clerk=els, counts={}, reason="x", at=now
        ),
        partial(ask_recount, drawer=drawer, count=1, supervisor=sofie, at=now),
    ]


def test_after_the_approval_it_is_not(
    drawer: DrawerSession, els: Clerk, els_client: Client, bart: Clerk, sofie: Clerk
) -> None:
    closed(drawer)
    approve_drawer(
        drawer=drawer, count=1, supervisor=sofie, sealed_bag="Z", at=timezone.now()
    )
    for attempt in attempts(drawer, els, sofie):
        with pytest.raises(CounterError):
            attempt()
    els_client.post(path("recount_drawer", drawer), pieces())
    signed_in(sofie).post(path("count_for_colleague", drawer), pieces() | beside(bart))
    assert drawer.counts.count() == 1


def test_nobody_recounts_a_colleagues_drawer_alone(
    drawer: DrawerSession, bart_client: Client, sofie_client: Client
) -> None:
    closed(drawer)
    for client in (bart_client, sofie_client):
        again = path("recount_drawer", drawer)
        assert client.get(again).status_code == 404
        assert client.post(again, pieces()).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        "counted_amount = 100, difference = 0",
        "difference_reason = 'other'",
        "expected_amount = 50, difference = 0",
        "counted_at = now()",
    ],
)
def test_the_database_changes_no_figure_without_a_count(
    drawer: DrawerSession, change: str
) -> None:
    closed(drawer)
    refused = pytest.raises(DatabaseError, match="not changed so")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE payments_drawersession SET {change}")  # noqa: S608


@pytest.mark.django_db(transaction=True)
def test_a_recount_and_an_approval_at_once_agree(
    drawer: DrawerSession, els: Clerk, sofie: Clerk
) -> None:
    closed(drawer)

    def attempt(act: Callable[[], Any]) -> object:
        try:
            act()
        except CounterError as error:
            return error
        return None

    now = timezone.now()
    sign = partial(
        approve_drawer, drawer=drawer, count=1, supervisor=sofie, sealed_bag="Z", at=now
    )
    again = partial(
        recount_drawer, drawer=drawer, clerk=els, counts={"2000": 5}, reason="", at=now
    )
    answers = at_once([partial(attempt, sign), partial(attempt, again)])
    assert sum(answer is None for answer in answers) == 1
    drawer.refresh_from_db()
    assert drawer.counted_amount == drawer.counts.last().amount  # type: ignore[union-attr]


def test_more_drawers_are_no_more_questions_to_the_database(
    drawer: DrawerSession, els: Clerk, sofie: Clerk, els_client: Client
) -> None:
    sent = []
    for n in range(3):
        one = cast.open_drawer(els, drawer.office) if n else drawer
        closed(one)
        ask_recount(drawer=one, supervisor=sofie, count=1, at=timezone.now())
        with CaptureQueriesContext(connection) as queries:
            els_client.get(DRAWER)
        sent.append(len(queries))
    # The session's first page asks for more, so it is not compared.
    assert sent[1] == sent[2]

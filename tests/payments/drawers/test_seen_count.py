"""A page about a counted drawer acts on the count that it showed, and on no other."""

import pytest
from django.test import Client
from django.urls import reverse

from counter.models import Clerk
from payments.enums import DrawerState
from payments.models import DrawerSession
from tests.payments.counting import beside, closed, counted, path, pieces


@pytest.fixture
def drawer(els: Clerk) -> DrawerSession:
    """The open drawer of els, with a float of 100 euros."""
    return DrawerSession.objects.get(clerk=els)


def counts_again(client: Client, drawer: DrawerSession) -> None:
    """Count the drawer again, with the same total: one note of fifty."""
    form = pieces(reason="A note was torn")
    assert client.post(path("recount_drawer", drawer), form).status_code == 303


@pytest.mark.parametrize("sent", [{"count": "1"}, {}, {"count": "x"}, {"count": "0"}])
def test_a_recount_with_the_same_total_is_not_signed_unseen(
    drawer: DrawerSession,
    els_client: Client,
    sofie_client: Client,
    sent: dict[str, str],
) -> None:
    closed(drawer)
    approve = path("approve_drawer", drawer)
    assert 'name="count" value="1"' in sofie_client.get(approve).text
    counts_again(els_client, drawer)
    answer = sofie_client.post(approve, {"sealed_bag": "Z"} | sent)
    assert answer.status_code == 409
    assert "counted again meanwhile" in answer.text
    drawer.refresh_from_db()
    assert drawer.state == DrawerState.CLOSED
    # The page with the refusal shows the new count, which can then be signed.
    assert 'name="count" value="2"' in answer.text
    answer = sofie_client.post(approve, {"sealed_bag": "Z", "count": "2"})
    assert answer.status_code == 303


def test_a_count_that_came_after_the_page_is_not_sent_back(
    drawer: DrawerSession, els_client: Client, sofie_client: Client
) -> None:
    closed(drawer)
    counts_again(els_client, drawer)
    sofie_client.post(path("ask_recount", drawer), {"count": "1"})
    drawer.refresh_from_db()
    assert drawer.recount_asked_at is None


def test_a_count_by_two_is_not_closed_by_who_saw_the_one_before(
    drawer: DrawerSession, bart: Clerk, els_client: Client, sofie_client: Client
) -> None:
    counted(drawer)
    form = pieces(pieces_1000="4") | beside(bart)
    sofie_client.post(path("count_for_colleague", drawer), form)
    close = reverse("payments_drawers:close_drawer")
    answer = els_client.post(close, {"count": "1", "reason": "A note was torn"})
    assert answer.status_code == 409
    answer = els_client.post(close, {"count": "2", "reason": "A note was torn"})
    assert answer.status_code == 303


def test_a_count_of_the_clerk_is_not_closed_by_two_who_saw_the_one_before(
    drawer: DrawerSession, bart: Clerk, els_client: Client, sofie_client: Client
) -> None:
    counted(drawer)
    counts_again(els_client, drawer)
    form = {"reason": "A note was torn"} | beside(bart)
    close = path("close_for_colleague", drawer)
    assert sofie_client.post(close, form | {"count": "1"}).status_code == 409
    assert sofie_client.post(close, form | {"count": "2"}).status_code == 303

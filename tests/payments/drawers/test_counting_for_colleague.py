"""Two people count and close a drawer for a clerk who has left."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from counter.journal.events import Event
from counter.models import Clerk, Dossier, Office, SignInFailure
from payments.drawers.drawers import approve_drawer
from payments.enums import DrawerState, Method
from payments.models import DrawerSession
from tests import cast
from tests.activation.helpers import text_of
from tests.counter import app
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
from tests.payments.money_back import hand_over
from tests.payments.reversals.test_service_handing_over import agreed
from tests.payments.reversals.test_service_reversing import paid


@pytest.fixture
def drawer(els: Clerk) -> DrawerSession:
    """The open drawer of els, with a float of 100 euros."""
    return DrawerSession.objects.get(clerk=els)


def test_a_supervisor_and_a_colleague_count_and_close_it_for_her(
    drawer: DrawerSession, els: Clerk, bart: Clerk, sofie_client: Client
) -> None:
    Clerk.objects.filter(pk=els.pk).update(is_active=False)
    page = sofie_client.get(DRAWER).text
    assert path("approve_drawer", drawer) in page
    assert "this account is switched off" in page
    count = path("count_for_colleague", drawer)
    blind = text_of(sofie_client.get(count).content)
    for label in ("Expected", "Difference", "Float"):
        assert label not in blind
    answer = sofie_client.post(count, pieces(pieces_2000="2") | beside(bart))
    assert answer.headers["Location"] == path("close_for_colleague", drawer)
    close = sofie_client.get(answer.headers["Location"])
    assert "-10.00" in close.text
    # The colleague gave his password at the count, a moment ago.
    assert "colleague_password" not in close.text
    answer = sofie_client.post(
        path("close_for_colleague", drawer),
        {"count": "1", "reason": "She is ill at home"},
    )
    assert answer.status_code == 303
    drawer.refresh_from_db()
    assert drawer.state == DrawerState.CLOSED
    assert drawer.difference == Decimal("-10.00")
    assert sentences_of(Event.DRAWER_COUNTED_FOR) == [
        "sofie and bart counted the drawer of els: €\N{NO-BREAK SPACE}90.00."
    ]
    assert sentences_of(Event.DRAWER_CLOSED_FOR) == [
        (
            "sofie and bart closed the drawer of els; the difference is"
            " €\N{NO-BREAK SPACE}-10.00."
        )
    ]


def test_the_journal_calls_all_three_by_their_names(
    drawer: DrawerSession, els: Clerk, bart: Clerk, sofie: Clerk
) -> None:
    for clerk, name in ((els, "Els"), (bart, "Bart"), (sofie, "Sofie")):
        Clerk.objects.filter(pk=clerk.pk).update(first_name=name, last_name="Maes")
    count = path("count_for_colleague", drawer)
    signed_in(sofie).post(count, pieces(pieces_2000="2") | beside(bart))
    (line,) = sentences_of(Event.DRAWER_COUNTED_FOR)
    assert line.startswith("Sofie Maes and Bart Maes counted the drawer of Els Maes: ")


def test_its_page_offers_what_may_be_done_with_it(
    drawer: DrawerSession, bart: Clerk, sofie_client: Client
) -> None:
    page = path("approve_drawer", drawer)
    start = text_of(sofie_client.get(page).content)
    assert "Approve a drawer" not in start
    assert "count and close it" in start
    sofie_client.post(path("count_for_colleague", drawer), pieces() | beside(bart))
    sofie_client.post(
        path("close_for_colleague", drawer), {"count": "1", "reason": "unknown"}
    )
    after = text_of(sofie_client.get(page).content)
    assert "count it again" in after
    assert "count and close it" not in after


def test_the_difference_is_hers_to_see(
    drawer: DrawerSession, els_client: Client, bart: Clerk, sofie_client: Client
) -> None:
    sofie_client.post(path("count_for_colleague", drawer), pieces() | beside(bart))
    sofie_client.post(
        path("close_for_colleague", drawer), {"count": "1", "reason": "unknown"}
    )
    text = text_of(els_client.get(DRAWER).content)
    assert "Count 1 by sofie: € 50.00, difference € -50.00." in text
    assert "Together with bart." in text


def test_it_blocks_nothing_any_more(
    drawer: DrawerSession, els: Clerk, bart: Clerk, sofie: Clerk
) -> None:
    client = signed_in(sofie)
    client.post(path("count_for_colleague", drawer), pieces() | beside(bart))
    client.post(
        path("close_for_colleague", drawer), {"count": "1", "reason": "unknown"}
    )
    drawer.refresh_from_db()
    approve_drawer(
        drawer=drawer, count=1, supervisor=sofie, sealed_bag="Z", at=timezone.now()
    )
    cast.open_drawer(els, drawer.office)


def test_after_the_colleague_was_switched_off_another_one_closes_it(
    drawer: DrawerSession, office: Office, bart: Clerk, sofie_client: Client
) -> None:
    lies = cast.make_clerk("lies", office, desk="", has_drawer=False)
    sofie_client.post(path("count_for_colleague", drawer), pieces() | beside(bart))
    Clerk.objects.filter(pk=bart.pk).update(is_active=False)
    close = path("close_for_colleague", drawer)
    assert "colleague_password" in sofie_client.get(close).text
    form = {"count": "1", "reason": "unknown"}
    assert sofie_client.post(close, form).status_code == 422
    assert sofie_client.post(close, form | beside(lies)).status_code == 303
    drawer.refresh_from_db()
    assert drawer.state == DrawerState.CLOSED


def test_one_that_she_counted_herself_is_closed_by_two(
    drawer: DrawerSession, bart: Clerk, sofie_client: Client
) -> None:
    counted(drawer)
    close = path("close_for_colleague", drawer)
    assert "colleague_password" in sofie_client.get(close).text
    alone = sofie_client.post(close, {"count": "1", "reason": "unknown"})
    assert alone.status_code == 422
    silent = {"count": "1", "reason": ""} | beside(bart)
    assert sofie_client.post(close, silent).status_code == 422
    answer = sofie_client.post(
        close, {"count": "1", "reason": "unknown"} | beside(bart)
    )
    assert answer.status_code == 303
    drawer.refresh_from_db()
    assert (drawer.state, drawer.difference_reason) == (DrawerState.CLOSED, "unknown")


@pytest.mark.parametrize(
    ("who", "changes"),
    [
        ("els", {}),  # whose drawer it is
        ("sofie", {}),  # the supervisor herself
        ("gust", {}),  # of another office
        ("bart", {"colleague_password": "wrong"}),
        ("bart", {"colleague_password": ""}),
        ("nobody", {}),
    ],
)
def test_the_second_person_is_another_colleague_who_proves_it(
    drawer: DrawerSession,
    bart: Clerk,
    gust: Clerk,
    sofie_client: Client,
    who: str,
    changes: dict[str, str],
) -> None:
    form = beside(bart, colleague_name=who, **changes)
    answer = sofie_client.post(path("count_for_colleague", drawer), pieces() | form)
    assert answer.status_code == 422
    assert 'value="1"' in answer.text  # what was counted is not lost
    assert cast.PASSWORD not in answer.text
    drawer.refresh_from_db()
    assert drawer.state == DrawerState.OPEN


def test_who_was_switched_off_is_no_second_person(
    drawer: DrawerSession, bart: Clerk, sofie_client: Client
) -> None:
    Clerk.objects.filter(pk=bart.pk).update(is_active=False)
    form = pieces() | beside(bart)
    assert (
        sofie_client.post(path("count_for_colleague", drawer), form).status_code == 422
    )


def test_a_wrong_password_counts_as_a_try_to_sign_in(
    drawer: DrawerSession, bart: Clerk, sofie_client: Client
) -> None:
    form = pieces() | beside(bart, colleague_password="wrong")
    sofie_client.post(path("count_for_colleague", drawer), form)
    assert SignInFailure.objects.get().failures == 1


def test_the_six_digits_of_the_colleague_are_asked(
    drawer: DrawerSession, bart: Clerk, sofie_client: Client, settings: Settings
) -> None:
    settings.STAFF_SECOND_FACTOR = True
    app.set_up(bart)
    count = path("count_for_colleague", drawer)
    form = pieces() | beside(bart, colleague_digits=app.wrong(bart))
    assert sofie_client.post(count, form).status_code == 422
    form["colleague_digits"] = app.digits(bart)
    assert sofie_client.post(count, form).status_code == 303


def test_the_digits_are_not_used_up_by_a_form_that_comes_back(
    drawer: DrawerSession, bart: Clerk, sofie_client: Client, settings: Settings
) -> None:
    """As when a closed drawer is counted again, and a difference has no reason."""
    closed(drawer)
    settings.STAFF_SECOND_FACTOR = True
    app.set_up(bart)
    form = pieces() | beside(bart, colleague_digits=app.digits(bart))
    count = path("count_for_colleague", drawer)
    answer = sofie_client.post(count, form)
    assert list(answer.context["form"].errors) == ["reason"]
    assert sofie_client.post(count, form | {"reason": "torn"}).status_code == 303


def test_nor_when_it_is_closed_without_a_reason(
    drawer: DrawerSession, bart: Clerk, sofie_client: Client, settings: Settings
) -> None:
    counted(drawer)
    settings.STAFF_SECOND_FACTOR = True
    app.set_up(bart)
    form = {"count": "1"} | beside(bart, colleague_digits=app.digits(bart))
    close = path("close_for_colleague", drawer)
    answer = sofie_client.post(close, form)
    assert list(answer.context["form"].errors) == ["reason"]
    assert sofie_client.post(close, form | {"reason": "torn"}).status_code == 303


def test_nor_while_a_refund_from_it_is_open(
    drawer: DrawerSession,
    els: Clerk,
    bart: Clerk,
    sofie: Clerk,
    sofie_client: Client,
    dossier: Dossier,
    settings: Settings,
) -> None:
    reversal = agreed(paid(dossier, els, Method.CASH), els, sofie, at=timezone.now())
    settings.STAFF_SECOND_FACTOR = True
    app.set_up(bart)
    form = pieces() | beside(bart, colleague_digits=app.digits(bart))
    count = path("count_for_colleague", drawer)
    assert sofie_client.get(count).context["refusal"]
    assert sofie_client.post(count, form).status_code == 422
    hand_over(reversal, els, at=timezone.now())
    assert sofie_client.post(count, form).status_code == 303


def test_nobody_counts_an_own_drawer_so(office: Any, sofie: Clerk, bart: Clerk) -> None:  # noqa: ANN401
    own = cast.open_drawer(sofie, office)
    client = signed_in(sofie)
    form = pieces() | beside(bart)
    assert client.post(path("count_for_colleague", own), form).status_code == 303
    own.refresh_from_db()
    assert own.state == DrawerState.OPEN

"""A drawer from its float to the supervisor's signature (docs/domain.md#the-drawer)."""

import uuid
from decimal import Decimal
from functools import partial

import pytest
from django.utils import timezone

from counter.enums import Role
from counter.exceptions import CounterError
from counter.journal.events import Event
from counter.models import Clerk, JournalEntry
from payments.drawers.denominations import DENOMINATIONS, fewest, worth
from payments.drawers.drawers import (
    approve_drawer,
    close_drawer,
    count_drawer,
    deposit,
    expected_in,
    open_drawer,
)
from payments.enums import DrawerState, Method
from payments.exceptions import (
    DrawerMovedOnError,
    DrawerOpenError,
    DrawerRefusedError,
    NoDrawerError,
)
from payments.models import DrawerMovement, DrawerSession, Payment
from tests import cast
from tests.payments.drawers.own_drawer import FLOAT, closed, drawer, pay
from tests.payments.people import dossiers

__all__ = ["closed", "drawer"]


def bring(drawer: DrawerSession, clerk: Clerk, amount: str) -> DrawerMovement:
    return deposit(
        drawer=drawer,
        clerk=clerk,
        amount=Decimal(amount),
        reference="Z1",
        submission=uuid.uuid4(),
        at=timezone.now(),
    )


def test_a_float_is_worth_its_notes_and_coins() -> None:
    assert worth({"50000": 1, "5": 3, "1": 2}) == Decimal("500.17")
    assert worth({}) == Decimal("0.00")
    assert worth({str(cents): 1 for cents in DENOMINATIONS}) == Decimal("888.88")
    assert fewest(Decimal("888.88")) == {str(cents): 1 for cents in DENOMINATIONS}
    for nonsense in ({"300": 1}, {"500": -1}):
        with pytest.raises(ValueError, match="No drawer holds"):
            worth(nonsense)


def test_seven_in_cash_and_three_by_card_are_seventy_more(
    drawer: DrawerSession, nadia: Clerk
) -> None:
    """The example of docs/domain.md#the-drawer without its reversal."""
    methods = [Method.CASH] * 7 + [Method.CARD] * 3
    for dossier, method in zip(dossiers(nadia, 10), methods, strict=True):
        assert isinstance(pay(dossier, nadia, method), Payment)
    assert expected_in(drawer) == Decimal("170.00")
    counted = count_drawer(
        drawer=drawer, clerk=nadia, counts=fewest(Decimal(165)), at=timezone.now()
    )
    assert counted.expected_amount == Decimal("170.00")
    assert counted.difference == Decimal("-5.00")


def test_a_deposit_is_no_longer_expected(drawer: DrawerSession, nadia: Clerk) -> None:
    bring(drawer, nadia, "60.00")
    assert expected_in(drawer) == Decimal("40.00")
    with pytest.raises(DrawerRefusedError):
        bring(drawer, nadia, "40.01")
    bring(drawer, nadia, "40.00")
    assert expected_in(drawer) == Decimal("0.00")


def test_the_same_deposit_twice_is_one(drawer: DrawerSession, nadia: Clerk) -> None:
    send = partial(deposit, drawer=drawer, clerk=nadia, submission=uuid.uuid4())
    for _ in range(2):
        send(amount=Decimal(60), reference="", at=timezone.now())
    assert DrawerMovement.objects.count() == 1


def test_another_bag_on_the_same_form_is_not_told_as_noted(
    drawer: DrawerSession, nadia: Clerk
) -> None:
    send = partial(deposit, drawer=drawer, clerk=nadia, submission=uuid.uuid4())
    send(amount=Decimal(60), reference="Z1", at=timezone.now())
    for amount, reference in ((61, "Z1"), (60, "Z2")):
        with pytest.raises(DrawerRefusedError):
            send(amount=Decimal(amount), reference=reference, at=timezone.now())
    assert DrawerMovement.objects.get().amount == 60


def test_a_difference_needs_a_reason(drawer: DrawerSession, nadia: Clerk) -> None:
    now = timezone.now()
    count_drawer(drawer=drawer, clerk=nadia, counts={"5000": 1}, at=now)
    with pytest.raises(DrawerRefusedError):
        close_drawer(drawer=drawer, count=1, clerk=nadia, reason="  ", at=now)
    closed = close_drawer(
        drawer=drawer, count=1, clerk=nadia, reason="Gave back too much", at=now
    )
    assert closed.state == DrawerState.CLOSED
    assert closed.difference == Decimal("-50.00")


def test_a_drawer_is_counted_once(drawer: DrawerSession, nadia: Clerk) -> None:
    count_drawer(drawer=drawer, clerk=nadia, counts={"5000": 1}, at=timezone.now())
    with pytest.raises(DrawerMovedOnError):
        count_drawer(drawer=drawer, clerk=nadia, counts=FLOAT, at=timezone.now())


def test_nothing_books_on_a_counted_drawer(drawer: DrawerSession, nadia: Clerk) -> None:
    (dossier,) = dossiers(nadia, 1)
    count_drawer(drawer=drawer, clerk=nadia, counts=FLOAT, at=timezone.now())
    assert isinstance(pay(dossier, nadia), NoDrawerError)
    with pytest.raises(DrawerMovedOnError):
        bring(drawer, nadia, "10.00")
    assert isinstance(pay(dossier, nadia, Method.CARD), Payment)


def test_a_colleagues_drawer_is_left_alone(
    drawer: DrawerSession, els: Clerk, nadia: Clerk
) -> None:
    with pytest.raises(DrawerMovedOnError):
        count_drawer(drawer=drawer, clerk=els, counts=FLOAT, at=timezone.now())
    with pytest.raises(DrawerMovedOnError):
        bring(drawer, els, "10.00")


def test_another_drawer_waits_until_this_one_is_closed(
    drawer: DrawerSession, nadia: Clerk
) -> None:
    now = timezone.now()
    with pytest.raises(DrawerOpenError):
        open_drawer(clerk=nadia, counts=FLOAT, at=now)
    count_drawer(drawer=drawer, clerk=nadia, counts=FLOAT, at=now)
    with pytest.raises(DrawerOpenError):
        open_drawer(clerk=nadia, counts=FLOAT, at=now)
    close_drawer(drawer=drawer, count=1, clerk=nadia, reason="", at=now)
    open_drawer(clerk=nadia, counts=FLOAT, at=now)


def test_the_supervisor_signs_with_a_bag(closed: DrawerSession, sofie: Clerk) -> None:
    with pytest.raises(DrawerRefusedError):
        approve_drawer(
            drawer=closed, count=1, supervisor=sofie, sealed_bag=" ", at=timezone.now()
        )
    approve_drawer(
        drawer=closed, count=1, supervisor=sofie, sealed_bag="Z-12", at=timezone.now()
    )
    closed.refresh_from_db()
    assert (closed.state, closed.sealed_bag) == (DrawerState.APPROVED, "Z-12")
    assert closed.approved_by == sofie


def test_nobody_else_signs(closed: DrawerSession, els: Clerk, gust: Clerk) -> None:
    lies = cast.make_clerk("lies", gust.office, desk="", role=Role.SUPERVISOR)
    for who in (els, lies):
        with pytest.raises(CounterError):
            approve_drawer(
                drawer=closed,
                count=1,
                supervisor=who,
                sealed_bag="Z",
                at=timezone.now(),
            )
    closed.refresh_from_db()
    assert closed.state == DrawerState.CLOSED


def test_nobody_signs_an_own_drawer(sofie: Clerk) -> None:
    now = timezone.now()
    drawer = open_drawer(clerk=sofie, counts=FLOAT, at=now)
    count_drawer(drawer=drawer, clerk=sofie, counts=FLOAT, at=now)
    closed = close_drawer(drawer=drawer, count=1, clerk=sofie, reason="", at=now)
    with pytest.raises(DrawerRefusedError):
        approve_drawer(drawer=closed, count=1, supervisor=sofie, sealed_bag="Z", at=now)


def test_the_journal_tells_it_all(
    closed: DrawerSession, nadia: Clerk, sofie: Clerk
) -> None:
    approve_drawer(
        drawer=closed, count=1, supervisor=sofie, sealed_bag="Z", at=timezone.now()
    )
    done = JournalEntry.objects.filter(event__startswith="drawer_").order_by("pk")
    events = done.values_list("event", flat=True)
    assert list(events) == [
        Event.DRAWER_OPENED,
        Event.DRAWER_COUNTED,
        Event.DRAWER_CLOSED,
        Event.DRAWER_APPROVED,
    ]

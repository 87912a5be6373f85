"""When several people act on one drawer at once, only one of them succeeds."""

from collections.abc import Callable
from functools import partial

import pytest
from django.utils import timezone

from counter.enums import Role
from counter.exceptions import CounterError
from counter.journal.events import Event
from counter.models import Clerk, JournalEntry, Office
from payments.drawers.drawers import approve_drawer, count_drawer, open_drawer
from payments.enums import DrawerState
from payments.exceptions import NoDrawerError
from payments.models import DrawerSession, Payment
from tests import cast
from tests.payments.drawers.own_drawer import FLOAT, closed, drawer, pay
from tests.payments.people import dossiers
from tests.races import at_once

__all__ = ["closed", "drawer"]


def attempt[T](action: Callable[[], T]) -> T | CounterError:
    try:
        return action()
    except CounterError as error:
        return error


@pytest.mark.django_db(transaction=True)
def test_two_supervisors_at_once_are_one_approval(
    closed: DrawerSession, sofie: Clerk, office: Office
) -> None:
    bosses = [
        sofie,
        *(
            cast.make_clerk(f"boss{n}", office, desk="", role=Role.SUPERVISOR)
            for n in range(3)
        ),
    ]
    answers = at_once(
        [
            partial(
                attempt,
                partial(
                    approve_drawer,
                    drawer=closed,
                    supervisor=boss,
                    count=1,
                    sealed_bag=f"Z-{boss}",
                    at=timezone.now(),
                ),
            )
            for boss in bosses
        ]
    )
    assert sum(answer is None for answer in answers) == 1
    closed.refresh_from_db()
    assert closed.sealed_bag == f"Z-{closed.approved_by}"
    assert JournalEntry.objects.filter(event=Event.DRAWER_APPROVED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_drawers_at_once_are_one(nadia: Clerk) -> None:
    answers = at_once(
        [
            partial(
                attempt,
                partial(open_drawer, clerk=nadia, counts=FLOAT, at=timezone.now()),
            )
        ]
        * 4
    )
    assert sum(isinstance(answer, DrawerSession) for answer in answers) == 1
    assert DrawerSession.objects.with_clerk(nadia).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_payment_and_the_count_at_once_agree(
    drawer: DrawerSession, nadia: Clerk
) -> None:
    """The count expects the cash of the payments that came before it, and no other."""
    paying: list[Callable[[], object]] = [
        partial(pay, dossier, nadia) for dossier in dossiers(nadia, 7)
    ]
    counting: Callable[[], object] = partial(
        attempt,
        partial(
            count_drawer, drawer=drawer, clerk=nadia, counts=FLOAT, at=timezone.now()
        ),
    )
    answers = at_once([*paying[:4], counting, *paying[4:]])
    taken = [answer for answer in answers if isinstance(answer, Payment)]
    refused = [answer for answer in answers if isinstance(answer, NoDrawerError)]
    assert len(taken) + len(refused) == 7
    drawer.refresh_from_db()
    assert drawer.state == DrawerState.COUNTED
    assert drawer.expected_amount == 100 + 10 * len(taken)
    assert Payment.objects.filter(drawer=drawer).count() == len(taken)

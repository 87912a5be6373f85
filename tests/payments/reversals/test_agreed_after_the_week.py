"""What was done while two accounts counted as one needs a third person's consent."""

import datetime
from functools import partial

import pytest
import time_machine
from django.utils import timezone

from counter.enums import Role
from counter.models import Clerk, Dossier, Office
from counter.staff import same_hands
from counter.staff.same_hands import SameHandsError
from payments.drawers.counting import recount_drawer
from payments.drawers.drawers import approve_drawer, close_drawer
from payments.models import DrawerSession
from payments.reversals.reversing import agree_to_reversal
from tests import cast
from tests.counter.staff.hands import closed, did
from tests.litany import signed_in
from tests.payments.counting import counted, path
from tests.payments.reversals.test_service_reversing import asked, paid

WEEK = datetime.timedelta(days=7)


@pytest.fixture
def lies(office: Office) -> Clerk:
    """A second supervisor."""
    return cast.make_clerk("lies", office, desk="", role=Role.SUPERVISOR)


def test_what_was_done_in_the_week_is_not_agreed_to_after_it(
    dossier: Dossier, els: Clerk, sofie: Clerk, lies: Clerk
) -> None:
    """Sofie could sign in as els then, so the request of els may be her own."""
    did(sofie, els)
    payment = paid(dossier, els)
    reversal = asked(payment, els)
    drawer = closed(els)
    with time_machine.travel(timezone.now() + WEEK):
        at = timezone.now()
        assert same_hands.why_not(els, sofie, at=at) == ""
        with pytest.raises(SameHandsError):
            agree_to_reversal(reversal_id=reversal.pk, supervisor=sofie, at=at)
        with pytest.raises(SameHandsError):
            approve_drawer(
                drawer=drawer, count=1, supervisor=sofie, sealed_bag="B-1", at=at
            )
        agree_to_reversal(reversal_id=reversal.pk, supervisor=lies, at=at)


@pytest.mark.parametrize("act", ["count", "close"])
def test_nor_when_only_the_last_count_or_the_closing_was_in_the_week(
    els: Clerk, sofie: Clerk, lies: Clerk, act: str
) -> None:
    """Els counted her drawer with an account that only she had; what followed Sofie
    could do as els.
    """
    drawer = DrawerSession.objects.get(clerk=els)
    counted(drawer)
    in_the_week, closed_at, count = timezone.now() + WEEK, timezone.now() + WEEK, 1
    with time_machine.travel(in_the_week):
        did(sofie, els)
        if act == "count":
            recount_drawer(
                drawer=drawer, clerk=els, counts={}, reason="", at=in_the_week
            )
            closed_at, count = closed_at + WEEK, 2
    close_drawer(drawer=drawer, clerk=els, count=count, reason="?", at=closed_at)
    with time_machine.travel(closed_at + WEEK):
        at = timezone.now()
        assert same_hands.why_not(els, sofie, at=at) == ""
        page = path("approve_drawer", drawer)
        assert signed_in(sofie).get(page).context["why_not"]
        assert not signed_in(lies).get(page).context["why_not"]
        approve = partial(
            approve_drawer, drawer=drawer, count=count, sealed_bag="B-1", at=at
        )
        with pytest.raises(SameHandsError):
            approve(supervisor=sofie)
        approve(supervisor=lies)

"""What was done while two accounts counted as one needs a third person's consent."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from counter.enums import Role
from counter.models import Clerk, Dossier, Office
from counter.staff import same_hands
from counter.staff.same_hands import SameHandsError
from payments.drawers.drawers import approve_drawer
from payments.reversals.reversing import agree_to_reversal
from tests import cast
from tests.counter.staff.hands import closed, did
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

"""How much work waits for each scheduled task."""

import datetime

from django.utils import timezone

from activation.models import ActivationCode
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk
from counter.operations import duties

SEAL = "counter.tasks.seal_journal"
LAPSE = "activation.tasks.lapse_codes"
REMIND = "notifications.tasks.remind"


def test_what_waits_for_each_is_counted(code: ActivationCode, els: Clerk) -> None:
    journal.seal()
    journal.write(Event.SIGNED_IN, clerk=els)
    now = timezone.now()
    waiting = duties.backlog(now)
    assert waiting[SEAL] == 1
    assert waiting[LAPSE] == 0
    assert waiting[REMIND] == 0
    in_a_week = now + datetime.timedelta(days=7)
    assert duties.backlog(in_a_week)[REMIND] == 1
    ends = code.valid_until + datetime.timedelta(seconds=1)
    assert duties.backlog(ends)[LAPSE] == 1
    assert duties.backlog(ends)[REMIND] == 0

"""Many mails at once are sent by more than one process, each mail by one of them."""

import pytest
from django.utils import timezone

from counter.models import Clerk
from notifications.models import Delivery
from notifications.outbox import outbox
from tests.notifications.acts import make_visits
from tests.processes.conftest import House, wait_for
from tests.processes.sending import all_settled, assert_none_lost

pytestmark = pytest.mark.processes
MAILS = 3 * outbox.LONG_ROW


def test_one_wake_up_sets_both_processes_to_work(house: House, els: Clerk) -> None:
    house.mail.slow = 0.05
    house.worker("--concurrency", "2")
    make_visits(MAILS, els)

    house.wake_up()

    wait_for(all_settled, what="all mails sent")
    assert house.mail.connections >= 2
    assert_none_lost(house, MAILS)


def test_help_is_for_long_rows_and_has_an_end(db: None, els: Clerk) -> None:
    first, *_ = make_visits(outbox.LONG_ROW + outbox.MOST_SENDERS, els)
    now = timezone.now()
    for _ in range(outbox.MOST_SENDERS):
        assert outbox.needs_senders(at=now)
        outbox.claim(at=now)
    assert not outbox.needs_senders(at=now)

    Delivery.objects.exclude(pk=first.pk).delete()
    assert not outbox.needs_senders(at=now)

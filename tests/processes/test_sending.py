"""No mail is lost or sent twice when senders stop or work at the same time.

Senders that are killed are in test_twelve_points.py. The tests shorten waits and leases
by moving the rows' times, as if the minutes had passed.
"""

import time
from collections import Counter

import pytest

from counter.models import Clerk
from notifications.enums import DeliveryState
from notifications.models import Delivery
from tests.mail_server import Hang
from tests.notifications.acts import let_time_pass
from tests.processes.conftest import House, wait_for
from tests.processes.sending import all_settled, assert_none_lost, visit, visits
from tests.size import SOAK

pytestmark = pytest.mark.processes
#: People whose mails four senders share.
MANY = 400 if SOAK else 40


def test_a_worker_asked_to_stop_finishes_the_mail_in_hand(
    house: House, els: Clerk
) -> None:
    visits(5, els)
    hang = house.mail.at_data = Hang()
    worker = house.worker("--pool", "prefork", "--concurrency", "1")
    house.wake_up()
    assert hang.reached.wait(20)

    worker.child.terminate()
    time.sleep(1)
    house.mail.at_data = None
    hang.release.set()

    assert worker.child.wait(20) == 0
    house.deliver_once()
    assert_none_lost(house, 5)


def test_a_loop_asked_to_stop_finishes_the_mail_in_hand(
    house: House, els: Clerk
) -> None:
    visits(5, els)
    hang = house.mail.at_data = Hang()
    loop = house.loop()
    assert hang.reached.wait(20)

    loop.child.terminate()
    time.sleep(0.5)
    house.mail.at_data = None
    hang.release.set()

    assert loop.child.wait(5) == 0
    assert len(house.mail.messages) == 1
    house.deliver_once()
    assert_none_lost(house, 5)


def test_a_worker_sends_within_seconds(house: House, els: Clerk) -> None:
    house.worker("--pool", "prefork", "--concurrency", "1")
    visit(0, els)
    started = time.monotonic()

    house.wake_up()

    wait_for(all_settled)
    print(f"sent after {time.monotonic() - started:.2f} s, bound 5 s")
    assert time.monotonic() - started < 5
    assert_none_lost(house, 1)


def test_many_senders_at_once_and_bad_addresses_among_many(
    house: House, els: Clerk
) -> None:
    """Two loops and a worker with two processes send each mail once and in time.

    There are 400 people in `make soak`, and 40 in `make test`.
    """
    visits(MANY, els)
    house.mail.answers = {
        "person7": "550 5.1.1 <person7@example.org> unknown",
        "person30": "451 4.2.0 <person30@example.org> later",
    }
    house.worker("--pool", "prefork", "--concurrency", "2")
    house.wake_up()
    house.wake_up()
    house.loop()
    house.loop()

    wait_for(lambda: len(house.mail.messages) == MANY - 2, what="all but two mails")
    # A mail is noted after the server has taken it.
    sent = Delivery.objects.filter(state=DeliveryState.SENT)
    wait_for(lambda: sent.count() == MANY - 2, what="their rows noted as sent")
    unknown = Delivery.objects.get(state=DeliveryState.REFUSED)
    assert unknown.dossier is not None
    assert unknown.dossier.email == "person7@example.org"
    assert unknown.answer == "550 5.1.1 unknown"
    late = Delivery.objects.unsent().get().dossier
    assert late is not None
    assert late.email == "person30@example.org"
    house.mail.answers = {}
    let_time_pass(60)
    wait_for(all_settled)
    ids = Counter(mail["Message-ID"] for mail in house.mail.messages)
    print(f"{len(ids)} mails by four senders, {max(ids.values())} times at most")
    assert len(ids) == MANY - 1
    assert set(ids.values()) == {1}

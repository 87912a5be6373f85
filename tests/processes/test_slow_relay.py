"""A mail server answers minutes after a text, and senders end while they wait."""

import time

import pytest

from counter.models import Clerk
from notifications.channels import smtp
from notifications.enums import DeliveryState
from notifications.models import Delivery
from notifications.outbox import waiting_room
from notifications.querysets import MOST_UNCONFIRMED
from tests.mail_server import Hang
from tests.notifications.acts import let_time_pass, make_visits
from tests.processes.conftest import House, Process, wait_for
from tests.processes.sending import LEASE, all_settled, assert_none_lost

pytestmark = pytest.mark.processes
#: Longer than the pass waits itself, so that the mail is in the waiting room.
IN_THE_ROOM = smtp.PATIENCE_SECONDS + 1
STOPS_WITHIN = smtp.PATIENCE_SECONDS + waiting_room.LAST_SECONDS + 8


def start(house: House, kind: str) -> Process:
    if kind == "loop":
        return house.loop()
    worker = house.worker("--pool", "prefork", "--concurrency", "1")
    house.wake_up()
    return worker


def test_three_senders_killed_while_the_server_thinks_make_three_copies(
    house: House, els: Clerk
) -> None:
    (row,) = make_visits(1, els)
    for _ in range(MOST_UNCONFIRMED):
        hang = house.mail.at_data = Hang()
        sender = house.loop()
        assert hang.reached.wait(20)
        time.sleep(IN_THE_ROOM)
        sender.kill()
        hang.release.set()
        let_time_pass(LEASE)
    house.mail.at_data = None

    for _ in range(3):
        house.deliver_once()
        let_time_pass(LEASE)

    row.refresh_from_db()
    print(f"{len(house.mail.messages)} copies, bound {MOST_UNCONFIRMED}")
    assert row.state == DeliveryState.UNKNOWN
    assert len(house.mail.messages) == MOST_UNCONFIRMED
    assert len({mail["Message-ID"] for mail in house.mail.messages}) == 1


@pytest.mark.parametrize("kind", ["loop", "worker"])
def test_a_slow_server_holds_up_no_other_mail_and_no_stop(
    house: House, els: Clerk, kind: str
) -> None:
    first, *others = make_visits(8, els)
    hang = house.mail.at_data = Hang()
    sender = start(house, kind)
    assert hang.reached.wait(20)
    house.mail.at_data = None
    sent = Delivery.objects.filter(state=DeliveryState.SENT)
    wait_for(lambda: sent.count() == len(others), what="the other mails")

    begun = time.monotonic()
    assert sender.terminate(seconds=60) == 0
    took = time.monotonic() - begun

    print(f"stopped after {took:.1f} s, bound {STOPS_WITHIN} s")
    assert took < STOPS_WITHIN
    hang.release.set()
    first.refresh_from_db()
    assert (first.state, first.unconfirmed) == (DeliveryState.WAITING, 1)
    let_time_pass(LEASE)
    house.deliver_once()
    assert_none_lost(house, 8, twice_at_most=1)


def test_an_answer_that_comes_while_the_sender_stops_is_heard(
    house: House, els: Clerk
) -> None:
    make_visits(1, els)
    hang = house.mail.at_data = Hang()
    loop = house.loop()
    assert hang.reached.wait(20)
    time.sleep(IN_THE_ROOM)

    loop.child.terminate()
    time.sleep(1)
    hang.release.set()

    assert loop.child.wait(20) == 0
    assert all_settled()
    assert_none_lost(house, 1)

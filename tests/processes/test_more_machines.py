"""Two machines use one database and one broker; the first loses all its processes.

Each machine has a web server, a worker, a beat and a delivery loop, in a network and a
home of its own. While four desks take money, kill -9 ends one process of the first
machine after the other, and the second machine does their work. 240 people pay in
`make soak`, 24 in `make test`.
"""

import datetime
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from activation.models import ActivationCode
from bench.people import Visitors, colleagues
from bench.web import LostError, Wire, signed_in
from counter.enums import RunOutcome
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, DestructionRecord, Dossier, JournalEntry, TaskRun
from notifications.enums import DeliveryState, Kind
from notifications.models import Delivery
from payments.models import Payment, Receipt
from tests.journal_checks import misfits
from tests.mail_server import Hang
from tests.processes.conftest import House, house, wait_for
from tests.processes.machines import Machine, two
from tests.processes.test_two_beats import TASKS, something_to_do
from tests.processes.town import FIELD
from tests.size import SOAK

__all__ = ["house"]

pytestmark = pytest.mark.processes

DESKS, VISITS = (4, 60) if SOAK else (4, 6)
EVERYBODY = DESKS * VISITS
#: Which processes of the first machine are killed, after which share of the visits.
KILLED = {"worker": 0.2, "loop": 0.35, "web": 0.5, "beat": 0.65}
SENDERS = ("worker", "loop")


class Desk:
    """A clerk with a queue, who goes to the other server when the first is gone."""

    def __init__(self, clerk: Clerk, queue: list[Dossier], ports: list[int]) -> None:
        self.cookies = signed_in(clerk)
        self.queue, self.ports = queue, ports
        self.served = self.pressed_again = 0

    def serve(self) -> None:
        for dossier in self.queue:
            page = f"/counter/dossiers/{dossier.pk}/pay/"
            fields = FIELD.findall(self._press(page, None))
            form = {name.decode(): value.decode() for name, value in fields}
            self._press(page, form | {"method": "cash", "tendered": "20"})
            self.served += 1

    def _press(self, page: str, form: dict[str, str] | None) -> bytes:
        """Press until the page comes or the payment is accepted; return the body."""
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                wire = Wire(self.ports[0], self.cookies)
                answer = wire.get(page) if form is None else wire.post(page, form)
                wire.close()
            except (LostError, OSError):
                self.ports = [*self.ports[1:], self.ports[0]]
                self.pressed_again += 1
                continue
            if answer.status == (200 if form is None else 303):
                return answer.body
            assert answer.status >= 500, (answer.status, answer.body)
            time.sleep(0.2)
        raise TimeoutError(page)


@pytest.fixture
def desks(els: Clerk) -> list[tuple[Clerk, list[Dossier]]]:
    """Each clerk with the dossiers of those who wait to pay."""
    visitors = Visitors(els)
    return [
        (clerk, visitors.recorded(VISITS))
        for clerk in (els, *colleagues(els, DESKS - 1))
    ]


@pytest.fixture
def machines(house: House, els: Clerk, tmp_path: Path) -> Iterator[list[Machine]]:
    something_to_do(els)
    # The server takes a mail and answers late. When its sender is killed before that,
    # the outcome of the mail is unknown.
    house.mail.at_data = Hang(seconds=0.5)
    settings = "tests.night_schedule"
    with two(house, tmp_path, DJANGO_SETTINGS_MODULE=settings) as both:
        yield both


def work(desks: list[Desk], first: Machine) -> None:
    """Let all desks serve, and kill the first machine's processes one by one."""
    at_work = [threading.Thread(target=desk.serve, daemon=True) for desk in desks]
    for thread in at_work:
        thread.start()
    for part, share in KILLED.items():
        wait_for(_served(desks, int(EVERYBODY * share)), seconds=240, what=part)
        if part in SENDERS:
            wait_for(_is_handed_over, what="a mail that waits for its answer")
        first.kill(part)
    for thread in at_work:
        thread.join(300)
    assert sum(desk.served for desk in desks) == EVERYBODY


def _served(desks: list[Desk], count: int) -> Callable[[], bool]:
    return lambda: sum(desk.served for desk in desks) >= count


def _is_handed_over() -> bool:
    return Delivery.objects.unsent().filter(handed_over_at__isnull=False).exists()


def let_the_dead_let_go() -> None:
    """End the leases of killed senders; in `make soak` they end by themselves."""
    if SOAK:
        return
    time.sleep(3)  # Senders that live settle their mails.
    Delivery.objects.unsent().filter(leased_until__isnull=False).update(
        leased_until=timezone.now(), not_before=timezone.now()
    )


def test_one_of_each_is_killed_and_everything_is_done_once(
    house: House,
    desks: list[tuple[Clerk, list[Dossier]]],
    machines: list[Machine],
) -> None:
    ports = [machine.port for machine in machines]
    at_desks = [
        Desk(clerk, queue, ports if nth % 2 else ports[::-1])
        for nth, (clerk, queue) in enumerate(desks)
    ]
    began = time.monotonic()
    work(at_desks, machines[0])
    seconds = time.monotonic() - began
    let_the_dead_let_go()
    wait_for(
        lambda: not Delivery.objects.unsent().exists(), seconds=120, what="every mail"
    )
    settled = time.monotonic() - began
    since = timezone.now()
    wait_for(lambda: set(ran_since(since)) == TASKS, seconds=60, what="another night")
    machines[1].kill("beat")
    machines[1].running["worker"].terminate(seconds=60)

    print(f"Visits: {EVERYBODY} in {seconds:.0f} s, all mails after {settled:.0f} s")
    pressed = sum(desk.pressed_again for desk in at_desks)
    print(f"Presses that got no answer: {pressed}")
    assert_paid_once()
    assert_mailed(house)
    assert_nights_done_once()
    call_command("verify_journal")
    connection.close()


def ran_since(since: datetime.datetime) -> Counter[str]:
    done = TaskRun.objects.filter(outcome=RunOutcome.DONE, started_at__gt=since)
    return Counter(done.values_list("name", flat=True))


def assert_paid_once() -> None:
    payments = Payment.objects.values_list("dossier", flat=True)
    assert len(payments) == len(set(payments)) == EVERYBODY
    numbers = Receipt.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, EVERYBODY + 1))
    codes = ActivationCode.objects.filter(dossier__in=payments)
    assert codes.count() == EVERYBODY
    print(f"Payments: {len(payments)}, receipts without a gap: {len(numbers)}")


def assert_mailed(house: House) -> None:
    """Everybody got a mail, and a second copy only where an outcome was unknown."""
    copies = Counter(mail["Message-ID"] for mail in house.mail.messages)
    rows = {row.message_id: row for row in Delivery.objects.all()}
    links = [row for row in rows.values() if row.kind == Kind.ACTIVATION_LINK]
    assert {row.state for row in links} == {DeliveryState.SENT}
    assert {row.message_id for row in links} <= set(copies)
    again = {key: count for key, count in copies.items() if count > 1}
    for key, count in again.items():
        assert rows[key].unconfirmed >= count - 1, "sent twice by two that live"
    print(f"Mails: {len(copies)}, of them sent again as unknown: {len(again)}")


def assert_nights_done_once() -> None:
    """Two beats started every task, and its work was done once."""
    failed = TaskRun.objects.filter(outcome=RunOutcome.FAILED)
    assert list(failed.values_list("name", "error")) == []
    counts = Counter(JournalEntry.objects.values_list("event", flat=True))
    assert counts[Event.CODE_LAPSED] == counts[Event.KEY_EXPIRED] == 1
    assert DestructionRecord.objects.get(rule="enquiry_handled").rows == 1
    kinds = Counter(Delivery.objects.values_list("kind", flat=True))
    assert kinds[Kind.REMINDER_WEEK] == kinds[Kind.REMINDER_LAST] == 1
    nights = Counter(TaskRun.objects.values_list("name", flat=True))
    print(f"Runs of tasks: {nights.total()}, of the rarest: {min(nights.values())}")
    journal.seal()
    assert misfits() == []

"""A one-time code does not wait for thousands of mails in bulk."""

import time
import uuid

import pytest
from django.utils import timezone

from activation.enums import KeyKind
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Dossier
from notifications.enums import Channel, Kind, Lane
from notifications.models import Delivery
from notifications.outbox import outbox
from tests.notifications.acts import make_key, request_digits
from tests.processes.conftest import House, wait_for

pytestmark = pytest.mark.processes

MAILS = 5000
TO = "person0@example.org"


def put_in_bulk(dossier: Dossier) -> None:
    """Put mails of the journal, which are quickly made, into the lane of reminders."""
    journal.write(Event.DOSSIER_OPENED, dossier=dossier)
    seal = journal.seal()
    now = timezone.now()
    outbox.put_all(
        Delivery(
            kind=Kind.JOURNAL_HEAD,
            channel=Channel.MAIL,
            subject=uuid.uuid4(),
            seal=seal,
            created_at=now,
            not_before=now,
        )
        for _ in range(MAILS)
    )


@pytest.mark.parametrize("by", ["loop", "worker"])
def test_a_code_leaves_at_once_while_thousands_wait(
    house: House, dossier: Dossier, els: Clerk, by: str
) -> None:
    """The code overtakes all but a few mails; an idle machine takes under two seconds.

    The server takes a quarter of a second for a mail, so all take twenty minutes.
    """
    put_in_bulk(dossier)
    key = make_key(
        dossier, els, KeyKind.EMAIL, destination=TO, activated_at=timezone.now()
    )
    house.mail.slow = 0.25
    if by == "loop":
        house.loop()
    else:
        house.worker("--concurrency", "2")
        house.wake_up()
    wait_for(lambda: len(house.mail.messages) >= 3, what="mails in bulk leave")

    before = len(house.mail.messages)
    began = time.perf_counter()
    request_digits(key)
    wait_for(lambda: bool(house.mail.to(TO)), what="the digits leave")
    seconds = time.perf_counter() - began

    overtaken = len(house.mail.messages) - before - 1
    print(f"{by}: the digits left after {seconds:.2f} s, {overtaken} mails before them")
    assert overtaken <= 20
    assert Delivery.objects.unsent().filter(lane=Lane.BULK).count() > MAILS / 2

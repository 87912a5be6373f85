"""Visits whose mails wait, and the proof that each was sent."""

import re
import time
import uuid
from collections import Counter
from email.message import EmailMessage

from django.utils import timezone

from activation.codes.issuing import pay_and_issue
from counter.journal.events import Event
from counter.models import Clerk, JournalEntry
from notifications.enums import DeliveryState
from notifications.models import Delivery
from payments.enums import Method
from tests import cast
from tests.notifications.acts import NUMBERS
from tests.processes.conftest import House

LEASE = 61.0


def visit(place: int, clerk: Clerk) -> float:
    """One person pays and gets a code; returns the seconds that the button took."""
    applicant = cast.make_applicant(NUMBERS[place], last_name=f"Nummer {place}")
    dossier = cast.make_dossier(
        applicant, clerk, email=f"person{place}@example.org", language="nl"
    )
    started = time.perf_counter()
    pay_and_issue(
        dossier=dossier,
        clerk=clerk,
        method=Method.CARD,
        tendered=None,
        terminal_slip=f"{place:06d}",
        submission=uuid.uuid4(),
        at=timezone.now(),
    )
    return time.perf_counter() - started


def visits(count: int, clerk: Clerk, *, start: int = 0) -> None:
    for place in range(start, start + count):
        visit(place, clerk)


def all_settled() -> bool:
    return not Delivery.objects.unsent().exists()


def link_in(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    link = re.search(r"\S+/a/\S+", str(part.get_content()))
    assert link is not None
    return link[0]


def assert_none_lost(house: House, count: int, *, twice_at_most: int = 0) -> None:
    """Each person got a mail; at most `twice_at_most` got that same mail again."""
    by_person: dict[str, list[EmailMessage]] = {}
    for mail in house.mail.messages:
        by_person.setdefault(mail["To"], []).append(mail)
    duplicates = len(house.mail.messages) - len(by_person)
    print(
        f"{count} mails: {count - len(by_person)} lost, bound 0; "
        f"{duplicates} twice, bound {twice_at_most}"
    )
    assert set(by_person) == {f"person{place}@example.org" for place in range(count)}
    assert duplicates <= twice_at_most
    for mails in by_person.values():
        assert len({mail["Message-ID"] for mail in mails}) == 1
        assert len({link_in(mail) for mail in mails}) == 1
    ids = Counter(mail["Message-ID"] for mail in house.mail.messages)
    assert len(ids) == count
    assert Delivery.objects.filter(state=DeliveryState.SENT).count() == count
    sent = JournalEntry.objects.filter(event=Event.MAIL_SENT)
    assert sent.count() == count

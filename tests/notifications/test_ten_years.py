"""One person's data over more than twenty years: mails sent, rows kept and removed.

The test calls the services and tasks that the office and the schedule call, in the
order of time, and moves the machine's clock. The database's clock stays: it dates the
journal and leases mails. Nothing that ends after days or years may depend on it.
"""

import datetime
import uuid
from collections import Counter
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from activation.codes import issuing
from activation.codes.activation_code import code_text
from activation.codes.validity import key_end
from activation.enums import CodeState, KeyKind, KeyState
from activation.holder import own_keys
from activation.models import ActivationCode, DigitalKey, KeyEndings, KeyHolder
from activation.tasks import count_key_endings, expire_keys, lapse_codes
from counter.enums import DossierState
from counter.journal.events import Event
from counter.models import Applicant, Clerk, Dossier, JournalEntry
from counter.tasks import apply_hourly_retention, apply_retention, seal_journal
from notifications.enums import Kind
from notifications.models import Delivery
from notifications.tasks import deliver, remind
from payments.enums import Method
from payments.models import Payment, Receipt
from tests import cast
from tests.activation.helpers import (
    choose_account,
    choose_key,
    digits_of,
    path,
    type_code,
)
from tests.journal_checks import misfits
from tests.mail_server import MailServer

#: A Monday morning in Leuven.
START = datetime.datetime(2027, 1, 11, 9, 0, tzinfo=datetime.UTC)
A_DAY = datetime.timedelta(days=1)
TASKS = (
    lapse_codes,
    expire_keys,
    remind,
    apply_hourly_retention,
    apply_retention,
    count_key_endings,
    seal_journal,
    deliver,
)


class Life:
    """The moved clock, and the mails that the test has not read yet."""

    def __init__(self, mails: MailServer) -> None:
        self.mails = mails
        self.at = START
        self._seen = 0

    def on(self, day: datetime.datetime) -> list[str]:
        """Run every task on this day; return the recipients of the new mails."""
        self.at = day
        with time_machine.travel(day, tick=False):
            for task in TASKS:
                task()
        return self.news()

    def news(self) -> list[str]:
        new = self.mails.messages[self._seen :]
        self._seen = len(self.mails.messages)
        return [mail["To"] for mail in new]


def kinds() -> Counter[str]:
    return Counter(Delivery.objects.values_list("kind", flat=True))


def events() -> Counter[str]:
    return Counter(JournalEntry.objects.values_list("event", flat=True))


def pay(dossier: Dossier, els: Clerk) -> None:
    issuing.pay_and_issue(
        dossier=dossier,
        clerk=els,
        method=Method.CASH,
        tendered=Decimal(20),
        terminal_slip="",
        document_seen=True,
        submission=uuid.uuid4(),
        at=timezone.now(),
        terminal=None,
    )


def activate(code: ActivationCode) -> DigitalKey:
    client = Client()
    type_code(client, code, code_text(code))
    choose_account(client)
    key = choose_key(client, "app")
    client.post(path("confirm_key"), {"key": key.pk, "digits": digits_of(key)})
    key.refresh_from_db()
    return key


def replace(old: DigitalKey) -> DigitalKey:
    now = timezone.now()
    new = own_keys.set_up_key(holder=old.holder, kind=KeyKind.APP, replaces=old, at=now)
    return own_keys.add_key(
        holder=old.holder, key_id=new.pk, typed=digits_of(new), at=now
    )


def the_books_stand() -> None:
    """Both fees and both receipts are kept, whatever became of the people."""
    assert [p.amount for p in Payment.objects.all()] == [Decimal("10.00")] * 2
    numbers = Receipt.objects.order_by("number").values_list("year", "number")
    assert list(numbers) == [(2027, 1), (2027, 2)]
    assert misfits() == []


def two_fees(life: Life, els: Clerk) -> tuple[Dossier, Dossier]:
    """Peter and Anna come, pay and go home; nobody uses the link for twelve days."""
    with time_machine.travel(START, tick=False):
        peter = cast.make_dossier(cast.make_applicant(), els)
        anna_person = cast.make_applicant(cast.ANNA_NUMBER, first_names="Anna")
        anna = cast.make_dossier(anna_person, els, email="anna@example.org")
        pay(peter, els)
        pay(anna, els)
    assert sorted(life.on(START)) == ["anna@example.org", "peter@example.org"]
    the_books_stand()
    assert life.on(START + 6 * A_DAY) == []
    assert len(life.on(START + 7 * A_DAY)) == 2
    assert len(life.on(START + 12 * A_DAY)) == 2
    assert kinds()[Kind.REMINDER_WEEK] == kinds()[Kind.REMINDER_LAST] == 2
    return peter, anna


def one_key(life: Life, peter: Dossier, anna: Dossier) -> DigitalKey:
    """Peter activates on the thirteenth day. Anna does not, and her code lapses."""
    activated = START + 13 * A_DAY
    with time_machine.travel(activated, tick=False):
        key = activate(cast.code_of(peter))
    assert key.valid_until == key_end(activated)
    assert life.on(activated) == ["peter@example.org"]
    assert life.on(START + 15 * A_DAY) == []
    assert cast.code_of(anna).state == CodeState.LAPSED
    anna.refresh_from_db()
    assert anna.state == DossierState.LAPSED
    assert events()[Event.CODE_LAPSED] == events()[Event.KEY_ACTIVATED] == 1
    assert KeyEndings.objects.get().month == datetime.date(2037, 1, 1)
    # After 40 days the address of the visit is removed, and that of the account is not;
    # 120 days after the visit nobody knows who Anna was.
    life.on(activated + 40 * A_DAY)
    peter.refresh_from_db()
    assert peter.email == ""
    assert KeyHolder.objects.get().email == "peter@example.org"
    life.on(START + 120 * A_DAY)
    assert is_forgotten(anna)
    assert not is_forgotten(peter)
    the_books_stand()
    return key


def ten_fresh_years(life: Life, first: DigitalKey) -> DigitalKey:
    """Ten years bring two mails; then the key is replaced, in time and for free."""
    ends = first.valid_until
    assert ends is not None
    assert life.on(ends - 100 * A_DAY) == []
    assert life.on(ends - 90 * A_DAY) == ["peter@example.org"]
    assert life.on(ends - 30 * A_DAY) == ["peter@example.org"]
    replaced = ends - 20 * A_DAY
    with time_machine.travel(replaced, tick=False):
        second = replace(first)
    assert second.valid_until == key_end(replaced)
    assert life.on(replaced) == ["peter@example.org"]
    assert life.on(ends + A_DAY) == []
    first.refresh_from_db()
    assert first.state == KeyState.REVOKED
    assert events()[Event.KEY_EXPIRED] == 0
    assert KeyEndings.objects.get().month == datetime.date(2047, 1, 1)
    life.on(ends + 40 * A_DAY)
    first.refresh_from_db()
    assert bytes(first.secret_sealed) == b""
    the_books_stand()
    return second


def the_end(life: Life, key: DigitalKey) -> datetime.datetime:
    """Nobody replaces the second key: two mails are sent again, and it expires."""
    ends = key.valid_until
    assert ends is not None
    assert len(life.on(ends - 90 * A_DAY)) == 1
    assert len(life.on(ends - 30 * A_DAY)) == 1
    assert life.on(ends - A_DAY) == []
    key.refresh_from_db()
    assert key.state == KeyState.ACTIVE
    assert life.on(ends + A_DAY) == []
    key.refresh_from_db()
    assert key.state == KeyState.EXPIRED
    assert events()[Event.KEY_EXPIRED] == 1
    assert not KeyEndings.objects.exists()
    return ends


def is_forgotten(dossier: Dossier) -> bool:
    return Applicant.objects.get(pk=dossier.applicant_id).anonymised_at is not None


@pytest.mark.django_db(transaction=True)
def test_from_the_desk_until_nothing_is_left(
    els: Clerk, mail_server: MailServer
) -> None:
    life = Life(mail_server)
    peter, anna = two_fees(life, els)
    first = one_key(life, peter, anna)
    ends = the_end(life, ten_fresh_years(life, first))

    # The account's address is removed first, and the person a year after the end.
    person = Applicant.objects.get(pk=peter.applicant_id)
    life.on(ends + 40 * A_DAY)
    assert KeyHolder.objects.get().email == ""
    assert life.on(ends + 360 * A_DAY) == []
    assert not is_forgotten(peter)
    assert life.on(ends + 370 * A_DAY) == []
    person.refresh_from_db()
    assert person.anonymised_at is not None
    peter.refresh_from_db()
    assert (peter.last_name, peter.birth_date) == ("", None)
    the_books_stand()

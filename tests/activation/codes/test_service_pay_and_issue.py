"""Paying writes the payment, the code, the mail and the journal: all or none, once."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from activation.codes.issuing import AlreadyPaidError, pay_and_issue
from activation.codes.validity import link_end
from activation.enums import CodeState
from activation.models import ActivationCode
from activation.signals import code_issued
from counter.enums import DossierState
from counter.exceptions import MoveRefusedError
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from notifications.models import Delivery
from payments.enums import Method
from payments.exceptions import TooLittleTenderedError
from payments.models import Payment
from tests.payments.people import dossiers
from tests.payments.receipts.counters import put_receipt_above_the_counter


def pay(
    dossier: Dossier,
    clerk: Clerk,
    *,
    submission: uuid.UUID | None = None,
    tendered: str = "20.00",
    at: datetime | None = None,
) -> ActivationCode:
    loaded = Dossier.objects.select_related("office", "applicant").get(pk=dossier.pk)
    return pay_and_issue(
        dossier=loaded,
        clerk=clerk,
        method=Method.CASH,
        tendered=Decimal(tendered),
        terminal_slip="",
        submission=submission or uuid.uuid4(),
        at=at or timezone.now(),
    )


@pytest.fixture
def outage() -> Iterator[None]:
    """A receiver of the signal about a new code fails."""

    def fail(**_kwargs: object) -> None:
        raise RuntimeError("the outbox is broken")

    code_issued.connect(fail)
    yield
    code_issued.disconnect(fail)


def assert_nothing_happened(dossier: Dossier) -> None:
    dossier.refresh_from_db()
    assert dossier.state == DossierState.RECORDED
    assert not Payment.objects.exists()
    assert not ActivationCode.objects.exists()
    assert not Delivery.objects.exists()
    assert not JournalEntry.objects.filter(event=Event.PAYMENT_TAKEN).exists()


def test_a_payment_gives_a_code_for_two_weeks(dossier: Dossier, els: Clerk) -> None:
    at = timezone.now()
    code = pay(dossier, els, at=at)
    dossier.refresh_from_db()
    assert dossier.state == DossierState.CODE_ISSUED
    assert dossier.paid_at == dossier.code_issued_at == code.issued_at == at
    assert code.valid_until == link_end(at)
    assert code.state == CodeState.LIVE
    assert code.issued_by == els
    events = list(dossier.journal.values_list("event", flat=True))
    assert events == [Event.PAYMENT_TAKEN, Event.CODE_ISSUED]


def test_the_mail_is_written_with_it(dossier: Dossier, els: Clerk) -> None:
    code = pay(dossier, els)
    assert Delivery.objects.get(dossier=dossier).subject == code.pk


def test_too_little_money_changes_nothing(dossier: Dossier, els: Clerk) -> None:
    with pytest.raises(TooLittleTenderedError):
        pay(dossier, els, tendered="5.00")
    assert_nothing_happened(dossier)


@pytest.mark.usefixtures("outage")
def test_when_the_mail_cannot_be_written_nothing_was_paid(
    dossier: Dossier, els: Clerk
) -> None:
    with pytest.raises(RuntimeError):
        pay(dossier, els)
    assert_nothing_happened(dossier)


def test_the_same_form_again_gives_the_same_code(dossier: Dossier, els: Clerk) -> None:
    submission = uuid.uuid4()
    first = pay(dossier, els, submission=submission)
    assert pay(dossier, els, submission=submission) == first
    assert Payment.objects.count() == Delivery.objects.count() == 1


def test_another_payment_on_the_same_form_is_not_told_as_booked(
    dossier: Dossier, els: Clerk
) -> None:
    """The clerk went back to the form, corrected something in it and sent it again."""
    submission = uuid.uuid4()
    pay(dossier, els, submission=submission)
    with pytest.raises(AlreadyPaidError, match="Loket 1"):
        pay(dossier, els, submission=submission, tendered="50.00")
    assert Payment.objects.get().tendered == 20


def test_another_form_is_told_who_was_first(
    dossier: Dossier, els: Clerk, bart: Clerk
) -> None:
    pay(dossier, els)
    with pytest.raises(AlreadyPaidError, match="Loket 1"):
        pay(dossier, bart)


def test_another_form_of_another_day_is_told_the_day(
    dossier: Dossier, els: Clerk, bart: Clerk
) -> None:
    at = timezone.now()
    pay(dossier, els, at=at)
    with (
        time_machine.travel(at + timedelta(days=1)),
        pytest.raises(AlreadyPaidError) as refused,
    ):
        pay(dossier, bart)
    assert date_format(timezone.localtime(at), "DATE_FORMAT") in str(refused.value)


def test_a_receipt_number_that_was_used_is_no_colleague_who_was_first(
    dossier: Dossier, els: Clerk
) -> None:
    (paid,) = dossiers(els, 1, first=50)
    pay(paid, els)
    put_receipt_above_the_counter(Payment.objects.get())
    with pytest.raises(IntegrityError, match="receipt_number_once"):
        pay(dossier, els)


def test_a_cancelled_dossier_is_not_paid(dossier: Dossier, els: Clerk) -> None:
    Dossier.objects.update(state="cancelled", cancelled_at=timezone.now())
    with pytest.raises(MoveRefusedError):
        pay(dossier, els)
    assert not Payment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_visit_is_at_most_eleven_statements(dossier: Dossier, els: Clerk) -> None:
    """Nine for the visit, one for the drawer's lock, one for the numbered receipt."""
    loaded = Dossier.objects.select_related("office", "applicant").get(pk=dossier.pk)
    with CaptureQueriesContext(connection) as captured:
        pay_and_issue(
            dossier=loaded,
            clerk=els,
            method=Method.CASH,
            tendered=Decimal("20.00"),
            terminal_slip="",
            submission=uuid.uuid4(),
            at=timezone.now(),
        )
    spoken = [query["sql"] for query in captured.captured_queries]
    inside = spoken[spoken.index("BEGIN") + 1 : spoken.index("COMMIT")]
    assert len(inside) <= 11, inside
    assert not [sql for sql in inside if "SAVEPOINT" in sql]

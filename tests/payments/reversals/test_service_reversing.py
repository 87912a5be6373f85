"""Giving a payment back: one asks, another decides."""

import datetime
import uuid
from decimal import Decimal
from functools import partial

import pytest
from django.utils import timezone

from activation.codes.issuing import pay_and_issue
from activation.enums import CodeState
from counter.enums import DossierState
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry, Office
from payments.drawers.drawers import count_drawer
from payments.enums import Method, RefundMethod, ReversalReason, ReversalState
from payments.exceptions import DrawerRefusedError
from payments.models import DrawerSession, Payment, Reversal, Terminal
from payments.reversals.reversing import (
    ReversalRefusedError,
    agree_to_reversal,
    ask_reversal,
    refuse_reversal,
)
from tests import cast
from tests.races import at_once
from tests.states import put


def paid(
    dossier: Dossier,
    clerk: Clerk,
    method: Method = Method.CARD,
    terminal: Terminal | None = None,
) -> Payment:
    """Take the dossier's payment and issue its code; return the payment."""
    pay_and_issue(
        dossier=dossier,
        clerk=clerk,
        method=method,
        tendered=Decimal("20.00") if method is Method.CASH else None,
        terminal_slip=cast.ticket() if method is Method.CARD else "",
        submission=uuid.uuid4(),
        at=timezone.now(),
        terminal=terminal,
    )
    return Payment.objects.get(dossier=dossier)


def asked(payment: Payment, clerk: Clerk) -> Reversal:
    return ask_reversal(
        payment=payment,
        clerk=clerk,
        reason=ReversalReason.DOUBLE_CHARGE,
        at=timezone.now(),
    )


def test_asking_books_nothing(dossier: Dossier, els: Clerk) -> None:
    reversal = asked(paid(dossier, els), els)
    assert (reversal.state, reversal.amount) == (ReversalState.ASKED, Decimal("10.00"))
    dossier.refresh_from_db()
    assert dossier.state == DossierState.CODE_ISSUED
    entry = JournalEntry.objects.get(event=Event.REVERSAL_ASKED)
    assert entry.details == {"amount": "10.00", "reason": "double_charge"}


def test_it_is_asked_once(dossier: Dossier, els: Clerk) -> None:
    payment = paid(dossier, els)
    asked(payment, els)
    with pytest.raises(ReversalRefusedError):
        asked(payment, els)


def test_a_confirmed_reversal_ends_the_unused_code(
    dossier: Dossier, els: Clerk, sofie: Clerk
) -> None:
    reversal = asked(paid(dossier, els), els)
    done = agree_to_reversal(
        reversal_id=reversal.pk, supervisor=sofie, at=timezone.now()
    )
    assert done.state == ReversalState.AGREED
    assert done.refund_method == RefundMethod.TERMINAL  # the card's own day
    assert dossier.codes.get().state == CodeState.REPLACED
    dossier.refresh_from_db()
    assert dossier.state == DossierState.CANCELLED


def test_a_key_that_was_activated_stays(
    dossier: Dossier, els: Clerk, sofie: Clerk
) -> None:
    reversal = asked(paid(dossier, els), els)
    put(dossier.codes.all(), state=CodeState.USED, used_at=timezone.now())
    Dossier.objects.update(state=DossierState.ACTIVATED, activated_at=timezone.now())
    decide = partial(
        agree_to_reversal,
        reversal_id=reversal.pk,
        supervisor=sofie,
        at=timezone.now(),
    )
    with pytest.raises(ReversalRefusedError):
        decide()
    decide(although_active=True)
    dossier.refresh_from_db()
    assert dossier.state == DossierState.ACTIVATED


def test_cash_comes_from_the_drawer_while_it_is_open(
    dossier: Dossier, els: Clerk, sofie: Clerk
) -> None:
    payment = paid(dossier, els, Method.CASH)
    reversal = asked(payment, els)
    done = agree_to_reversal(
        reversal_id=reversal.pk, supervisor=sofie, at=timezone.now()
    )
    assert done.drawer_id == payment.drawer_id is not None
    assert done.refund_method == RefundMethod.CASH


def test_a_card_of_another_day_is_for_the_finance_service(
    dossier: Dossier, els: Clerk, sofie: Clerk
) -> None:
    reversal = asked(paid(dossier, els), els)
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    done = agree_to_reversal(reversal_id=reversal.pk, supervisor=sofie, at=tomorrow)
    assert done.refund_method == RefundMethod.TRANSFER


def test_a_clerk_decides_on_nothing(dossier: Dossier, els: Clerk, bart: Clerk) -> None:
    reversal = asked(paid(dossier, els), els)
    with pytest.raises(ReversalRefusedError):
        agree_to_reversal(reversal_id=reversal.pk, supervisor=bart, at=timezone.now())


def test_nobody_decides_on_an_own_request(
    dossier: Dossier, els: Clerk, sofie: Clerk
) -> None:
    reversal = asked(paid(dossier, els), sofie)
    with pytest.raises(ReversalRefusedError):
        agree_to_reversal(reversal_id=reversal.pk, supervisor=sofie, at=timezone.now())


def test_a_refused_one_leaves_everything_and_may_be_asked_again(
    dossier: Dossier, els: Clerk, sofie: Clerk
) -> None:
    payment = paid(dossier, els)
    reversal = asked(payment, els)
    refuse_reversal(reversal_id=reversal.pk, supervisor=sofie, at=timezone.now())
    dossier.refresh_from_db()
    assert dossier.state == DossierState.CODE_ISSUED
    asked(payment, els)


@pytest.mark.django_db(transaction=True)
def test_two_supervisors_at_once_are_one_reversal(
    dossier: Dossier, els: Clerk, sofie: Clerk, office: Office
) -> None:
    """Each of the two presses twice."""
    lies = cast.make_clerk("lies", office, desk="", role="supervisor")
    reversal = asked(paid(dossier, els), els)

    def confirm(supervisor: Clerk) -> str:
        try:
            agree_to_reversal(
                reversal_id=reversal.pk, supervisor=supervisor, at=timezone.now()
            )
        except ReversalRefusedError:
            return "refused"
        return "confirmed"

    presses = [partial(confirm, supervisor) for supervisor in (sofie, lies) * 2]
    assert sorted(at_once(presses)) == ["confirmed", *["refused"] * 3]
    confirmed = JournalEntry.objects.filter(event=Event.REVERSAL_CONFIRMED)
    assert confirmed.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_reversal_and_the_count_at_once_agree(
    dossier: Dossier, els: Clerk, sofie: Clerk
) -> None:
    """Agreed first, the count waits for the hand-over; counted first, the bank pays."""
    payment = paid(dossier, els, Method.CASH)
    reversal = asked(payment, els)
    drawer = DrawerSession.objects.with_clerk(els).get()
    now = timezone.now()

    def count() -> bool:
        try:
            count_drawer(drawer=drawer, clerk=els, counts={}, at=now)
        except DrawerRefusedError:
            return False
        return True

    def agree() -> bool:
        agree_to_reversal(reversal_id=reversal.pk, supervisor=sofie, at=now)
        return True

    _agreed, counted = at_once([agree, count])
    reversal.refresh_from_db()
    drawer.refresh_from_db()
    assert reversal.refund_method == (
        RefundMethod.TRANSFER if counted else RefundMethod.CASH
    )
    assert drawer.expected_amount == (110 if counted else None)

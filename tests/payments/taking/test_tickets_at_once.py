"""Whatever two people do with one ticket number at the same instant, one has it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import transaction

from counter.models import Clerk
from payments.enums import ReversalReason
from payments.exceptions import SlipUsedError
from payments.models import Payment, Reversal, Terminal
from payments.reversals.handing_over import confirm_hand_over
from payments.reversals.reversing import agree_to_reversal, ask_reversal
from tests.payments.closing.test_day import sell
from tests.payments.corrections.methods import card, corrected
from tests.payments.days import NINE
from tests.payments.people import dossiers
from tests.races import start

pytestmark = pytest.mark.usefixtures("english")

NUMBER = "0042"

type Act = Callable[[], object]


def is_second(second: Act, first: Act) -> bool:
    """Whether `second` is refused that begins when `first` is done, not committed."""

    def refused() -> bool:
        try:
            second()
        except SlipUsedError:
            return True
        return False

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            running = start(pool, refused)
        return running.result()


def agreed(clerk: Clerk, supervisor: Clerk, terminal: Terminal, person: int) -> Act:
    """The money of a card payment is to be given back: hand it over."""
    (dossier,) = dossiers(clerk, 1, first=person)
    reversal = ask_reversal(
        payment=sell(dossier, clerk, at=NINE, terminal=terminal),
        clerk=clerk,
        reason=ReversalReason.WRONG_PERSON,
        at=NINE,
    )
    agree_to_reversal(reversal_id=reversal.pk, supervisor=supervisor, at=NINE)
    return partial(
        confirm_hand_over,
        reversal_id=reversal.pk,
        clerk=clerk,
        at=NINE,
        refund_slip=NUMBER,
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("payment_first", [True, False])
def test_of_a_payment_and_a_correction(
    in_cash: Payment,
    els: Clerk,
    sofie: Clerk,
    terminal: Terminal,
    *,
    payment_first: bool,
) -> None:
    (dossier,) = dossiers(els, 1, first=50)
    acts: list[Act] = [
        partial(corrected, in_cash, card(terminal, NUMBER), sofie),
        partial(sell, dossier, els, at=NINE, terminal=terminal, slip=NUMBER),
    ]
    second, first = acts if payment_first else reversed(acts)
    assert is_second(second, first)
    assert Payment.objects.with_slip(NUMBER, on=NINE.date()).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("payment_first", [True, False])
def test_of_a_payment_and_a_refund(
    nadia: Clerk, els: Clerk, sofie: Clerk, terminal: Terminal, *, payment_first: bool
) -> None:
    (dossier,) = dossiers(els, 1, first=50)
    acts: list[Act] = [
        agreed(nadia, sofie, terminal, 1),
        partial(sell, dossier, els, at=NINE, terminal=terminal, slip=NUMBER),
    ]
    second, first = acts if payment_first else reversed(acts)
    assert is_second(second, first)


@pytest.mark.django_db(transaction=True)
def test_of_two_refunds(nadia: Clerk, sofie: Clerk, terminal: Terminal) -> None:
    first, second = (agreed(nadia, sofie, terminal, person) for person in (1, 2))
    assert is_second(second, first)
    assert Reversal.objects.settled().count() == 1

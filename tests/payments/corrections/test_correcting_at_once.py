"""Several people correct one payment at once; the database keeps both payments."""

from functools import partial

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from counter.models import Clerk
from payments.corrections.right_method import CorrectionRefusedError
from payments.enums import Method, RefundMethod
from payments.models import Payment, Receipt, Reversal, Terminal
from tests.payments.corrections.methods import card, corrected
from tests.payments.receipts.counters import put_receipt_above_the_counter
from tests.races import at_once

pytestmark = pytest.mark.usefixtures("english")

KEPT = r"permission denied|append-only"


@pytest.mark.django_db(transaction=True)
def test_of_several_at_once_one_corrects(
    in_cash: Payment, sofie: Clerk, terminal: Terminal
) -> None:
    def press(slip: str) -> bool:
        try:
            corrected(in_cash, card(terminal, slip), sofie)
        except CorrectionRefusedError:
            return False
        return True

    done = at_once([partial(press, slip) for slip in ("B-1", "B-2", "B-3")])
    assert sum(done) == 1
    assert Payment.objects.count() == Receipt.objects.count() == 2


def test_a_fault_is_not_told_as_somebody_elses_correction(
    in_cash: Payment, sofie: Clerk, terminal: Terminal
) -> None:
    put_receipt_above_the_counter(in_cash)
    with pytest.raises(IntegrityError, match="receipt_number_once"):
        corrected(in_cash, card(terminal), sofie)


def test_the_database_keeps_both_lines(
    in_cash: Payment, sofie: Clerk, terminal: Terminal
) -> None:
    right = corrected(in_cash, card(terminal), sofie)
    for payment in (in_cash, right):
        with pytest.raises(DatabaseError, match=KEPT), transaction.atomic():
            Payment.objects.filter(pk=payment.pk).update(method=Method.WAIVER)
    with pytest.raises(DatabaseError, match="not changed so"), transaction.atomic():
        Reversal.objects.update(refund_method=RefundMethod.CASH)

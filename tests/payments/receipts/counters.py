"""A counter of receipts that stands below the last one, as after a repair by hand."""

import uuid

from payments.models import Payment, Receipt
from tests.payments.people import dossiers


def put_receipt_above_the_counter(payment: Payment) -> None:
    """Write the receipt that the counter would issue next: after `payment`'s."""
    last = payment.receipt
    (dossier,) = dossiers(payment.taken_by, 1, first=90)
    other = Payment.objects.get(pk=payment.pk)
    other.pk, other.submission, other.dossier = uuid.uuid4(), uuid.uuid4(), dossier
    other.save(force_insert=True)
    Receipt.objects.create(
        office=last.office,
        year=last.year,
        number=last.number + 1,
        payment=other,
        issued_at=last.issued_at,
        username=last.username,
    )

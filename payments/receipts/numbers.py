"""Receipt numbers: gapless for each office and year."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from counter.models import Office
from payments.models import Payment, Receipt, ReceiptCounter

# One statement for both rows, because a payment's transaction should have few
# (docs/decisions/008-the-drawers-lock.md).
_NEXT = """
WITH counted AS (
    INSERT INTO payments_receiptcounter AS counter (office_id, year, last)
    VALUES (%(office)s, %(year)s, 1)
    ON CONFLICT (office_id, year) DO UPDATE SET last = counter.last + 1
    RETURNING last
)
INSERT INTO payments_receipt
    (office_id, year, number, payment_id, issued_at, desk, username, terminal)
SELECT %(office)s, %(year)s, last, %(payment)s, %(at)s, %(desk)s, %(username)s,
    %(terminal)s
FROM counted
RETURNING id, number
"""


def lock_counters(office: Office) -> None:
    """Lock the office's counters until the transaction ends, as each receipt does.

    Those of all years, because a payment may be corrected in the year after. For acts
    that issue no receipt and yet have to wait for those that do.
    """
    counters = ReceiptCounter.objects.of_office(office).order_by("year")
    list(counters.select_for_update(no_key=True))


def _desk(payment: Payment) -> str:
    """The desk where the person paid; for a correction that of the replaced receipt."""
    before = payment.replaces
    return before.receipt.desk if before else payment.taken_by.desk_name


def issue_receipt(*, payment: Payment, office: Office, at: datetime) -> Receipt:
    """Give the payment the next number of its office and Brussels year.

    Call it inside the payment's transaction, and as late in it as possible: it locks
    the office's counter until the transaction ends, so the office's next payment waits
    for it. A transaction that is rolled back leaves no gap.
    """
    year = timezone.localdate(at).year
    values: dict[str, Any] = {
        "office": office.pk,
        "year": year,
        "payment": payment.pk,
        "at": at,
        "desk": _desk(payment),
        "username": payment.taken_by.get_username(),
        "terminal": str(payment.terminal or ""),
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, values)
        pk, number = cursor.fetchone()
    return Receipt(
        pk=pk,
        office=office,
        year=year,
        number=number,
        payment=payment,
        issued_at=at,
        desk=values["desk"],
        username=values["username"],
        terminal=values["terminal"],
    )

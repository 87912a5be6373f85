"""The PDF of the receipt, in Dutch (docs/domain.md#the-receipt).

No national number, no activation code and no address of the person is on it.
"""

from decimal import Decimal
from enum import Enum
from typing import Final

from django.template.loader import render_to_string
from django.utils.timezone import localtime

from counter.paper.press import Press
from payments.enums import Method, RefundMethod
from payments.models import Payment, Receipt, Reversal
from payments.taking import methods

press: Final = Press("payments/receipts/paper.css")


def euros(amount: Decimal) -> str:
    """Write an amount in Dutch: 12.5 becomes 12,50."""
    return f"{amount:.2f}".replace(".", ",")


class Copy(Enum):
    """Which print this is, with its mark. A preview does not count as a receipt."""

    ORIGINAL = ""
    DUPLICATE = "DUPLICAAT"
    PREVIEW = "VOORBEELD"


def render(receipt: Receipt, *, copy: Copy) -> bytes:
    """Render the receipt as a PDF with the mark of `copy`: one A5 page, unless the
    office's texts are too long for it.
    """
    payment = receipt.payment
    back = payment.reversals.money().select_related("bank_refund").first()
    html = render_to_string(
        "payments/receipts/paper.html",
        {
            "receipt": receipt,
            "mark": copy.value,
            "replaces": _replaced(payment),
            "given_back": _given_back(back) if back else "",
            "office": receipt.office,
            "reference": payment.dossier.reference,
            "taken_at": f"{localtime(payment.taken_at):%d/%m/%Y %H:%M}",
            "regulation": payment.tariff.regulation,
            "amount": euros(payment.amount),
            "method": methods.record(Method(payment.method)).on_receipt,
            "tendered": payment.tendered and euros(payment.tendered),
            "change": euros(payment.change),
            "terminal": receipt.terminal,
            "terminal_slip": payment.terminal_slip,
            "desk": receipt.desk,
            # Not the user name, because it is part of a sign-in and strangers see this.
            "clerk": payment.taken_by_id,
        },
    )
    return press.pdf_of_one_page(html) or press.pdf(html)


def _replaced(payment: Payment) -> str:
    """The line with the receipt that this one replaces after a correction; or ""."""
    if payment.replaces is None:
        return ""
    before = payment.replaces.receipt
    day = localtime(payment.replaces.taken_at)
    return f"Vervangt ontvangstbewijs {before.label} van {day:%d/%m/%Y}"


def _given_back(reversal: Reversal) -> str:
    """The line that says that the money was given back, or will be by bank transfer."""
    if reversal.refund_method != RefundMethod.TRANSFER:
        given = (
            "contant" if reversal.refund_method == RefundMethod.CASH else "op de kaart"
        )
        return f"Terugbetaald op {reversal.booked_on:%d/%m/%Y}, {given}"
    refund = getattr(reversal, "bank_refund", None)
    if refund is None:
        return "Wordt terugbetaald per overschrijving"
    return f"Terugbetaald op {refund.paid_on:%d/%m/%Y}, per overschrijving"

"""The receipt on paper: Dutch, with all that DOMAIN.md, section 6 lists.

No national number, no activation code and no address of the person is on it.
"""

from decimal import Decimal
from typing import Final

from django.template.loader import render_to_string
from django.utils.timezone import localtime

from counter.paper import Press
from payments.enums import Method
from payments.models import Receipt

press: Final = Press("payments/paper/paper.css")
_METHODS: Final = {
    Method.CASH: "contant",
    Method.CARD: "kaart",
    Method.WAIVER: "vrijgesteld",
}


def euros(amount: Decimal) -> str:
    """12.5 is 12,50, as Dutch writes it."""
    return f"{amount:.2f}".replace(".", ",")


def render(receipt: Receipt, *, duplicate: bool) -> bytes:
    """One A5 page as PDF; `duplicate` prints that it is not the first."""
    payment = receipt.payment
    back = payment.reversals.confirmed().first()
    html = render_to_string(
        "payments/paper/receipt.html",
        {
            "receipt": receipt,
            "duplicate": duplicate,
            "given_back": back
            and back.decided_at
            and f"{localtime(back.decided_at):%d/%m/%Y}",
            "office": receipt.office,
            "reference": payment.dossier.reference,
            "taken_at": f"{localtime(payment.taken_at):%d/%m/%Y %H:%M}",
            "regulation": payment.tariff.regulation,
            "amount": euros(payment.amount),
            "method": _METHODS[Method(payment.method)],
            "tendered": payment.tendered and euros(payment.tendered),
            "change": euros(payment.change),
            "terminal_slip": payment.terminal_slip,
            "desk": receipt.desk,
            "clerk": receipt.username,
        },
    )
    return press.pdf(html)

"""Write a payment with its receipt, after the method and the price are checked."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from counter.models import Dossier
from payments.enums import Method
from payments.exceptions import PriceChangedError
from payments.models import Payment
from payments.receipts.numbers import issue_receipt
from payments.taking.methods import Place, record
from payments.taking.slips import refuse_used_slip


def book(*, dossier: Dossier, **values: Any) -> Payment:
    """Write the payment and give its receipt the next number.

    Call it as the last step of a transaction. Raises PriceChangedError when the tariff
    was changed, ended or removed since it was read: the insert waits until the
    transaction that does so has ended, and then the database refuses it. Raises
    SlipUsedError when something else has the payment's slip number. After either error
    the caller has to roll back its transaction.
    """
    try:
        payment = Payment.objects.create(dossier=dossier, **values)
    except IntegrityError as error:
        diag = getattr(error.__cause__, "diag", None)
        if not diag or diag.constraint_name != "charge_the_tariff":
            raise
        raise price_changed() from None
    issue_receipt(payment=payment, office=dossier.office, at=payment.taken_at)
    if record(Method(payment.method)).place is Place.TERMINAL:
        # issue_receipt has locked the office's receipt counter, so two concurrent
        # payments run this check one after the other, and the second sees the first.
        refuse_used_slip(
            office=dossier.office,
            terminal=payment.terminal,
            slip=payment.terminal_slip,
            at=_slip_printed_at(payment),
            but=payment,
        )
    return payment


def _slip_printed_at(payment: Payment) -> datetime:
    """When the terminal printed the slip: at the dossier's first payment."""
    if payment.replaces_id is None:
        return payment.taken_at
    return payment.dossier.payments.as_taken().get().taken_at


def price_changed() -> PriceChangedError:
    return PriceChangedError(
        _("The price changed since this page was opened. Look at the amount.")
    )

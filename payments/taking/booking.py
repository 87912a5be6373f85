"""Write a payment with its receipt, after the method and the price are checked."""

from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from counter.models import Dossier
from payments.enums import Method
from payments.exceptions import PriceChangedError, SlipUsedError
from payments.models import Payment
from payments.receipts.numbers import issue_receipt
from payments.taking.methods import Place, record
from payments.taking.slips import refuse_used_slip


def book(*, dossier: Dossier, **values: Any) -> Payment:
    """Write the payment and give its receipt the next number.

    Call it as the last step of a transaction. Raises PriceChangedError when the tariff
    was changed, ended or removed since it was read: the insert waits until the
    transaction that does so has ended, and then the database refuses it. Raises
    SlipUsedError when a concurrent payment used the same slip number. After either
    error the caller has to roll back its transaction.
    """
    try:
        payment = Payment.objects.create(dossier=dossier, **values)
    except IntegrityError as error:
        diag = getattr(error.__cause__, "diag", None)
        refused_by = diag and diag.constraint_name
        if refused_by == "payment_slip_once_a_day":
            raise SlipUsedError(_("This number was used a moment ago.")) from None
        if refused_by != "charge_the_tariff":
            raise
        raise price_changed() from None
    issue_receipt(payment=payment, office=dossier.office, at=payment.taken_at)
    on_terminal = record(Method(payment.method)).place is Place.TERMINAL
    if on_terminal and payment.terminal_id is None:
        # issue_receipt locked the office's receipt counter, so two concurrent payments
        # run this check one after the other, and the second sees the first.
        refuse_used_slip(
            office=dossier.office,
            terminal=None,
            slip=payment.terminal_slip,
            at=payment.taken_at,
            but=payment,
        )
    return payment


def price_changed() -> PriceChangedError:
    return PriceChangedError(
        _("The price changed since this page was opened. Look at the amount.")
    )

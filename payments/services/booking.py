"""Writing a payment with its receipt, once it is known what is paid."""

from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from counter.models import Dossier
from payments.exceptions import PriceChangedError
from payments.models import Payment
from payments.services.receipts import issue_receipt


def book(*, dossier: Dossier, **values: Any) -> Payment:
    """Write the payment and give its receipt the next number.

    The last step of a transaction of the caller's. Raises PriceChangedError when the
    tariff was changed, ended or removed after it was read: the database waits for who
    does that, and refuses. The transaction is then to be undone.
    """
    try:
        payment = Payment.objects.create(dossier=dossier, **values)
    except IntegrityError as error:
        diag = getattr(error.__cause__, "diag", None)
        if diag is None or diag.constraint_name != "charge_the_tariff":
            raise
        raise price_changed() from None
    issue_receipt(payment=payment, office=dossier.office, at=payment.taken_at)
    return payment


def price_changed() -> PriceChangedError:
    return PriceChangedError(
        _("The price changed since this page was opened. Look at the amount.")
    )

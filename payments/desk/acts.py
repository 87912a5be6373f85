"""What a supervisor can do about a payment; both are links to pages of the desk."""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy

from counter.desk.acts import Act
from counter.models import Dossier
from payments.enums import ReversalState
from payments.models import Payment

_STANDS: Final = (ReversalState.ASKED, ReversalState.REFUSED)


def _is_correctable(dossier: Dossier, _at: datetime) -> bool:
    payment = Payment.objects.that_stands(dossier)
    if payment is None:
        return False
    reversal = payment.last_reversal
    return reversal is None or reversal.state in _STANDS


def _is_reversible(dossier: Dossier, _at: datetime) -> bool:
    payment = Payment.objects.that_stands(dossier)
    if payment is None or not payment.amount:
        return False
    reversal = payment.last_reversal
    return reversal is None or reversal.state == ReversalState.REFUSED


ACTS: Final = (
    Act(
        order=110,
        name="correct-method",
        label=gettext_lazy("Correct how it was paid"),
        is_possible=_is_correctable,
        page="payments_corrections:correct",
    ),
    Act(
        order=120,
        name="reverse",
        label=gettext_lazy("Give the payment back"),
        is_possible=_is_reversible,
        page="payments_reversals:ask_reversal",
    ),
)

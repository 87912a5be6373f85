"""What becomes of a code when its money goes back."""

from datetime import datetime

from django.dispatch import receiver

from activation.enums import ENDING_CODE_STATES, CodeState
from activation.models import ActivationCode
from activation.signals import code_ended
from counter.enums import CancelReason, DossierState, Event
from counter.models import Clerk, Dossier
from counter.services import move
from payments import signals
from payments.models import Payment


@receiver(signals.payment_reversed)
def end_unused_code(*, payment: Payment, by: Clerk, at: datetime, **_: object) -> None:
    """A code nobody used ends with its payment, and so does its dossier.

    A key that was activated stays: it was paid for, and what goes back is a mistake
    of the office (charged twice).
    """
    dossier = payment.dossier
    ended = _end_codes(dossier, at)
    dossier.refresh_from_db(fields=["state"])
    if dossier.state not in (DossierState.PAID, DossierState.CODE_ISSUED):
        return
    if ended:
        move(dossier, to=DossierState.CANCELLED, at=at, by=by, event=Event.CODE_REVOKED)
    else:
        move(
            dossier,
            to=DossierState.CANCELLED,
            at=at,
            by=by,
            event=Event.DOSSIER_CANCELLED,
            details={"reason": CancelReason.MONEY_BACK.value},
        )


def _end_codes(dossier: Dossier, at: datetime) -> int:
    """End what could still be used, a frozen code too; returns how many.

    Asked twice: while an old code was waited for, a colleague may have put a new one
    in its place, which the first question could not see.
    """
    unused = ActivationCode.objects.select_for_update().filter(
        dossier=dossier, state__in=ENDING_CODE_STATES
    )
    ended = 0
    for _look in range(2):
        for code in unused.all():
            code.state = CodeState.REPLACED
            code.replaced_at = at
            code.save(update_fields=["state", "replaced_at"])
            code_ended.send(sender=ActivationCode, code=code)
            ended += 1
    return ended

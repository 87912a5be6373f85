"""What becomes of a code when its money goes back."""

from datetime import datetime

from django.dispatch import receiver

from activation.enums import CodeState
from activation.models import ActivationCode
from activation.signals import code_ended
from counter.enums import DossierState, Event
from counter.models import Clerk
from counter.services import move
from payments import signals
from payments.models import Payment

_UNUSED = (CodeState.LIVE, CodeState.LOCKED)


@receiver(signals.payment_reversed)
def end_unused_code(*, payment: Payment, by: Clerk, at: datetime, **_: object) -> None:
    """A code nobody used ends with its payment, and so does its dossier.

    A key that was activated stays: it was paid for, and what goes back is a mistake
    of the office (charged twice).
    """
    dossier = payment.dossier
    code = (
        ActivationCode.objects.select_for_update()
        .filter(dossier=dossier, state__in=_UNUSED)
        .first()
    )
    if code is not None:
        code.state = CodeState.REPLACED
        code.replaced_at = at
        code.save(update_fields=["state", "replaced_at"])
        code_ended.send(sender=ActivationCode, code=code)
    dossier.refresh_from_db(fields=["state"])
    if dossier.state in (DossierState.PAID, DossierState.CODE_ISSUED):
        event = Event.CODE_REVOKED if code else Event.DOSSIER_CANCELLED
        move(dossier, to=DossierState.CANCELLED, at=at, by=by, event=event)

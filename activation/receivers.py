"""What becomes of a code when its money may go back, and of its way when it ends."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.dispatch import receiver

from activation.codes import kept_way
from activation.codes.suspending import end_codes, hold_codes, lock_codes, release_codes
from activation.enums import CodeState
from activation.models import ActivationCode
from activation.signals import codes_ended
from counter.dossiers.moves import move
from counter.enums import CancelReason, DossierState
from counter.journal.events import Event
from counter.models import Clerk
from payments import signals
from payments.models import Payment

#: Ended for good; a locked one may be live again.
_OVER: Final = frozenset(
    {CodeState.USED, CodeState.REPLACED, CodeState.LAPSED, CodeState.FROZEN}
)


@receiver(codes_ended)
def forget_the_way(*, codes: Sequence[ActivationCode], **_: object) -> None:
    """What was chosen with a code and not confirmed ends with the code."""
    kept_way.purge([code.pk for code in codes if code.state in _OVER or code.is_frozen])


@receiver(signals.before_reversal)
def lock_the_code_first(*, payment: Payment, **_: object) -> None:
    """Lock the payment's code first, as everywhere (docs/architecture.md).

    An activation under way is waited for, and its key is then seen; one that begins
    later waits, and finds the code on hold.
    """
    lock_codes(payment.dossier)


@receiver(signals.reversal_asked)
def hold_the_code(*, payment: Payment, at: datetime, **_: object) -> None:
    hold_codes(payment.dossier, at=at)


@receiver(signals.reversal_dropped)
def release_the_code(*, payment: Payment, at: datetime, **_: object) -> None:
    release_codes(payment.dossier, at=at)


@receiver(signals.payment_reversed)
def end_unused_code(*, payment: Payment, by: Clerk, at: datetime, **_: object) -> None:
    """A code nobody used ends with its payment, and so does its dossier.

    A key that was activated stays: it was paid for, and what goes back is a mistake
    of the office (charged twice).
    """
    dossier = payment.dossier
    ended = end_codes(dossier, at=at)
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

"""Signal receivers: for a code whose payment may be given back, and for ended codes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.dispatch import receiver

from activation.codes import saved_progress
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

#: The states of a code that has ended for good. A locked code may become live again.
_OVER: Final = frozenset(
    {CodeState.USED, CodeState.REPLACED, CodeState.LAPSED, CodeState.FROZEN}
)


@receiver(codes_ended)
def purge_saved_progress(*, codes: Sequence[ActivationCode], **_: object) -> None:
    """Delete the stored choices of an activation when its code has ended for good."""
    saved_progress.purge(
        [code.pk for code in codes if code.state in _OVER or code.is_frozen]
    )


@receiver(signals.before_reversal)
def lock_the_code_first(*, payment: Payment, **_: object) -> None:
    """Lock the rows of the payment's codes first, as all services do.

    The order of locks is in docs/concurrency.md. This waits for a running activation,
    whose key is seen then. An activation that begins later waits for this transaction
    and finds the code on hold.
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
    """End the unused codes of a payment that is given back, and cancel its dossier.

    An activated key stays, because it was paid for: then the office gives back money
    that it charged by mistake, for example twice.
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

"""Putting codes on hold, taking them off hold, and ending them.

While a request for a refund is undecided, the dossier's code is on hold and does not
work, so that nobody gets both the money and a key. Its last day stays the same.

`undo_lock` unlocks a code that was locked although the last of its tries was right
(activation.journey.activating).
"""

from datetime import datetime

from django.db.models import Q, QuerySet

from activation.enums import ENDING_CODE_STATES, CodeState
from activation.exceptions import CodeEndedError
from activation.models import ActivationCode
from activation.querysets import TRIES_A_CODE
from activation.signals import code_held, code_released, codes_ended
from counter.models import Dossier


def lock_codes(dossier: Dossier) -> list[ActivationCode]:
    """Lock the rows of the dossier's unused codes until the transaction ends.

    Unused codes are those that are not used, replaced or lapsed. The query runs twice:
    while the first waits for the lock on an old code, a colleague may replace that code
    by a new one, which only the second finds.
    """
    unused = ActivationCode.objects.select_for_update().filter(
        dossier=dossier, state__in=ENDING_CODE_STATES
    )
    codes = {code.pk: code for _look in range(2) for code in unused.all()}
    return list(codes.values())


def hold_codes(dossier: Dossier, *, at: datetime) -> None:
    """Put the dossier's unused codes on hold, locked and frozen ones too."""
    for code in lock_codes(dossier):
        code.state = CodeState.HELD
        code.held_at = at
        code.save(update_fields=["state", "held_at"])
        code_held.send(sender=ActivationCode, code=code, at=at)


def release_codes(dossier: Dossier, *, at: datetime) -> None:
    """Take the dossier's codes off hold: each gets back its former state.

    That can be live, locked or frozen. A code that lapsed meanwhile stays lapsed.
    """
    for code in lock_codes(dossier):
        if code.state != CodeState.HELD:
            continue
        held_at, code.held_at = code.held_at, None
        if code.frozen_at is not None:
            code.state = CodeState.FROZEN
        elif code.locked_at is not None:
            code.state = CodeState.LOCKED
        else:
            code.state = CodeState.LIVE
        code.save(update_fields=["state", "held_at"])
        code_released.send(sender=ActivationCode, code=code, since=held_at, at=at)


def undo_lock(counted: QuerySet[ActivationCode], *, at: datetime) -> None:
    """Unlock a code whose last try was right, and give that try back.

    A concurrent request had locked the code because no try was left. `counted` selects
    the code if it is still valid and has a counted try. If the code is live, another
    right try has already unlocked it, and only the try is given back; otherwise the
    receivers of `code_released` send the mails that were not sent since it was locked.
    Raises CodeEndedError when the code is neither live nor locked for its tries.
    """
    spent = Q(state=CodeState.LOCKED, attempts__gte=TRIES_A_CODE)
    may_go_on = counted.filter(Q(state=CodeState.LIVE) | spent)
    code = may_go_on.select_for_update().first()
    if code is None:
        raise CodeEndedError
    locked_at, code.locked_at = code.locked_at, None
    code.state, code.attempts = CodeState.LIVE, code.attempts - 1
    code.save(update_fields=["state", "locked_at", "attempts"])
    if locked_at is not None:
        code_released.send(sender=ActivationCode, code=code, since=locked_at, at=at)


def end_codes(dossier: Dossier, *, at: datetime) -> int:
    """Mark the dossier's unused codes as replaced; return their number."""
    codes = lock_codes(dossier)
    for code in codes:
        code.state = CodeState.REPLACED
        code.replaced_at = at
        code.save(update_fields=["state", "replaced_at"])
        codes_ended.send(sender=ActivationCode, codes=[code])
    return len(codes)

"""A code that does not work for a while: on hold, off hold again, or ended.

While a refund is undecided the code does not work, so that nobody gets both the money
and a key. Its last day stays the same. And one that was locked a moment ago, though the
last of its tries was right (activation.journey.activating).
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
    """The dossier's codes that nobody used, locked until the transaction ends.

    The query runs twice: while it waits for the lock on an old code, a colleague may
    replace that code with a new one, which the first run cannot see.
    """
    unused = ActivationCode.objects.select_for_update().filter(
        dossier=dossier, state__in=ENDING_CODE_STATES
    )
    codes = {code.pk: code for _look in range(2) for code in unused.all()}
    return list(codes.values())


def hold_codes(dossier: Dossier, *, at: datetime) -> None:
    """Put on hold the codes that can be used, or could be made usable again."""
    for code in lock_codes(dossier):
        code.state = CodeState.HELD
        code.held_at = at
        code.save(update_fields=["state", "held_at"])
        code_held.send(sender=ActivationCode, code=code, at=at)


def release_codes(dossier: Dossier, *, at: datetime) -> None:
    """Take codes off hold: each is again what it was before, locked or frozen ones too.

    One whose two weeks ended meanwhile has lapsed, and stays so.
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
    """Give a right try back to the code that was locked for it; its mails are sent.

    `counted` is the code, as long as a try of it can be given back. Another right one
    may have undone the lock a moment ago. Raises CodeEndedError in every other case.
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
    """End the codes that could still be used; returns how many."""
    codes = lock_codes(dossier)
    for code in codes:
        code.state = CodeState.REPLACED
        code.replaced_at = at
        code.save(update_fields=["state", "replaced_at"])
        codes_ended.send(sender=ActivationCode, codes=[code])
    return len(codes)

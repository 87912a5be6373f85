"""What ends by itself: a code after two weeks, a key after ten years.

Both ends are columns, written when the fact happened (activation.codes.validity), and
compared in the database. A run that comes late does what is due by then; a row
that has been ended is not due any more, so nothing happens twice.
"""

import datetime
import time
from collections.abc import Callable
from typing import Any, Final

from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone

from activation.enums import CodeState, KeyKind, KeyState
from activation.models import ActivationCode, DigitalKey
from activation.signals import codes_ended
from counter.database.any_of import AnyOf
from counter.database.batches import BATCH, Batches
from counter.dossiers.moves import move_all
from counter.enums import DossierState
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Dossier

# What is read of each: a dossier has some forty columns more.
_OF_DOSSIER: Final = ("office", "state", "code_issued_at")
_OF_CODE: Final = (
    *("state", "valid_until", "frozen_at"),
    *(f"dossier__{column}" for column in _OF_DOSSIER),
)
_OF_KEY: Final = ("kind", *(f"code__dossier__{column}" for column in _OF_DOSSIER))


def lapse_all(*, seconds: float) -> int:
    """`lapse_codes` until nothing is left, for at most so many seconds.

    Returns how many. One that cannot be ended keeps no other from it, and is told at
    the end: raises RowsFailedError, so that the run counts as failed.
    """
    return _end_all(ActivationCode.objects.due_to_lapse, _lapse, seconds=seconds)


def expire_all(*, seconds: float) -> int:
    """`expire_keys` until nothing is left; otherwise as `lapse_all`."""
    return _end_all(DigitalKey.objects.due_to_expire, _expire, seconds=seconds)


def _end_all[M: models.Model](
    due: Callable[[datetime.datetime], QuerySet[M]],
    end: Callable[[QuerySet[M], datetime.datetime, int], int],
    *,
    seconds: float,
) -> int:
    def apply(*, batch: int, only: list[Any] | None, without: list[Any]) -> int:
        at = timezone.now()
        rows = due(at).exclude(pk__in=without)
        return end(rows if only is None else rows.filter(pk__in=only), at, batch)

    batches = Batches(
        apply,
        lambda: due(timezone.now()),
        what=end.__name__.strip("_"),
        until=time.monotonic() + seconds,
    )
    ended = sum(batches)
    batches.raise_for_the_bad()
    return ended


def lapse_codes(*, at: datetime.datetime, limit: int = BATCH) -> int:
    """Lapse at most `limit` codes whose two weeks are over, with their dossiers.

    A locked code lapses like any other. Returns how many; call again until it is 0.
    They stand or fall together, and so does what is told of them. A code that
    somebody is using at this instant, or whose dossier somebody has in hand, is left
    for the next run: nobody is waited for
    (docs/decisions/097-nobody-waits-for-a-batch.md).
    """
    return _lapse(ActivationCode.objects.due_to_lapse(at), at, limit)


@transaction.atomic
def _lapse(due: QuerySet[ActivationCode], at: datetime.datetime, limit: int) -> int:
    # The code's row first, as when a key is activated: two services that take rows
    # in the same order never wait for each other in a circle.
    ours = (
        due.order_by("valid_until")
        .select_related("dossier")
        .select_for_update(skip_locked=True, no_key=True, of=("self", "dossier"))
    )
    codes = list(ours.only(*_OF_CODE)[:limit])
    if not codes:
        return 0
    ActivationCode.objects.filter(AnyOf("pk", [code.pk for code in codes])).update(
        state=CodeState.LAPSED, lapsed_at=at
    )
    _tell(codes, at=at)
    for code in codes:
        code.state, code.lapsed_at = CodeState.LAPSED, at
    codes_ended.send(sender=ActivationCode, codes=codes)
    return len(codes)


def _tell(codes: list[ActivationCode], *, at: datetime.datetime) -> None:
    """Move the dossiers that wait for their key; of others the journal says it."""
    issued: list[Dossier] = []
    others: list[Dossier] = []
    for code in codes:
        is_issued = code.dossier.state == DossierState.CODE_ISSUED
        (issued if is_issued else others).append(code.dossier)
    move_all(issued, to=DossierState.LAPSED, at=at, event=Event.CODE_LAPSED)
    journal.write_all(
        journal.compose(Event.CODE_LAPSED, dossier=dossier) for dossier in others
    )


def expire_keys(*, at: datetime.datetime, limit: int = BATCH) -> int:
    """Expire at most `limit` keys whose ten years are over. Returns how many.

    As `lapse_codes`: together, and without whatever somebody has in hand.
    """
    return _expire(DigitalKey.objects.due_to_expire(at), at, limit)


@transaction.atomic
def _expire(due: QuerySet[DigitalKey], at: datetime.datetime, limit: int) -> int:
    ours = (
        due.order_by("valid_until")
        .select_related("code__dossier")
        .select_for_update(skip_locked=True, no_key=True, of=("self", "code__dossier"))
    )
    keys = list(ours.only(*_OF_KEY)[:limit])
    DigitalKey.objects.filter(AnyOf("pk", [key.pk for key in keys])).update(
        state=KeyState.EXPIRED, expired_at=at
    )
    journal.write_all(
        journal.compose(
            Event.KEY_EXPIRED, {"kind": KeyKind(key.kind)}, dossier=key.code.dossier
        )
        for key in keys
    )
    return len(keys)

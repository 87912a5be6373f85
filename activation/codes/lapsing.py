"""Ending codes after two weeks and keys after ten years.

The end is a column, written when the code was issued or the key activated
(activation.codes.validity), and compared in the database. So a task that runs late ends
everything that is due by then. A row that was ended is no longer due, so running twice
does no harm.
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

# The columns that are needed: a dossier has about forty more.
_OF_DOSSIER: Final = ("office", "state", "code_issued_at")
_OF_CODE: Final = (
    *("state", "valid_until", "frozen_at"),
    *(f"dossier__{column}" for column in _OF_DOSSIER),
)
_OF_KEY: Final = ("kind", *(f"code__dossier__{column}" for column in _OF_DOSSIER))


def lapse_all(*, seconds: float) -> int:
    """Repeat `lapse_codes` until no code is due, for at most `seconds` seconds.

    Returns the number of lapsed codes. When a code cannot be ended, the others still
    are; RowsFailedError is raised at the end, so that the run counts as failed.
    """
    return _end_all(ActivationCode.objects.due_to_lapse, _lapse, seconds=seconds)


def expire_all(*, seconds: float) -> int:
    """Expire keys, in batches, until no key is due; otherwise like `lapse_all`.

    As with `lapse_codes` a batch is one transaction, and leaves out locked rows.
    """
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
        name=end.__name__.strip("_"),
        until=time.monotonic() + seconds,
    )
    ended = sum(batches)
    batches.raise_for_the_bad()
    return ended


def lapse_codes(*, at: datetime.datetime, limit: int = BATCH) -> int:
    """Lapse at most `limit` codes whose two weeks are over, with their dossiers.

    A locked code lapses like any other. Returns the number of lapsed codes; call it
    again until that is 0. The batch and its journal entries are one transaction. A code
    that another transaction has locked, or whose dossier is locked, is left for the
    next run, so that the batch waits for nobody
    (docs/decisions/097-nobody-waits-for-a-batch.md).
    """
    return _lapse(ActivationCode.objects.due_to_lapse(at), at, limit)


@transaction.atomic
def _lapse(due: QuerySet[ActivationCode], at: datetime.datetime, limit: int) -> int:
    # Lock the code's row first, as activation does: services that lock rows in the same
    # order cannot deadlock.
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
    """Move the dossiers whose code is issued to lapsed, with a journal entry.

    A dossier in another state only gets the journal entry.
    """
    issued: list[Dossier] = []
    others: list[Dossier] = []
    for code in codes:
        is_issued = code.dossier.state == DossierState.CODE_ISSUED
        (issued if is_issued else others).append(code.dossier)
    move_all(issued, to=DossierState.LAPSED, at=at, event=Event.CODE_LAPSED)
    journal.write_all(
        journal.compose(Event.CODE_LAPSED, dossier=dossier) for dossier in others
    )


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

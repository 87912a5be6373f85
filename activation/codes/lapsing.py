"""What ends by itself: a code after two weeks, a key after ten years.

Both ends are columns, written when the fact happened (activation.codes.validity), and
compared in the database. A run that comes late does what is due by then; a row
that has been ended is not due any more, so nothing happens twice.
"""

import datetime
import uuid
from typing import Final

from django.db import transaction

from activation.enums import CodeState, KeyKind, KeyState
from activation.models import ActivationCode, DigitalKey
from activation.signals import code_ended
from counter.dossiers.recording import move
from counter.enums import DossierState
from counter.journal import journal
from counter.journal.events import Event

BATCH: Final = 200


def lapse_codes(*, at: datetime.datetime, limit: int = BATCH) -> int:
    """Lapse at most `limit` codes whose two weeks are over, with their dossiers.

    A locked code lapses like any other. Returns how many were looked at; call
    again until it is 0. A code is a transaction, so one in the middle of being
    used delays only itself.
    """
    due = ActivationCode.objects.due_to_lapse(at).order_by("valid_until")
    codes = list(due.values_list("pk", flat=True)[:limit])
    for code in codes:
        _lapse(code, at=at)
    return len(codes)


@transaction.atomic
def _lapse(pk: uuid.UUID, *, at: datetime.datetime) -> None:
    # The code's row first, as when a key is activated: two services that take rows
    # in the same order never wait for each other in a circle.
    due = ActivationCode.objects.due_to_lapse(at).filter(pk=pk)
    if not due.update(state=CodeState.LAPSED, lapsed_at=at):
        return  # Used or replaced a moment ago.
    code = ActivationCode.objects.select_related("dossier__office").get(pk=pk)
    if code.dossier.state == DossierState.CODE_ISSUED:
        move(code.dossier, to=DossierState.LAPSED, at=at, event=Event.CODE_LAPSED)
    else:
        journal.write(Event.CODE_LAPSED, dossier=code.dossier)
    code_ended.send(sender=ActivationCode, code=code)


def expire_keys(*, at: datetime.datetime, limit: int = BATCH) -> int:
    """Expire at most `limit` keys whose ten years are over. Returns how many."""
    due = DigitalKey.objects.due_to_expire(at).order_by("valid_until")
    keys = list(due.select_related("code__dossier__office")[:limit])
    for key in keys:
        _expire(key, at=at)
    return len(keys)


@transaction.atomic
def _expire(key: DigitalKey, *, at: datetime.datetime) -> None:
    due = DigitalKey.objects.due_to_expire(at).filter(pk=key.pk)
    if due.update(state=KeyState.EXPIRED, expired_at=at):
        journal.write(
            Event.KEY_EXPIRED, {"kind": KeyKind(key.kind)}, dossier=key.code.dossier
        )

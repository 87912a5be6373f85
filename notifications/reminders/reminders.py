"""Reminders into the outbox: of a link nobody used, of a key about to end.

Nothing is marked beside the outbox: that a row (kind, subject) is there is the mark,
and the database allows it once (docs/sending.md#reminders).
"""

import datetime
import uuid
from collections.abc import Iterator
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from activation.models import ActivationCode, DigitalKey
from activation.one_time import key_kinds
from activation.querysets import TRIES_A_CODE
from counter.enums import DossierState
from notifications.enums import Channel, Kind
from notifications.models import Delivery
from notifications.outbox import outbox
from notifications.reminders import timing

BATCH: Final = 500
# The id of what it is about, and of the dossier it is filed under.
Due = tuple[uuid.UUID, uuid.UUID]


@transaction.atomic
def put_reminders(*, at: datetime.datetime, limit: int = BATCH) -> int:
    """Put in the reminders that are due, at most `limit` of each kind.

    Returns how many; call again until it is 0. Called twice, at once or years
    later, it puts in nothing that was there.
    """
    put = 0
    for kind, due in _every(at):
        put += _put(kind, list(due[:limit]), at=at)
    return put


def count_due(*, at: datetime.datetime) -> int:
    """How many reminders are due and not in the outbox."""
    return sum(due.count() for _kind, due in _every(at))


def _every(at: datetime.datetime) -> Iterator[tuple[Kind, QuerySet[Any, Due]]]:
    for kind in timing.OF_CODES:
        yield kind, _codes(kind, at=at)
    if settings.KEY_EXPIRY_REMINDERS:
        for kind in timing.OF_KEYS:
            yield kind, _keys(kind, at=at)


def _put(kind: Kind, due: list[Due], *, at: datetime.datetime) -> int:
    outbox.put_all(
        Delivery(
            kind=kind,
            channel=Channel.MAIL,
            subject=subject,
            dossier_id=dossier,
            created_at=at,
            not_before=at,
        )
        for subject, dossier in due
    )
    return len(due)


def _is_in(kind: Kind) -> Exists:
    return Exists(Delivery.objects.filter(kind=kind, subject=OuterRef("pk")))


def _codes(kind: Kind, *, at: datetime.datetime) -> QuerySet[Any, Due]:
    """Live codes whose turn it is; without a try left, the link leads nowhere."""
    start, end = timing.ends_between(kind, at=at)
    codes = ActivationCode.objects.usable(at).filter(
        ~_is_in(kind),
        valid_until__gte=start,
        valid_until__lt=end,
        attempts__lt=TRIES_A_CODE,
        dossier__state=DossierState.CODE_ISSUED,
    )
    reachable = codes.exclude(dossier__email="").order_by("valid_until")
    return reachable.values_list("pk", "dossier")


def _keys(kind: Kind, *, at: datetime.datetime) -> QuerySet[Any, Due]:
    """Active keys whose turn it is and whose holder can still be written to."""
    start, end = timing.ends_between(kind, at=at)
    keys = DigitalKey.objects.active(at).filter(
        ~_is_in(kind),
        ~Q(code__dossier__email="", holder__email="") | Q(kind__in=key_kinds.MAILED),
        valid_until__gte=start,
        valid_until__lt=end,
    )
    in_order = keys.annotate(dossier=F("code__dossier")).order_by("valid_until")
    return in_order.values_list("pk", "dossier")

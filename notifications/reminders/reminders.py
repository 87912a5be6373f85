"""Put reminders into the outbox: of a link that nobody has used, of a key that ends.

Only the outbox shows that somebody was reminded: there is a row with this kind and
subject, and the database allows only one (docs/sending.md#reminders).
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
#: The largest number that is counted of one kind: it says enough.
COUNTED: Final = 1_000
# The id of the code or key, and of the dossier under which the reminder is filed.
Due = tuple[uuid.UUID, uuid.UUID]


@transaction.atomic
def put_reminders(*, at: datetime.datetime, limit: int = BATCH) -> int:
    """Put the due reminders into the outbox, at most `limit` of each kind.

    Returns how many; call it again until it returns 0. A second call, at the same time
    or years later, puts in nothing that is there already.
    """
    put = 0
    for kind, due in _every(at):
        put += _put(kind, list(due[:limit]), at=at)
    return put


def count_due(*, at: datetime.datetime) -> int:
    """How many reminders are due and not in the outbox; at most COUNTED of each kind,
    because each is looked up with its dossier and its holder.
    """
    return sum(due.values("pk")[:COUNTED].count() for _kind, due in _every(at))


def kinds() -> list[Kind]:
    """The kinds of reminder that are switched on."""
    of_keys = timing.OF_KEYS if settings.KEY_EXPIRY_REMINDERS else {}
    return [*timing.OF_CODES, *of_keys]


def going_until(kind: Kind, now: datetime.datetime, until: datetime.datetime) -> int:
    """How many of the present codes or keys will get this reminder between `now` and
    `until`.
    """
    start, _ = timing.ends_between(kind, at=now)
    _, end = timing.ends_between(kind, at=until)
    return _waiting(kind, start, end, at=now).count()


def _every(at: datetime.datetime) -> Iterator[tuple[Kind, QuerySet[Any, Due]]]:
    for kind in kinds():
        yield kind, _waiting(kind, *timing.ends_between(kind, at=at), at=at)


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


def _waiting(
    kind: Kind,
    start: datetime.datetime,
    end: datetime.datetime,
    *,
    at: datetime.datetime,
) -> QuerySet[Any, Due]:
    """The codes or keys that end from `start` until before `end` and were not reminded;
    those that end first come first.
    """
    rows = _codes(at) if kind in timing.OF_CODES else _keys(at)
    ending = rows.filter(~_is_in(kind), valid_until__gte=start, valid_until__lt=end)
    return ending.order_by("valid_until").values_list("pk", "about")


def _codes(at: datetime.datetime) -> QuerySet[Any]:
    """Codes that can be used, and have a mail address and a try left: without a try,
    the link is useless.
    """
    codes = ActivationCode.objects.usable(at).filter(
        attempts__lt=TRIES_A_CODE, dossier__state=DossierState.CODE_ISSUED
    )
    return codes.exclude(dossier__email="").annotate(about=F("dossier"))


def _keys(at: datetime.datetime) -> QuerySet[Any]:
    """Active keys whose holder can still get mail."""
    keys = DigitalKey.objects.active(at).filter(
        ~Q(code__dossier__email="", holder__email="") | Q(kind__in=key_kinds.MAILED)
    )
    return keys.annotate(about=F("code__dossier"))
